/**
 * Libraries of the system that crates link to, out of the lock file:
 *
 *     openssl-sys                    libssl3 (libssl1.1 before bookworm), unless openssl-src builds its own
 *     pq-sys                         libpq5
 *     ring, zstd-sys, aws-lc-sys     nothing: they compile their own C code into the program
 *     foo-sys                        not known
 *
 * libgit2-sys and libnghttp2-sys libsodium-sys-stable take a library of the system only where its headers are installed, which no image of Rust has.
 * By Cargo's convention, a crate that binds a library of the system ends in `-sys`
 * (https://doc.rust-lang.org/cargo/reference/build-scripts.html#-sys-packages).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import { debianLibrary } from "../debian-libraries.ts";
import type { ImageView } from "../ecosystem.ts";
import { readToml } from "./manifest.ts";

export interface NativeLibraries {
  /** Packages of Debian that hold the libraries. */
  readonly packages: readonly string[];
  /** Crates whose libraries are not known. */
  readonly unknown: readonly string[];
}

/** Crates, and what `-l` calls the library that they bind. */
const LIBRARIES: Readonly<Record<string, string>> = {
  "alsa-sys": "asound",
  "bzip2-sys": "bz2",
  "curl-sys": "curl",
  "expat-sys": "expat",
  "freetype-sys": "freetype",
  "libdbus-sys": "dbus-1",
  "libsodium-sys": "sodium",
  "libsqlite3-sys": "sqlite3",
  "libssh2-sys": "ssh2",
  "libudev-sys": "udev",
  "libusb1-sys": "usb-1.0",
  "libz-sys": "z",
  "lzma-sys": "lzma",
  "mysqlclient-sys": "mariadb",
  onig_sys: "onig",
  "openssl-sys": "ssl",
  "pq-sys": "pq",
  "servo-fontconfig-sys": "fontconfig",
  "yeslogic-fontconfig-sys": "fontconfig",
  "zmq-sys": "zmq",
};

/** They build what they bind, or need nothing on Linux. */
const OWN = new Set(
  `android_log-sys MacTypes-sys aotuv_lancer_vorbis_sys aws-lc-fips-sys aws-lc-sys blosc-sys boring-sys bzip3-sys clang-sys core-foundation-sys coreaudio-sys cryptonite-sys dirs-sys
   dirs-sys-next fsevent-sys fuchsia-zircon-sys hermit-sys inotify-sys io-kit-sys jemalloc-sys jni-sys js-sys kernel32-sys kqueue-sys libbz2-rs-sys libduckdb-sys libfuzzer-sys libgit2-sys libmdbx-sys
   libnghttp2-sys
   librocksdb-sys linux-raw-sys lmdb-rkv-sys lmdb-sys lz4-sys mimalloc-sys ndk-sys ntapi objc-sys ogg_next_sys psm rdkafka-sys renderdoc-sys ring
   secp256k1-sys security-framework-sys snmalloc-sys system-configuration-sys tikv-jemalloc-sys wasi web-sys wepoll-sys winapi-build
   winreg-sys windows-sys ws2_32-sys zstd-sys`.split(/\s+/),
);

/** What is called a `-sys` crate, and crates that link to a library of the system without the name. */
const BINDS =
  /[-_]sys(?:[-_][\w-]+)?$|^(?:hidapi|intel-mkl-src|netlib-src|openblas-src|opencv|pcap|pyo3-ffi|(?:leptonica|tesseract)-plumbing)$/;

/** Undefined where there is no lock file that could say it. */
export function nativeLibraries(root: ImagePath, image: ImageView): NativeLibraries | undefined {
  const lock = readToml(imagePath("Cargo.lock", root), image);
  if (lock === undefined || !Array.isArray(lock.package)) return undefined;
  const names = new Set(
    lock.package.flatMap((one: { readonly name?: unknown }) => (typeof one?.name === "string" ? [one.name] : [])),
  );
  const release = image.base.distribution?.codename;
  const packages: string[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const library = LIBRARIES[name];
    if (library === undefined) {
      if (BINDS.test(name) && !OWN.has(name)) unknown.push(name);
    } else if (name !== "openssl-sys" || !names.has("openssl-src")) {
      const known = debianLibrary(library, release);
      if (known === undefined) unknown.push(name);
      else packages.push(known);
    }
  }
  // RocksDB is written in C++.
  if (names.has("librocksdb-sys")) packages.push("libstdc++6");
  return { packages: [...new Set(packages)].sort(), unknown: unknown.sort() };
}
