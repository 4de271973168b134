/**
 * Libraries of the system that crates link to, out of the lock file:
 *
 *     openssl-sys                    libssl3 (libssl1.1 before bookworm), unless openssl-src builds its own
 *     pq-sys                         libpq5
 *     ring, zstd-sys, aws-lc-sys     nothing: they compile their own C code into the program
 *     foo-sys                        not known
 *
 * libgit2-sys and libnghttp2-sys take a library of the system only where its headers are installed, which no image of Rust has.
 * By Cargo's convention, a crate that binds a library of the system ends in `-sys`
 * (https://doc.rust-lang.org/cargo/reference/build-scripts.html#-sys-packages). Package names: https://packages.debian.org, read
 * 2026-11-26; trixie renamed some for 64-bit time (https://wiki.debian.org/ReleaseGoals/64bit-time).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { readToml } from "./manifest.ts";

export interface NativeLibraries {
  /** Packages of Debian that hold the libraries. */
  readonly packages: readonly string[];
  /** Crates whose libraries are not known. */
  readonly unknown: readonly string[];
}

type ByRelease = Readonly<Record<string, string>>;

const SSL = { buster: "libssl1.1", bullseye: "libssl1.1", bookworm: "libssl3", trixie: "libssl3t64" };
const everywhere = (name: string): ByRelease => ({ buster: name, bullseye: name, bookworm: name, trixie: name });
const renamed = (name: string): ByRelease => ({ ...everywhere(name), trixie: `${name}t64` });

const LIBRARIES: Readonly<Record<string, ByRelease>> = {
  "alsa-sys": renamed("libasound2"),
  "bzip2-sys": everywhere("libbz2-1.0"),
  "curl-sys": renamed("libcurl4"),
  "expat-sys": everywhere("libexpat1"),
  "freetype-sys": everywhere("libfreetype6"),
  "libdbus-sys": everywhere("libdbus-1-3"),
  "libsodium-sys": everywhere("libsodium23"),
  "libsqlite3-sys": everywhere("libsqlite3-0"),
  "libssh2-sys": renamed("libssh2-1"),
  "libudev-sys": everywhere("libudev1"),
  "libusb1-sys": everywhere("libusb-1.0-0"),
  "libz-sys": everywhere("zlib1g"),
  "lzma-sys": everywhere("liblzma5"),
  "mysqlclient-sys": everywhere("libmariadb3"),
  onig_sys: everywhere("libonig5"),
  "openssl-sys": SSL,
  "pq-sys": everywhere("libpq5"),
  "servo-fontconfig-sys": everywhere("libfontconfig1"),
  "yeslogic-fontconfig-sys": everywhere("libfontconfig1"),
  "zmq-sys": everywhere("libzmq5"),
};

/** They build what they bind, or need nothing on Linux. */
const OWN = new Set(
  `android_log-sys MacTypes-sys aotuv_lancer_vorbis_sys aws-lc-fips-sys aws-lc-sys blosc-sys boring-sys bzip3-sys core-foundation-sys coreaudio-sys cryptonite-sys dirs-sys
   dirs-sys-next fsevent-sys fuchsia-zircon-sys hermit-sys inotify-sys io-kit-sys jemalloc-sys jni-sys js-sys kernel32-sys kqueue-sys libbz2-rs-sys libduckdb-sys libfuzzer-sys libgit2-sys libmdbx-sys
   libnghttp2-sys
   librocksdb-sys linux-raw-sys lmdb-rkv-sys lmdb-sys lz4-sys mimalloc-sys ndk-sys ntapi objc-sys ogg_next_sys psm rdkafka-sys renderdoc-sys ring
   secp256k1-sys security-framework-sys snmalloc-sys system-configuration-sys tikv-jemalloc-sys wasi web-sys wepoll-sys winapi-build
   winreg-sys windows-sys ws2_32-sys zstd-sys`.split(/\s+/),
);

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
      if (/[-_]sys$/.test(name) && !OWN.has(name)) unknown.push(name);
    } else if (name !== "openssl-sys" || !names.has("openssl-src")) {
      const known = release === undefined ? undefined : library[release];
      if (known === undefined) unknown.push(name);
      else packages.push(known);
    }
  }
  // RocksDB is written in C++.
  if (names.has("librocksdb-sys")) packages.push("libstdc++6");
  return { packages: [...new Set(packages)].sort(), unknown: unknown.sort() };
}
