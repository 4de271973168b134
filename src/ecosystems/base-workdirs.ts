/**
 * Working directories of official images that base-images.ts does not describe otherwise.
 *
 *     baseWorkdir("perl", "5.34.0-buster")      // "/"
 *     baseWorkdir("maven", "3.9")               // undefined: not known here
 *
 * A Dockerfile without WORKDIR leaves it at `/`. What is left alone: tags whose version is not known to be covered.
 */
interface KnownWorkdir {
  readonly repository: string;
  /** Tags that the fact holds for. */
  readonly tags: RegExp;
  readonly workdir: string;
  readonly source: string;
  readonly checked: string;
}

const KNOWN: readonly KnownWorkdir[] = [
  {
    repository: "gcc",
    tags: /^/,
    workdir: "/",
    source: "https://github.com/docker-library/gcc/blob/master/Dockerfile.template",
    checked: "2026-11-26",
  },
  {
    repository: "perl",
    tags: /^5\.3[246](?:\D|$)/,
    workdir: "/",
    source: "https://github.com/Perl/docker-perl/blob/master/5.036.000-main-bullseye/Dockerfile",
    checked: "2026-11-26",
  },
  {
    repository: "rust",
    tags: /^/,
    workdir: "/",
    source: "https://github.com/rust-lang/docker-rust/blob/master/Dockerfile-debian.template",
    checked: "2026-11-26",
  },
];

export function baseWorkdir(repository: string, tag: string): string | undefined {
  return KNOWN.find((one) => one.repository === repository && one.tags.test(tag))?.workdir;
}
