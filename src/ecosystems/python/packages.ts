/**
 * Packages of Python that need more than Python where they run:
 *
 *     psycopg2      compiled against libpq, and links to it
 *     lightgbm      its wheel loads libgomp
 *     pydub         starts ffmpeg
 *
 * Only what the full images hold matters, since what a Dockerfile installs by name is planned by its own name. Wheels for Linux bring
 * most libraries with them (https://peps.python.org/pep-0513/), so only packages without wheels, or that load a library by its name,
 * have a row. Each row says where that was read.
 */
import { type LibraryFact, type LibraryNeeds, libraryNeeds } from "../library-facts.ts";

const checked = "2026-11-26";

function links(source: string, ...names: readonly string[]): LibraryFact {
  return { links: names, source, checked };
}

function starts(source: string, ...names: readonly string[]): LibraryFact {
  return { starts: names, source, checked };
}

const FACTS: Readonly<Record<string, LibraryFact>> = {
  cairocffi: links("https://doc.courtbouillon.org/cairocffi/stable/overview.html#installing", "?"),
  cairosvg: links("https://cairosvg.org/documentation/#installation", "?"),
  "dbus-python": links("https://dbus.freedesktop.org/doc/dbus-python/news.html", "dbus-1"),
  "ffmpeg-python": starts("https://github.com/kkroening/ffmpeg-python#installation", "ffmpeg"),
  gdal: links("https://pypi.org/project/GDAL/#dependencies", "?"),
  gitpython: starts("https://gitpython.readthedocs.io/en/stable/intro.html#requirements", "git"),
  lightgbm: links("https://github.com/microsoft/LightGBM/blob/HEAD/python-package/README.rst", "gomp"),
  m2crypto: links("https://gitlab.com/m2crypto/m2crypto/-/blob/master/INSTALL.rst", "ssl"),
  moviepy: starts("https://zulko.github.io/moviepy/getting_started/install.html", "ffmpeg"),
  mysqlclient: links("https://github.com/PyMySQL/mysqlclient#linux", "mariadb"),
  pdf2image: starts("https://github.com/Belval/pdf2image#how-to-install", "pdftoppm"),
  psycopg: links("https://www.psycopg.org/psycopg3/docs/basic/install.html#pure-python-installation", "pq"),
  psycopg2: links("https://www.psycopg.org/docs/install.html#build-prerequisites", "pq"),
  pyaudio: links("https://people.csail.mit.edu/hubert/pyaudio/", "?"),
  pycairo: links("https://pycairo.readthedocs.io/en/latest/getting_started.html", "?"),
  pycurl: links("http://pycurl.io/docs/latest/install.html", "curl", "ssl"),
  pydub: starts("https://github.com/jiaaro/pydub#dependencies", "ffmpeg"),
  pyenchant: links("https://pyenchant.github.io/pyenchant/install.html", "?"),
  pygobject: links("https://pygobject.gnome.org/getting_started.html", "?"),
  pygraphviz: links("https://pygraphviz.github.io/documentation/stable/install.html", "?"),
  pylibmc: links("https://sendapatch.se/projects/pylibmc/install.html", "?"),
  pytesseract: starts("https://github.com/madmaze/pytesseract#installation", "tesseract"),
  "python-ldap": links("https://www.python-ldap.org/en/latest/installing.html#build-prerequisites", "?"),
  "python-magic": links("https://github.com/ahupp/python-magic#installation", "?"),
  rpy2: links("https://rpy2.github.io/doc/latest/html/overview.html#requirements", "?"),
  // XML and regular expressions are found while it is compiled (its buildconf/default.ini); which PCRE depends on the version.
  uwsgi: links("https://uwsgi-docs.readthedocs.io/en/latest/Install.html", "pcre", "pcre2-8", "xml2"),
  wand: links("https://docs.wand-py.org/en/latest/guide/install.html", "?"),
  weasyprint: links("https://doc.courtbouillon.org/weasyprint/stable/first_steps.html#linux", "?"),
  xmlsec: links("https://xmlsec.readthedocs.io/en/stable/install.html", "?"),
};

export function packageNeeds(names: readonly string[]): LibraryNeeds {
  return libraryNeeds(names, FACTS);
}
