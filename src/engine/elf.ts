/**
 * What an ELF file says of itself: what it needs, who starts it, and which versions of its libraries it asks for.
 *
 *     readElf(source)     // { bits: 64, machine: 62, interpreter: "/lib64/ld-linux-x86-64.so.2", needed: ["libc.so.6"], … }
 *
 * Only the places are read that are needed; every number of the file is checked against bounds, since it may say anything.
 * Source: the System V gABI (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html) and, for versions, the LSB
 * (https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html).
 */
import type { ElfFacts } from "../model/image.ts";

/** Reads bytes at an offset; fewer than asked for at the end. */
export interface RandomAccess {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

export const ELF_MAGIC: readonly number[] = [0x7f, 0x45, 0x4c, 0x46];

/** No table of a real file is longer; what says more is not believed. */
const MOST = 64 * 1024 * 1024;
const MOST_ENTRIES = 100_000;

const [ET_EXEC, ET_DYN] = [2, 3];
const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3];
const DT = {
  NEEDED: 1,
  STRTAB: 5,
  STRSZ: 10,
  SONAME: 14,
  RPATH: 15,
  RUNPATH: 29,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
} as const;

/** `undefined` for what is no ELF executable or shared library, or is broken. */
export function readElf(source: RandomAccess): ElfFacts | undefined {
  try {
    return new ElfReader(source).facts();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

class ElfReader {
  readonly #source: RandomAccess;
  readonly #wide: boolean;
  readonly #little: boolean;

  constructor(source: RandomAccess) {
    this.#source = source;
    const ident = this.#view(0, 16);
    this.#wide = ident.getUint8(4) === 2;
    this.#little = ident.getUint8(5) === 1;
  }

  facts(): ElfFacts | undefined {
    const header = this.#view(0, this.#wide ? 64 : 52);
    if (ELF_MAGIC.some((byte, index) => header.getUint8(index) !== byte)) return undefined;
    const type = header.getUint16(16, this.#little);
    if (type !== ET_EXEC && type !== ET_DYN) return undefined;
    const segments = this.#segments(header);
    const interpreter = segments.find((segment) => segment.type === PT_INTERP);
    const dynamic = this.#dynamic(segments);
    const strings = this.#strings(segments, dynamic);
    const named = (tag: number): readonly string[] => (dynamic.get(tag) ?? []).flatMap((at) => strings(at) ?? []);
    const paths = (tag: number): readonly string[] => named(tag).flatMap((list) => list.split(":"));
    const [soname] = named(DT.SONAME);
    return {
      bits: this.#wide ? 64 : 32,
      machine: header.getUint16(18, this.#little),
      kind: type === ET_EXEC || interpreter !== undefined ? "executable" : "shared-object",
      ...(interpreter === undefined ? {} : { interpreter: this.#text(interpreter) }),
      needed: named(DT.NEEDED),
      rpath: paths(DT.RPATH),
      runpath: paths(DT.RUNPATH),
      ...(soname === undefined ? {} : { soname }),
      requires: this.#versions(segments, dynamic, strings, "needed"),
      defines: this.#versions(segments, dynamic, strings, "defined"),
    };
  }

  #view(offset: number, length: number): DataView {
    if (!(offset >= 0 && length >= 0 && length <= MOST && offset + length <= this.#source.size))
      throw new RangeError("outside the file");
    const bytes = this.#source.read(offset, length);
    if (bytes.length < length) throw new RangeError("outside the file");
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** A number of the file's own width. Beyond 2^53 it is outside every file. */
  #word(view: DataView, at: number): number {
    return this.#wide ? Number(view.getBigUint64(at, this.#little)) : view.getUint32(at, this.#little);
  }

  #segments(header: DataView): readonly Segment[] {
    const table = this.#word(header, this.#wide ? 32 : 28);
    const size = header.getUint16(this.#wide ? 54 : 42, this.#little);
    const count = header.getUint16(this.#wide ? 56 : 44, this.#little);
    const least = this.#wide ? 56 : 32;
    if (size < least) return [];
    const view = this.#view(table, size * count);
    return Array.from({ length: count }, (_, index) => {
      const at = index * size;
      const place = (wide: number, narrow: number): number => this.#word(view, at + (this.#wide ? wide : narrow));
      const type = view.getUint32(at, this.#little);
      return { type, offset: place(8, 4), address: place(16, 8), size: place(32, 16) };
    });
  }

  #text({ offset, size }: Segment): string {
    const view = this.#view(offset, Math.min(size, 4096));
    return textAt(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), 0) ?? "";
  }

  #dynamic(segments: readonly Segment[]): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, number[]>();
    const segment = segments.find(({ type }) => type === PT_DYNAMIC);
    if (segment === undefined) return found;
    const step = this.#wide ? 16 : 8;
    const count = Math.min(Math.floor(segment.size / step), MOST_ENTRIES);
    const view = this.#view(segment.offset, count * step);
    for (let index = 0; index < count; index += 1) {
      const tag = this.#word(view, index * step);
      if (tag === 0) break;
      found.set(tag, [...(found.get(tag) ?? []), this.#word(view, index * step + step / 2)]);
    }
    return found;
  }

  /** The dynamic section names addresses in memory; the segments say where in the file they lie. */
  #offset(segments: readonly Segment[], address: number | undefined): number | undefined {
    if (address === undefined) return undefined;
    const segment = segments.find(
      (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
    );
    return segment === undefined ? undefined : address - segment.address + segment.offset;
  }

  #strings(segments: readonly Segment[], dynamic: ReadonlyMap<number, readonly number[]>) {
    const offset = this.#offset(segments, dynamic.get(DT.STRTAB)?.[0]);
    const size = dynamic.get(DT.STRSZ)?.[0];
    if (offset === undefined || size === undefined) return () => undefined;
    const view = this.#view(offset, size);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return (at: number): string | undefined => textAt(bytes, at);
  }

  /** The highest version of each kind: { GLIBC: "2.34" } of GLIBC_2.2.5 and GLIBC_2.34. */
  #versions(
    segments: readonly Segment[],
    dynamic: ReadonlyMap<number, readonly number[]>,
    strings: (at: number) => string | undefined,
    what: "needed" | "defined",
  ): Readonly<Record<string, string>> {
    const [table, number] = what === "needed" ? [DT.VERNEED, DT.VERNEEDNUM] : [DT.VERDEF, DT.VERDEFNUM];
    const offset = this.#offset(segments, dynamic.get(table)?.[0]);
    const count = Math.min(dynamic.get(number)?.[0] ?? 0, MOST_ENTRIES);
    const highest: Record<string, string> = {};
    let at = offset;
    for (let index = 0; index < count && at !== undefined; index += 1) {
      const head = this.#view(at, what === "needed" ? 16 : 20);
      const inner = head.getUint32(what === "needed" ? 8 : 12, this.#little);
      const entries = head.getUint16(what === "needed" ? 2 : 6, this.#little);
      // Of a definition the first entry is its own name, those behind it are its parents.
      const names = this.#chain(at + inner, what === "needed" ? entries : Math.min(entries, 1), what);
      for (const name of names) note(highest, strings(name));
      const next = head.getUint32(what === "needed" ? 12 : 16, this.#little);
      at = next === 0 ? undefined : at + next;
    }
    return highest;
  }

  #chain(start: number, count: number, what: "needed" | "defined"): readonly number[] {
    const names: number[] = [];
    let at: number | undefined = start;
    for (let index = 0; index < count && at !== undefined; index += 1) {
      const entry = this.#view(at, what === "needed" ? 16 : 8);
      names.push(entry.getUint32(what === "needed" ? 8 : 0, this.#little));
      const next: number = entry.getUint32(what === "needed" ? 12 : 4, this.#little);
      at = next === 0 ? undefined : at + next;
    }
    return names;
  }
}

function textAt(bytes: Uint8Array, at: number): string | undefined {
  if (at >= bytes.length) return undefined;
  const end = bytes.indexOf(0, at);
  return Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString("latin1");
}

function note(highest: Record<string, string>, name: string | undefined): void {
  const [, kind, version] = /^([A-Z]+)_(\d+(?:\.\d+)*)$/.exec(name ?? "") ?? [];
  if (kind === undefined || version === undefined) return;
  const before = Object.hasOwn(highest, kind) ? highest[kind] : undefined;
  if (before === undefined || compareVersions(version, before) > 0) highest[kind] = version;
}

/** Negative where `a` is older: "2.9" is older than "2.34". */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
