/**
 * The packages of Debian that hold shared libraries, by release:
 *
 *     debianLibrary("ssl", "bookworm")     "libssl3"; "libssl1.1" before, "libssl3t64" in trixie
 *
 * Keys are what `-l` names. Read from https://packages.debian.org on 2026-11-26; trixie renamed some for 64-bit time
 * (https://wiki.debian.org/ReleaseGoals/64bit-time).
 */
type ByRelease = Readonly<Record<string, string>>;

const everywhere = (name: string): ByRelease => ({ buster: name, bullseye: name, bookworm: name, trixie: name });
const renamed = (name: string): ByRelease => ({ ...everywhere(name), trixie: `${name}t64` });
const SSL = { buster: "libssl1.1", bullseye: "libssl1.1", bookworm: "libssl3", trixie: "libssl3t64" };

const LIBRARIES: Readonly<Record<string, ByRelease>> = {
  asound: renamed("libasound2"),
  atomic: everywhere("libatomic1"),
  bz2: everywhere("libbz2-1.0"),
  crypt: everywhere("libcrypt1"),
  crypto: SSL,
  curl: renamed("libcurl4"),
  "dbus-1": everywhere("libdbus-1-3"),
  expat: everywhere("libexpat1"),
  fontconfig: everywhere("libfontconfig1"),
  freetype: everywhere("libfreetype6"),
  gomp: everywhere("libgomp1"),
  lzma: everywhere("liblzma5"),
  mariadb: everywhere("libmariadb3"),
  ncurses: everywhere("libncurses6"),
  ncursesw: everywhere("libncursesw6"),
  onig: everywhere("libonig5"),
  "pcre2-8": everywhere("libpcre2-8-0"),
  pcre: { buster: "libpcre3", bullseye: "libpcre3", bookworm: "libpcre3" },
  pq: everywhere("libpq5"),
  readline: { ...everywhere("libreadline8"), buster: "libreadline7", trixie: "libreadline8t64" },
  sodium: everywhere("libsodium23"),
  sqlite3: everywhere("libsqlite3-0"),
  ssh2: renamed("libssh2-1"),
  ssl: SSL,
  tinfo: everywhere("libtinfo6"),
  udev: everywhere("libudev1"),
  "usb-1.0": everywhere("libusb-1.0-0"),
  uuid: everywhere("libuuid1"),
  xml2: everywhere("libxml2"),
  yaml: everywhere("libyaml-0-2"),
  z: everywhere("zlib1g"),
  zmq: everywhere("libzmq5"),
};

/** `undefined` where the library or the release is not known. */
export function debianLibrary(name: string, release: string | undefined): string | undefined {
  return release === undefined || !Object.hasOwn(LIBRARIES, name) ? undefined : LIBRARIES[name]?.[release];
}
