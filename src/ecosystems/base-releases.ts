/**
 * Which distribution release an official image's version was built on when its plain or `-alpine` tag last moved:
 *
 *     releaseOf(GO_DEBIAN, "1.22")     // "bookworm": the last one that "golang:1.22" meant
 *     releaseOf(GO_DEBIAN, "1.20.3")   // "bullseye": the one of that patch version
 *
 * Read from the history of the library files of docker-library/official-images. A row holds from its version up to the next.
 */
export interface ReleaseTable {
  readonly rows: readonly (readonly [version: string, release: string])[];
  /** The newest version that the table was made from; a newer one is not known. */
  readonly last: string;
  readonly source: string;
  readonly checked: string;
}

const OFFICIAL = {
  gcc: "https://github.com/docker-library/official-images/commits/master/library/gcc",
  golang: "https://github.com/docker-library/official-images/commits/master/library/golang",
  node: "https://github.com/docker-library/official-images/commits/master/library/node",
  rust: "https://github.com/docker-library/official-images/commits/master/library/rust",
};

export const GCC_DEBIAN: ReleaseTable = {
  source: OFFICIAL.gcc,
  checked: "2026-11-26",
  last: "16.2",
  rows: [
    ["8.4.0", "buster"],
    ["9.5.0", "bullseye"],
    ["10.1.0", "buster"],
    ["10.4.0", "bullseye"],
    ["12.3.0", "bookworm"],
    ["14.3.0", "trixie"],
    ["15.1.0", "bookworm"],
    ["15.2.0", "trixie"],
  ],
};

export const RUST_DEBIAN: ReleaseTable = {
  source: OFFICIAL.rust,
  checked: "2026-11-26",
  last: "1.98",
  rows: [
    ["1.19.0", "stretch"],
    ["1.37.0", "buster"],
    ["1.55.0", "bullseye"],
    ["1.72.0", "bookworm"],
    ["1.89.0", "trixie"],
  ],
};

export const RUST_ALPINE: ReleaseTable = {
  source: OFFICIAL.rust,
  checked: "2026-11-26",
  last: "1.98",
  rows: [
    ["1.37.0", "3.10"],
    ["1.41.0", "3.11"],
    ["1.44.1", "3.12"],
    ["1.50.0", "3.13"],
    ["1.54.0", "3.14"],
    ["1.58.0", "3.15"],
    ["1.61.0", "3.16"],
    ["1.66.0", "3.17"],
    ["1.70.0", "3.18"],
    ["1.75.0", "3.19"],
    ["1.78.0", "3.20"],
    ["1.83.0", "3.21"],
    ["1.87.0", "3.22"],
    ["1.91.1", "3.23"],
    ["1.96.0", "3.24"],
  ],
};

export const GO_DEBIAN: ReleaseTable = {
  source: OFFICIAL.golang,
  checked: "2026-11-24",
  last: "1.27",
  rows: [
    ["1.7.6", "jessie"],
    ["1.9.0", "stretch"],
    ["1.11.12", "buster"],
    ["1.12.0", "stretch"],
    ["1.12.7", "buster"],
    ["1.16.7", "bullseye"],
    ["1.19.10", "bookworm"],
    ["1.20.0", "bullseye"],
    ["1.20.5", "bookworm"],
    ["1.24.6", "trixie"],
  ],
};

export const GO_ALPINE: ReleaseTable = {
  source: OFFICIAL.golang,
  checked: "2026-11-24",
  last: "1.27",
  rows: [
    ["1.7.6", "3.4"],
    ["1.8.3", "3.5"],
    ["1.9.0", "3.6"],
    ["1.9.7", "3.8"],
    ["1.10.0", "3.7"],
    ["1.10.3", "3.8"],
    ["1.10.8", "3.9"],
    ["1.11.0", "3.8"],
    ["1.11.5", "3.9"],
    ["1.11.11", "3.10"],
    ["1.12.0", "3.9"],
    ["1.12.6", "3.10"],
    ["1.12.14", "3.11"],
    ["1.13.0", "3.10"],
    ["1.13.5", "3.11"],
    ["1.13.12", "3.12"],
    ["1.14.0", "3.11"],
    ["1.14.4", "3.12"],
    ["1.14.13", "3.13"],
    ["1.15.0", "3.12"],
    ["1.15.6", "3.13"],
    ["1.15.13", "3.14"],
    ["1.16.0", "3.13"],
    ["1.16.5", "3.14"],
    ["1.16.10", "3.15"],
    ["1.17.0", "3.14"],
    ["1.17.3", "3.15"],
    ["1.17.10", "3.16"],
    ["1.18.0", "3.15"],
    ["1.18.2", "3.16"],
    ["1.18.8", "3.17"],
    ["1.19.0", "3.16"],
    ["1.19.3", "3.17"],
    ["1.19.9", "3.18"],
    ["1.20.0", "3.17"],
    ["1.20.4", "3.18"],
    ["1.20.12", "3.19"],
    ["1.21.0", "3.18"],
    ["1.21.5", "3.19"],
    ["1.21.10", "3.20"],
    ["1.22.0", "3.19"],
    ["1.22.3", "3.20"],
    ["1.22.10", "3.21"],
    ["1.23.0", "3.20"],
    ["1.23.4", "3.21"],
    ["1.23.9", "3.22"],
    ["1.24.0", "3.21"],
    ["1.24.3", "3.22"],
    ["1.24.11", "3.23"],
    ["1.25.0", "3.22"],
    ["1.25.5", "3.23"],
    ["1.25.11", "3.24"],
    ["1.26.0", "3.23"],
    ["1.26.4", "3.24"],
  ],
};

export const NODE_DEBIAN: ReleaseTable = {
  source: OFFICIAL.node,
  checked: "2026-11-24",
  last: "26",
  rows: [
    ["6.14.2", "jessie"],
    ["6.14.4", "stretch"],
    ["8.11.2", "jessie"],
    ["8.13.0", "stretch"],
    ["9.11.1", "jessie"],
    ["10.13.0", "stretch"],
    ["14.19.3", "buster"],
    ["15.0.0", "stretch"],
    ["16.0.0", "buster"],
    ["17.0.0", "bullseye"],
    ["18.16.0", "bookworm"],
    ["19.0.0", "bullseye"],
    ["20.3.0", "bookworm"],
    ["26.0.0", "trixie"],
  ],
};

export const NODE_ALPINE: ReleaseTable = {
  source: OFFICIAL.node,
  checked: "2026-11-24",
  last: "26",
  rows: [
    ["8.16.2", "3.10"],
    ["8.17.0", "3.11"],
    ["10.17.0", "3.10"],
    ["10.18.0", "3.11"],
    ["12.13.0", "3.10"],
    ["12.14.0", "3.11"],
    ["12.22.7", "3.14"],
    ["12.22.8", "3.15"],
    ["13.1.0", "3.10"],
    ["13.5.0", "3.11"],
    ["14.18.1", "3.14"],
    ["14.18.2", "3.15"],
    ["14.19.3", "3.16"],
    ["14.21.1", "3.17"],
    ["15.0.0", "3.11"],
    ["16.0.0", "3.13"],
    ["16.13.0", "3.14"],
    ["16.13.1", "3.15"],
    ["16.15.1", "3.16"],
    ["16.18.1", "3.17"],
    ["16.20.0", "3.18"],
    ["17.0.0", "3.14"],
    ["17.3.0", "3.15"],
    ["18.3.0", "3.16"],
    ["18.12.1", "3.17"],
    ["18.16.0", "3.18"],
    ["18.19.0", "3.19"],
    ["18.20.3", "3.20"],
    ["18.20.5", "3.21"],
    ["19.0.0", "3.16"],
    ["19.2.0", "3.17"],
    ["19.9.0", "3.18"],
    ["20.0.0", "3.17"],
    ["20.2.0", "3.18"],
    ["20.10.0", "3.19"],
    ["20.13.1", "3.20"],
    ["20.18.1", "3.21"],
    ["20.19.2", "3.22"],
    ["20.19.6", "3.23"],
    ["21.0.0", "3.18"],
    ["21.4.0", "3.19"],
    ["21.7.3", "3.20"],
    ["22.0.0", "3.19"],
    ["22.2.0", "3.20"],
    ["22.12.0", "3.21"],
    ["22.16.0", "3.22"],
    ["22.21.1", "3.23"],
    ["22.22.3", "3.24"],
    ["23.0.0", "3.20"],
    ["23.3.0", "3.21"],
    ["23.11.1", "3.22"],
    ["24.0.0", "3.21"],
    ["24.1.0", "3.22"],
    ["24.11.1", "3.23"],
    ["24.16.0", "3.24"],
    ["25.0.0", "3.22"],
    ["25.2.1", "3.23"],
    ["26.3.0", "3.24"],
  ],
};

/** glibc of Debian and Ubuntu releases, by codename (https://packages.debian.org/libc6, https://packages.ubuntu.com/libc6). */
export const GLIBC: Readonly<Record<string, string>> = {
  jessie: "2.19",
  stretch: "2.24",
  buster: "2.28",
  bullseye: "2.31",
  bookworm: "2.36",
  trixie: "2.41",
  bionic: "2.27",
  focal: "2.31",
  jammy: "2.35",
  noble: "2.39",
};

/** Debian's version numbers by codename (https://www.debian.org/releases/). */
export const DEBIAN_VERSIONS: Readonly<Record<string, string>> = {
  wheezy: "7",
  jessie: "8",
  stretch: "9",
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
};

/** Ubuntu's codenames by version (https://releases.ubuntu.com/). */
export const UBUNTU_CODENAMES: Readonly<Record<string, string>> = {
  "14.04": "trusty",
  "16.04": "xenial",
  "18.04": "bionic",
  "20.04": "focal",
  "22.04": "jammy",
  "24.04": "noble",
};

/** The release of a version; a version without all its parts means the newest that it covers, "" the newest of all. */
export function releaseOf(table: ReleaseTable, version: string): string | undefined {
  const parts = numbers(version);
  if (compare(parts, numbers(table.last), Math.min(parts.length, numbers(table.last).length)) > 0) return undefined;
  const rows = table.rows.filter(([from]) => compare(numbers(from), parts, parts.length) <= 0);
  return rows.at(-1)?.[1];
}

function numbers(version: string): readonly number[] {
  return version === "" ? [] : version.split(".").map(Number);
}

/** Compares the first `length` parts: below 0 when `a` comes first. */
function compare(a: readonly number[], b: readonly number[], length: number): number {
  for (let at = 0; at < length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Compares dotted versions as numbers: below 0 when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  return compare(left, right, Math.max(left.length, right.length));
}
