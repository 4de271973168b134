/**
 * Packages with compiled parts, and what these need beside libc and the C++ library that Node itself brings.
 *
 *     nativeNeeds(["canvas"])     // { native: ["canvas"], systemLibraries: ["canvas"], executables: [], packages: [] }
 *
 * Names and facts are from each package's README and binding.gyp (https://www.npmjs.com/package/<name>, 2026-11-24). Compiled
 * packages that are not here are taken to carry what they need, as most do.
 */

interface NativeFact {
  /** Links libraries of the operating system that the slim images lack. */
  readonly links?: boolean;
  /** Starts programs by name. */
  readonly starts?: readonly string[];
  /** Debian packages that it needs where it runs. */
  readonly packages?: readonly string[];
  /** Generates code into `node_modules` at build time. */
  readonly generates?: boolean;
}

const COMPILED: NativeFact = {};
const LINKS: NativeFact = { links: true };

const FACTS: Readonly<Record<string, NativeFact>> = {
  "@prisma/client": { packages: ["openssl"], generates: true },
  prisma: { packages: ["openssl"], generates: true },
  argon2: COMPILED,
  bcrypt: COMPILED,
  "better-sqlite3": COMPILED,
  bufferutil: COMPILED,
  canvas: LINKS,
  chromedriver: LINKS,
  electron: LINKS,
  "ffi-napi": COMPILED,
  "fluent-ffmpeg": { starts: ["ffmpeg"] },
  gl: LINKS,
  gm: { starts: ["gm", "convert"] },
  ibm_db: LINKS,
  imagemagick: { starts: ["convert"] },
  "imagemagick-native": LINKS,
  kerberos: LINKS,
  leveldown: COMPILED,
  libpq: LINKS,
  libxmljs: COMPILED,
  "node-expat": COMPILED,
  "node-hid": LINKS,
  "node-pty": COMPILED,
  "node-rdkafka": LINKS,
  "node-sass": COMPILED,
  "node-tesseract-ocr": { starts: ["tesseract"] },
  nodegit: LINKS,
  odbc: LINKS,
  oracledb: LINKS,
  "pg-native": LINKS,
  playwright: LINKS,
  "playwright-core": LINKS,
  "phantomjs-prebuilt": LINKS,
  puppeteer: LINKS,
  re2: COMPILED,
  robotjs: LINKS,
  serialport: COMPILED,
  sharp: COMPILED,
  "simple-git": { starts: ["git"] },
  "sodium-native": COMPILED,
  speaker: LINKS,
  sqlite3: COMPILED,
  snappy: COMPILED,
  usb: LINKS,
  "utf-8-validate": COMPILED,
  wkhtmltopdf: { starts: ["wkhtmltopdf"] },
  zeromq: COMPILED,
};

export interface NativeNeeds {
  /** Packages with compiled parts. */
  readonly native: readonly string[];
  /** Those that link libraries of the operating system. */
  readonly systemLibraries: readonly string[];
  readonly executables: readonly (readonly [package_: string, program: string])[];
  readonly packages: readonly (readonly [package_: string, debian: string])[];
  /** Those whose code is generated into `node_modules`, which a fresh install would not do. */
  readonly generated: readonly string[];
}

/** What the named packages need beside their JavaScript. */
export function nativeNeeds(names: readonly string[]): NativeNeeds {
  const known = names.flatMap((name) => (Object.hasOwn(FACTS, name) ? [[name, FACTS[name] ?? COMPILED] as const] : []));
  return {
    native: known.filter(([, fact]) => fact === COMPILED || fact.links === true).map(([name]) => name),
    systemLibraries: known.filter(([, fact]) => fact.links === true).map(([name]) => name),
    executables: known.flatMap(([name, fact]) => (fact.starts ?? []).map((program) => [name, program] as const)),
    packages: known.flatMap(([name, fact]) => (fact.packages ?? []).map((debian) => [name, debian] as const)),
    generated: known.filter(([, fact]) => fact.generates === true).map(([name]) => name),
  };
}
