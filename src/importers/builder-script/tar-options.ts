/**
 * The words of a `tar` call, in any of its styles.
 *
 *     tar xzf a.tgz -C dist --strip-components=1     extract a.tgz into dist, one name left off
 *     tar -c -f - -C out . -C ../conf app.conf       two members, each from a directory of its own
 *
 * Options that only change how tar talks or packs are passed over; `undefined` is a call with any other
 * (https://www.gnu.org/software/tar/manual/html_node/All-Options.html).
 */
import { posix } from "node:path";

export interface TarCall {
  readonly mode: "create" | "extract";
  /** `-` or absent for the standard streams. */
  readonly archive: string | undefined;
  /** Where to extract. */
  readonly directory: string | undefined;
  /** What is named, each with the directory that it counts from. */
  readonly members: readonly { readonly path: string; readonly directory: string | undefined }[];
  readonly strip: number;
  readonly excludes: readonly string[];
  /** The file that names the members (`-T`), `-` for standard input. */
  readonly listed?: string;
}

const LONG_PLAIN =
  /^(?:verbose|gzip|gunzip|ungzip|xz|bzip2|zstd|lzma|auto-compress|preserve-permissions|same-permissions|same-owner|no-same-owner|no-same-permissions|numeric-owner|absolute-names|totals|overwrite|keep-newer-files|touch|warning=.*|checkpoint.*|sort=.*|mtime=.*|format=.*|owner=.*|group=.*|exclude-vcs|no-xattrs|xattrs|acls|no-acls|hard-dereference|anchored|null|no-null)$/;

const LONG_VALUES: Readonly<Record<string, string>> = {
  file: "f",
  directory: "C",
  "strip-components": "s",
  exclude: "e",
  "files-from": "T",
  extract: "x",
  get: "x",
  create: "c",
};

/** Reads the words behind `tar`. */
export function readTar(words: readonly string[]): TarCall | undefined {
  const reader = new Reader(oldStyle(words));
  return reader.read();
}

/** In `tar xzfC a.tgz dist` the values stand behind the letters, in their order. */
function oldStyle(words: readonly string[]): readonly string[] {
  const [first = "", ...rest] = words;
  if (!/^[a-zA-Z]+$/.test(first)) return words;
  const dashed: string[] = [];
  let at = 0;
  for (const letter of first) {
    const value = /[fCT]/.test(letter) ? rest[at++] : undefined;
    dashed.push(`-${letter}`, ...(value === undefined ? [] : [value]));
  }
  return [...dashed, ...rest.slice(at)];
}

class Reader {
  readonly #words: readonly string[];
  #at = 0;
  #mode: TarCall["mode"] | undefined;
  #archive: string | undefined;
  #directory: string | undefined;
  #listed: string | undefined;
  #strip = 0;
  readonly #members: { path: string; directory: string | undefined }[] = [];
  readonly #excludes: string[] = [];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): TarCall | undefined {
    for (; this.#at < this.#words.length; this.#at += 1) {
      const word = this.#words[this.#at] ?? "";
      const understood = word.startsWith("--") ? this.#long(word.slice(2)) : this.#short(word);
      if (!understood) return undefined;
    }
    const mode = this.#mode;
    if (mode === undefined || !Number.isInteger(this.#strip)) return undefined;
    return {
      mode,
      archive: this.#archive,
      directory: this.#directory,
      members: this.#members,
      strip: this.#strip,
      excludes: this.#excludes,
      ...(this.#listed === undefined ? {} : { listed: this.#listed }),
    };
  }

  #long(option: string): boolean {
    const equals = option.indexOf("=");
    const name = equals < 0 ? option : option.slice(0, equals);
    const letter = LONG_VALUES[name];
    if (letter === undefined) return LONG_PLAIN.test(option) && option !== "exclude-vcs";
    return this.#option(letter, () => (equals < 0 ? this.#next() : option.slice(equals + 1)));
  }

  #short(word: string): boolean {
    if (!word.startsWith("-") || word === "-") {
      this.#members.push({ path: word, directory: this.#directory });
      return true;
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? "";
      if (/[vzjJapmPkhSZ]/.test(letter)) continue;
      const rest = word.slice(at + 1);
      if (/[fCT]/.test(letter) && rest !== "") return this.#option(letter, () => rest);
      if (!this.#option(letter, () => this.#next())) return false;
    }
    return true;
  }

  #next(): string {
    this.#at += 1;
    return this.#words[this.#at] ?? "";
  }

  /** Takes the value of an option that has one, which is asked for only then. */
  #option(letter: string, value: () => string): boolean {
    switch (letter) {
      case "x":
      case "c":
        this.#mode = letter === "x" ? "extract" : "create";
        return true;
      case "f":
        this.#archive = value();
        return true;
      case "C":
        this.#directory = posix.join(this.#directory ?? "", value());
        return true;
      case "T":
        this.#listed = value();
        return true;
      case "s":
        this.#strip = Number(value());
        return true;
      case "e":
        this.#excludes.push(value());
        return true;
      default:
        return false;
    }
  }
}
