/**
 * What OS packages are for:
 *
 *     purposeOf("build-essential")   // build: compiles
 *     purposeOf("tini")              // runtime: starts the program
 *     purposeOf("libfoo")            // unknown: stays, as a decision
 *
 * A name that no rule knows is "unknown", never "build".
 */

import { KIT_TOOLS } from "../base-java.ts";
import { HEADERS } from "../debian-headers.ts";
import { debianLibrary } from "../debian-libraries.ts";

/** `tool`: helps a build or a person at a shell, and run time only where something calls it. */
export type Purpose =
  | { readonly kind: "build" | "runtime" | "tool" | "development"; readonly reason: string }
  | { readonly kind: "unknown" };

const COMPILERS = new Set(
  `build-essential build-base gcc g++ clang llvm make cmake autopoint autotools-dev meson ninja ninja-build autoconf automake libtool libtool-bin m4
   cabal-install stack nim nimble dub ocaml opam ocaml-dune fpc gcc-c++ gcc-gfortran base-devel redhat-rpm-config rpm-build glibc-static kernel-headers bison flex binutils binutils-gold musl-dev libc-dev libc6-dev linux-headers pkg-config pkgconf pkgconfig patch dpkg-dev fakeroot
   gfortran nasm yasm ccache cargo rustc rust go golang golang-go golang-any gccgo default-jdk default-jdk-headless maven gradle
   ant ant-optional sbt leiningen protobuf-compiler protoc upx upx-ucl devscripts debhelper swig re2c dpkg node-gyp python3-dev python-dev
   software-properties-common apt-transport-https apt-utils dirmngr lsb-release gnupg gnupg2 musl-tools libstdc++-dev`.split(
    /\s+/,
  ),
);

/** Needed to fetch or unpack sources, or for node-gyp; run time calls them by name if it does. */
const TOOLS = new Set(
  `hugo git curl wget unzip zip xz-utils xz tar bzip2 gzip jq python python2 python3 python3-minimal python2-minimal py3-pip python3-pip
   python3-setuptools mercurial subversion bzr rsync vim nano less procps htop net-tools iputils-ping dnsutils bind-tools strace lsof
   tree file gawk sudo patch perl npm yarn nodejs nodejs-npm coreutils findutils util-linux telnet netcat netcat-openbsd man-db
   bash-completion locales-all git-lfs openssh`.split(/\s+/),
);

const RUNTIME = new Set(
  `ca-certificates tzdata tini dumb-init su-exec gosu libc6-compat gcompat libstdc++ libgcc libgcc1 libgcc-s1 libstdc++6 locales
   icu-libs icu-data-full musl-locales openssl libssl1.1 libssl3 libcrypto3 supervisor nginx apache2 cron busybox bash
   ffmpeg imagemagick graphicsmagick ghostscript chromium chromium-browser firefox-esr xvfb wkhtmltopdf libvips vips fontconfig
   postgresql-client mysql-client mariadb-client default-mysql-client redis-tools sqlite sqlite3 openssh-client iptables
   cronie dcron runit s6-overlay execline ttf-freefont font-noto freetype harfbuzz nss s6 shadow setpriv acl attr libcap libcap2-bin nfs-common cifs-utils fuse fuse3`.split(
    /\s+/,
  ),
);

/** The purpose of a package by its name, without version. */
export function purposeOf(name: string): Purpose {
  if (COMPILERS.has(name)) return { kind: "build", reason: `"${name}" only builds` };
  if (/^(?:gcc|g\+\+|clang|llvm|golang|openjdk)-?\d[\w.-]*(?:-jdk(?:-headless)?)?$/.test(name) && !/jre/.test(name))
    return { kind: "build", reason: `"${name}" only builds` };
  if (/^openjdk\d+$/.test(name)) return { kind: "build", reason: `"${name}" only builds` };
  if (/-(?:dev|headers|devel)$|^linux-headers/.test(name))
    return { kind: "development", reason: `"${name}" holds headers for compiling` };
  if (RUNTIME.has(name)) return { kind: "runtime", reason: `"${name}" serves at run time` };
  if (/^(?:lib|fonts?-|ttf-)/.test(name))
    return { kind: "runtime", reason: `"${name}" holds libraries or data that programs load` };
  if (TOOLS.has(name)) return { kind: "tool", reason: `"${name}" is a tool` };
  return { kind: "unknown" };
}

/** The executables that a package brings, where they are not called like it. */
const EXECUTABLES: Readonly<Record<string, readonly string[]>> = {
  "ca-certificates": ["update-ca-certificates"],
  "build-base": ["gcc", "g++", "make", "cc", "c++", "ld", "ar", "patch"],
  "build-essential": ["gcc", "g++", "make", "cc", "c++", "ld", "ar", "dpkg-buildpackage"],
  "openssh-client": ["ssh", "scp", "ssh-keygen", "ssh-keyscan", "sftp", "ssh-add", "ssh-agent"],
  openssh: ["ssh", "scp", "ssh-keygen", "ssh-keyscan", "sftp", "sshd"],
  git: ["git"],
  go: ["go", "gofmt"],
  golang: ["go", "gofmt"],
  "golang-go": ["go", "gofmt"],
  nodejs: ["node", "nodejs"],
  "nodejs-npm": ["npm", "npx"],
  npm: ["npm", "npx"],
  procps: ["ps", "top", "pgrep", "pkill", "sysctl", "free"],
  "xz-utils": ["xz", "unxz"],
  imagemagick: ["convert", "identify", "magick", "mogrify"],
  gnupg: ["gpg"],
  "postgresql-client": ["psql", "pg_dump", "pg_restore", "pg_isready"],
  "mysql-client": ["mysql", "mysqldump", "mysqladmin"],
  "default-mysql-client": ["mysql", "mysqldump", "mysqladmin"],
  "mariadb-client": ["mysql", "mysqldump", "mysqladmin", "mariadb"],
  "redis-tools": ["redis-cli"],
  ffmpeg: ["ffmpeg", "ffprobe"],
  shadow: ["useradd", "groupadd", "usermod", "groupmod"],
  gettext: ["envsubst", "msgfmt"],
  "gettext-base": ["envsubst"],
  "netcat-openbsd": ["nc"],
  netcat: ["nc"],
  "libcap2-bin": ["setcap", "getcap"],
  libcap: ["setcap", "getcap"],
  "chromium-browser": ["chromium-browser", "chromium"],
  python3: ["python3"],
  sqlite: ["sqlite3"],
  iptables: ["iptables", "ip6tables"],
  supervisor: ["supervisord", "supervisorctl"],
  cron: ["cron", "crontab"],
  cronie: ["crond", "crontab"],
  dcron: ["crond", "crontab"],
  runit: ["runsvdir", "runsv", "sv", "chpst", "runit-init"],
  s6: ["s6-svscan", "s6-supervise", "s6-setuidgid", "s6-svc"],
  "s6-overlay": ["init", "with-contenv"],
};

/** The commands that a package brings. */
export function executablesOf(name: string): readonly string[] {
  const kit = /^(?:openjdk-?\d+|default|java-[\d.]+-openjdk)(?:-(jdk|jre|devel|headless))?/.exec(name);
  if (kit !== null)
    return kit[1] === "jre" || kit[1] === "headless" ? ["java", "keytool"] : ["java", "keytool", ...KIT_TOOLS];
  return EXECUTABLES[name] ?? [name];
}

/**
 * The runtime environment that stands for a development kit, or for a build tool that brings one:
 * `openjdk-17-jdk-headless` → `openjdk-17-jre-headless` (https://packages.debian.org/openjdk-17-jdk-headless), `openjdk11` → `openjdk11-jre`
 * (https://pkgs.alpinelinux.org/package/edge/community/x86_64/openjdk11).
 */
export function javaRuntimeOf(name: string): string | undefined {
  const debian = /^(openjdk-\d+|default)-jdk(-headless)?$/.exec(name);
  if (debian !== null) return `${debian[1] ?? ""}-jre${debian[2] ?? ""}`;
  const rpm = /^(java-[\d.]+-openjdk(?:-headless)?)-devel$/.exec(name)?.[1];
  if (rpm !== undefined) return rpm;
  const alpine = /^(openjdk\d+)(?:-jdk)?$/.exec(name)?.[1];
  return alpine === undefined ? undefined : `${alpine}-jre`;
}

/** The package that brings a command on a manager's distributions. */
export function packageFor(executable: string, manager: "apt" | "apk"): string | undefined {
  return PROVIDERS[executable]?.[manager];
}

const PROVIDERS: Readonly<Record<string, { readonly apt: string; readonly apk: string }>> = {
  bash: { apt: "bash", apk: "bash" },
  curl: { apt: "curl", apk: "curl" },
  "dumb-init": { apt: "dumb-init", apk: "dumb-init" },
  ffmpeg: { apt: "ffmpeg", apk: "ffmpeg" },
  git: { apt: "git", apk: "git" },
  jq: { apt: "jq", apk: "jq" },
  nc: { apt: "netcat-openbsd", apk: "netcat-openbsd" },
  openssl: { apt: "openssl", apk: "openssl" },
  ps: { apt: "procps", apk: "procps" },
  python3: { apt: "python3", apk: "python3" },
  ssh: { apt: "openssh-client", apk: "openssh-client" },
  tini: { apt: "tini", apk: "tini" },
  wget: { apt: "wget", apk: "wget" },
};

/** The runtime library behind a development package, by manager and release; absent rows are not known. */
interface RuntimeHalf {
  readonly library: string;
  /** Releases for which the name was read; absent: all. */
  readonly releases?: readonly string[];
}

const BEFORE_T64 = ["stretch", "buster", "bullseye", "bookworm"];

/**
 * Debian: the `Depends` of each -dev package on its library (https://packages.debian.org/bookworm/libpq-dev and so on); trixie
 * renamed libraries for 64-bit time (https://wiki.debian.org/ReleaseGoals/64bit-time), so those names are bound to releases.
 * Alpine: the package that the -dev package of the same origin pulls in (https://pkgs.alpinelinux.org/packages).
 */
const RUNTIME_HALVES: Readonly<Record<"apt" | "apk", Readonly<Record<string, RuntimeHalf>>>> = {
  apt: {
    "libpq-dev": { library: "libpq5" },
    "libsqlite3-dev": { library: "libsqlite3-0" },
    "zlib1g-dev": { library: "zlib1g" },
    "libcairo2-dev": { library: "libcairo2" },
    "libpango1.0-dev": { library: "libpangocairo-1.0-0" },
    "libusb-1.0-0-dev": { library: "libusb-1.0-0" },
    "libxml2-dev": { library: "libxml2", releases: ["stretch", "buster", "bullseye", "bookworm", "trixie"] },
    "libpcap-dev": { library: "libpcap0.8", releases: BEFORE_T64 },
    "libzmq3-dev": { library: "libzmq5" },
    "librdkafka-dev": { library: "librdkafka1" },
    "libgpgme-dev": { library: "libgpgme11", releases: BEFORE_T64 },
    "libgpgme11-dev": { library: "libgpgme11", releases: BEFORE_T64 },
    "libdevmapper-dev": { library: "libdevmapper1.02.1" },
    "libseccomp-dev": { library: "libseccomp2" },
    "libsystemd-dev": { library: "libsystemd0" },
    "libudev-dev": { library: "libudev1" },
    "libasound2-dev": { library: "libasound2", releases: BEFORE_T64 },
    "libolm-dev": { library: "libolm3" },
  },
  apk: {
    "sqlite-dev": { library: "sqlite-libs" },
    "zlib-dev": { library: "zlib" },
    "libpcap-dev": { library: "libpcap" },
    "postgresql-dev": { library: "libpq" },
    "cairo-dev": { library: "cairo" },
    "pango-dev": { library: "pango" },
    "vips-dev": { library: "vips" },
    "olm-dev": { library: "olm" },
    "libxml2-dev": { library: "libxml2" },
    "librdkafka-dev": { library: "librdkafka" },
    "zeromq-dev": { library: "libzmq" },
    "libusb-dev": { library: "libusb" },
    "eudev-dev": { library: "eudev-libs" },
    "gpgme-dev": { library: "gpgme" },
    "openssl-dev": { library: "openssl" },
    "libffi-dev": { library: "libffi" },
    "bzip2-dev": { library: "libbz2" },
    "c-ares-dev": { library: "c-ares" },
    "curl-dev": { library: "libcurl" },
    "elfutils-dev": { library: "libelf" },
    "expat-dev": { library: "expat" },
    "file-dev": { library: "libmagic" },
    "fontconfig-dev": { library: "fontconfig" },
    "freetds-dev": { library: "freetds" },
    "freetype-dev": { library: "freetype" },
    "gdk-pixbuf-dev": { library: "gdk-pixbuf" },
    "geos-dev": { library: "geos" },
    "gettext-dev": { library: "libintl" },
    "giflib-dev": { library: "giflib" },
    "glib-dev": { library: "glib" },
    "gmp-dev": { library: "gmp" },
    "hiredis-dev": { library: "hiredis" },
    "icu-dev": { library: "icu-libs" },
    "imap-dev": { library: "c-client" },
    "jansson-dev": { library: "jansson" },
    "jpeg-dev": { library: "libjpeg-turbo" },
    "json-c-dev": { library: "json-c" },
    "krb5-dev": { library: "krb5-libs" },
    "lapack-dev": { library: "lapack" },
    "lcms2-dev": { library: "lcms2" },
    "libcap-dev": { library: "libcap" },
    "libedit-dev": { library: "libedit" },
    "libev-dev": { library: "libev" },
    "libevent-dev": { library: "libevent" },
    "libgit2-dev": { library: "libgit2" },
    "libjpeg-turbo-dev": { library: "libjpeg-turbo" },
    "libmemcached-dev": { library: "libmemcached-libs" },
    "libpng-dev": { library: "libpng" },
    "libpq-dev": { library: "libpq" },
    "librsvg-dev": { library: "librsvg" },
    "libseccomp-dev": { library: "libseccomp" },
    "libsodium-dev": { library: "libsodium" },
    "libssh2-dev": { library: "libssh2" },
    "libuv-dev": { library: "libuv" },
    "libwebp-dev": { library: "libwebp" },
    "libxpm-dev": { library: "libxpm" },
    "libxslt-dev": { library: "libxslt" },
    "libzip-dev": { library: "libzip" },
    "lz4-dev": { library: "lz4-libs" },
    "mariadb-connector-c-dev": { library: "mariadb-connector-c" },
    "mariadb-dev": { library: "mariadb-connector-c" },
    "ncurses-dev": { library: "ncurses-libs" },
    "nghttp2-dev": { library: "nghttp2-libs" },
    "oniguruma-dev": { library: "oniguruma" },
    "openblas-dev": { library: "openblas" },
    "openjpeg-dev": { library: "openjpeg" },
    "openldap-dev": { library: "libldap" },
    "pcre-dev": { library: "pcre" },
    "pcre2-dev": { library: "pcre2" },
    "pixman-dev": { library: "pixman" },
    "protobuf-dev": { library: "libprotobuf" },
    "rabbitmq-c-dev": { library: "rabbitmq-c" },
    "readline-dev": { library: "readline" },
    "snappy-dev": { library: "snappy" },
    "tidyhtml-dev": { library: "tidyhtml-libs" },
    "tiff-dev": { library: "tiff" },
    "unixodbc-dev": { library: "unixodbc" },
    "xz-dev": { library: "xz-libs" },
    "yaml-dev": { library: "yaml" },
    "zstd-dev": { library: "zstd-libs" },
  },
};

/** Headers of Debian, and what `-l` calls their library, where its package has another name from release to release. */
const HEADERS_OF: Readonly<Record<string, string>> = {
  "default-libmysqlclient-dev": "mariadb",
  "libbz2-dev": "bz2",
  "libcurl4-openssl-dev": "curl",
  "libdbus-1-dev": "dbus-1",
  "libexpat1-dev": "expat",
  "libfontconfig-dev": "fontconfig",
  "libfontconfig1-dev": "fontconfig",
  "libfreetype-dev": "freetype",
  "libfreetype6-dev": "freetype",
  "liblzma-dev": "lzma",
  "libmariadb-dev": "mariadb",
  "libonig-dev": "onig",
  "libpcre2-dev": "pcre2-8",
  "libreadline-dev": "readline",
  "libsodium-dev": "sodium",
  "libssh2-1-dev": "ssh2",
  "libssl-dev": "ssl",
  "libyaml-dev": "yaml",
  "uuid-dev": "uuid",
};

/** The packages with the shared libraries of a development package; `undefined` when they are not known for this release. */
export function runtimeHalvesOf(
  name: string,
  manager: "apt" | "apk",
  codename: string | undefined,
): readonly string[] | undefined {
  const rows = manager === "apt" && Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined;
  const read = rows?.find(([releases]) => releases.split(" ").includes(codename ?? ""));
  if (read !== undefined) return read[1].split(" ");
  const half = Object.hasOwn(RUNTIME_HALVES[manager], name) ? RUNTIME_HALVES[manager][name] : undefined;
  if (half === undefined) {
    const library = manager === "apt" ? debianLibrary(HEADERS_OF[name] ?? "", codename) : undefined;
    return library === undefined ? undefined : [library];
  }
  if (half.releases !== undefined && (codename === undefined || !half.releases.includes(codename))) return undefined;
  return [half.library];
}

/** What programs that a compiler made load of it (https://pkgs.alpinelinux.org/package/edge/main/x86_64/g++ and so on). */
const COMPILER_LIBRARIES: Readonly<Record<"apt" | "apk", Readonly<Record<string, string>>>> = {
  apt: { gfortran: "libgfortran5" },
  apk: { "build-base": "libstdc++", "g++": "libstdc++", gfortran: "libgfortran", clang: "libstdc++" },
};

/** The package that stands for a compiler at run time: Debian's smallest images have the C and C++ ones, Alpine's have neither. */
export function compilerLibrary(name: string, manager: "apt" | "apk"): string | undefined {
  return Object.hasOwn(COMPILER_LIBRARIES[manager], name) ? COMPILER_LIBRARIES[manager][name] : undefined;
}
