from setuptools import Extension, setup

setup(name="tidesum", version="1.0", ext_modules=[Extension("tidesum", ["tidesum.c"])])
