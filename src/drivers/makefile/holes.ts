/**
 * Values of make as strings in which each part that only a real run knows is one character that stands for shell text.
 *
 *     IMAGE = app:$(shell git describe)     "app:" + a hole for `$(git describe)`
 *     docker build -t $(IMAGE) .            docker build -t app:$(git describe) .
 *
 * So the functions of make work on plain strings, and what they cannot see into stays in one piece. Holes are characters of
 * Unicode's first private use area; where a file has such characters itself, they are read as `?`.
 */

const FIRST = 0xe000;
const LAST = 0xf8ff;
const HOLE = /[\ue000-\uf8ff]/;
const HOLES = /[\ue000-\uf8ff]/g;

/** Whether only a real run knows the whole value. */
export function hasHole(value: string): boolean {
  return HOLE.test(value);
}

/** Text of a file, in which nothing can be taken for a hole. The length stays the same. */
export function withoutHoles(text: string): string {
  return text.replace(HOLES, "?");
}

/** A value without the parts that only a real run knows. */
export function knownPart(value: string): string {
  return value.replace(HOLES, "");
}

/** The holes of one Makefile. */
export class Holes {
  readonly #texts: string[] = [];
  readonly #byText = new Map<string, string>();

  /** A hole for shell text; the same text is always the same hole. */
  of(shell: string): string {
    const known = this.#byText.get(shell);
    if (known !== undefined) return known;
    // More holes than characters would need a file that nobody wrote by hand; the last one then stands for all others.
    const hole = String.fromCharCode(Math.min(FIRST + this.#texts.length, LAST));
    this.#texts.push(shell);
    this.#byText.set(shell, hole);
    return hole;
  }

  /** The shell text of a value that is one hole and nothing else. */
  only(value: string): string | undefined {
    return value.length === 1 && hasHole(value) ? this.#textOf(value) : undefined;
  }

  /** A value as shell text. Between single quotes a hole has to step out of them. */
  toShell(value: string, quoted = false): string {
    return value.replace(HOLES, (hole) => (quoted ? `'"${this.#textOf(hole)}"'` : this.#textOf(hole)));
  }

  #textOf(hole: string): string {
    return this.#texts[hole.charCodeAt(0) - FIRST] ?? "";
  }
}
