from setuptools import Extension, setup

setup(name="turnstile", version="1.0", ext_modules=[Extension("turnstile", ["turnstile.c"])])
