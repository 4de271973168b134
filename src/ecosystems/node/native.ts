/**
 * Packages with compiled parts or programs, and what these need beside libc and the C++ library that Node itself brings.
 *
 *     nativeNeeds(["canvas"])              // { native: ["canvas"], systemLibraries: ["canvas"], executables: [], … }
 *     nativeNeeds(["a"], ["a"])            // { systemLibraries: ["a"], … }: an install script that nobody looked at
 *
 * Each row says where its fact was read. A package that runs an install script and has no row may link anything, so it counts as
 * linking libraries of the system; so do the names below that are known to be compiled but were not looked up.
 */
import type { Source } from "../base-images.ts";

interface NativeFact extends Source {
  /** Holds compiled code. */
  readonly compiled?: boolean;
  /** Links libraries of the operating system, or runs a program that does. */
  readonly links?: boolean;
  /** Starts programs by name. */
  readonly starts?: readonly string[];
  /** Debian packages that it needs where it runs. */
  readonly packages?: readonly string[];
  /** Generates code into `node_modules` at build time. */
  readonly generates?: boolean;
}

const checked = "2026-11-24";

/** A `binding.gyp` that names no library of the system. */
function bundled(repository: string, file = "binding.gyp"): NativeFact {
  return { compiled: true, source: `https://github.com/${repository}/blob/HEAD/${file}`, checked };
}

/** One that names some. */
function links(repository: string, file = "binding.gyp"): NativeFact {
  return { ...bundled(repository, file), links: true };
}

const PRISMA: NativeFact = {
  packages: ["openssl"],
  generates: true,
  source: "https://www.prisma.io/docs/orm/reference/system-requirements",
  checked,
};

const FACTS: Readonly<Record<string, NativeFact>> = {
  "@prisma/client": PRISMA,
  argon2: bundled("ranisalt/node-argon2"),
  bcrypt: bundled("kelektiv/node.bcrypt.js"),
  "better-sqlite3": bundled("WiseLibs/better-sqlite3"),
  bufferutil: bundled("websockets/bufferutil"),
  canvas: links("Automattic/node-canvas"),
  "cpu-features": bundled("mscdex/cpu-features"),
  kerberos: links("mongodb-js/kerberos"),
  leveldown: bundled("Level/leveldown"),
  libpq: links("brianc/node-libpq"),
  "msgpackr-extract": bundled("kriszyp/msgpackr-extract"),
  "node-rdkafka": links("Blizzard/node-rdkafka"),
  prisma: PRISMA,
  puppeteer: links("puppeteer/puppeteer", "docs/troubleshooting.md"),
  // Its libvips lies in node_modules.
  sharp: bundled("lovell/sharp", "docs/install.md"),
  // With `--sqlite=…` it links the system's instead; the default is its own.
  sqlite3: bundled("TryGhost/node-sqlite3"),
  "utf-8-validate": bundled("websockets/utf-8-validate"),
};

function script(repository: string, file: string): Source {
  return { source: `https://github.com/${repository}/blob/HEAD/${file}`, checked };
}

/** Install scripts that only print or check, or put a program in place that needs nothing of the system. */
const HARMLESS: Readonly<Record<string, Source>> = {
  "@nestjs/core": script("nestjs/nest", "packages/core/package.json"),
  "core-js": script("zloirock/core-js", "packages/core-js/postinstall.js"),
  "core-js-bundle": script("zloirock/core-js", "packages/core-js/postinstall.js"),
  "core-js-pure": script("zloirock/core-js", "packages/core-js/postinstall.js"),
  esbuild: script("evanw/esbuild", "lib/npm/node-install.ts"),
  nodemon: script("remy/nodemon", "bin/postinstall.js"),
  protobufjs: script("protobufjs/protobuf.js", "scripts/postinstall.js"),
  "styled-components": script("styled-components/styled-components", "packages/styled-components/postinstall.js"),
};

/** Compiled, or bringing a program of its own, by what their names are known for; not looked up, so taken to link the system's libraries. */
const UNVERIFIED: ReadonlySet<string> = new Set(
  `chromedriver electron ffi-napi gl ibm_db imagemagick-native libxmljs libxmljs2 node-expat node-hid node-pty node-sass nodegit
  odbc oracledb pg-native phantomjs phantomjs-prebuilt playwright playwright-core playwright-chromium puppeteer-core re2 robotjs
  serialport snappy sodium-native speaker usb zeromq`.split(/\s+/),
);

/** Libraries that start programs which their names tell. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  "fluent-ffmpeg": ["ffmpeg"],
  gm: ["gm", "convert"],
  imagemagick: ["convert"],
  "node-tesseract-ocr": ["tesseract"],
  "simple-git": ["git"],
  wkhtmltopdf: ["wkhtmltopdf"],
};

export interface NativeNeeds {
  /** Packages with compiled parts. */
  readonly native: readonly string[];
  /** Those that link libraries of the operating system, or may. */
  readonly systemLibraries: readonly string[];
  readonly executables: readonly (readonly [package_: string, program: string])[];
  readonly packages: readonly (readonly [package_: string, debian: string])[];
  /** Those whose code is generated into `node_modules`, which a fresh install would not do. */
  readonly generated: readonly string[];
}

/** What the named packages need beside their JavaScript; `installs` are those of them that run an install script. */
export function nativeNeeds(names: readonly string[], installs: readonly string[] = []): NativeNeeds {
  const known = names.flatMap((name) => {
    const fact = Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
    return fact === undefined ? [] : [[name, fact] as const];
  });
  const unknown = names.filter((name) => UNVERIFIED.has(name) || (installs.includes(name) && !isKnown(name)));
  return {
    native: [...known.filter(([, fact]) => fact.compiled === true).map(([name]) => name), ...unknown],
    systemLibraries: [...known.filter(([, fact]) => fact.links === true).map(([name]) => name), ...unknown],
    executables: names.flatMap((name) =>
      Object.hasOwn(STARTS, name) ? (STARTS[name] ?? []).map((program) => [name, program] as const) : [],
    ),
    packages: known.flatMap(([name, fact]) => (fact.packages ?? []).map((debian) => [name, debian] as const)),
    generated: known.filter(([, fact]) => fact.generates === true).map(([name]) => name),
  };
}

function isKnown(name: string): boolean {
  return Object.hasOwn(FACTS, name) || Object.hasOwn(HARMLESS, name);
}
