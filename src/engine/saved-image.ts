/**
 * Reads an image out of what `docker save` prints, while it comes:
 *
 *     blobs/sha256/4f…        a layer, itself an archive: each file's mode, owner, digest, what it needs
 *     blobs/sha256/a1…        the configuration, with the history
 *     manifest.json           which of the layers, and in which order; it may come last
 *
 * Files are hashed as they pass and never kept whole, but for small ones that say something of the image (package databases, the
 * linker's configuration, passwd) and ELF files, which wait in a file of their own while they are read. So memory grows with the
 * number of files, not with their bytes.
 * Source: https://github.com/opencontainers/image-spec (layers, whiteouts, history), https://github.com/moby/docker-image-spec.
 */
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract, type Headers } from "tar-stream";
import type { ImageContents, ImageFile, ImageLayer } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";
import { ELF_MAGIC, readElf } from "./elf.ts";
import { type LayerTable, mergeLayers } from "./merge-layers.ts";

/** Texts that are kept, at most so long each. */
const KEPT_TEXT =
  /^\/(?:var\/lib\/dpkg\/(?:status|status\.d\/[^/]+|info\/[^/]+\.(?:list|md5sums))|lib\/apk\/db\/installed|etc\/(?:passwd|group|os-release|ld\.so\.conf(?:\.d\/[^/]+)?|ld-musl-[^/]+\.path)|usr\/lib\/os-release|(?:.+\/)?CACHEDIR\.TAG)$/;
const LONGEST_TEXT = 32 * 1024 * 1024;
/** What may be a manifest or a configuration: JSON of this size at most. */
const LONGEST_JSON = 16 * 1024 * 1024;

/** Rejects where the archive is broken, or has a layer that is compressed in an unknown way. */
export async function readSavedImage(stream: Readable, signal?: AbortSignal): Promise<ImageContents> {
  const scratch = mkdtempSync(join(tmpdir(), "restage-image-"));
  const reader = new SavedImageReader(join(scratch, "elf"));
  try {
    const archive = extract();
    signal?.addEventListener("abort", () => archive.destroy(new Error("cancelled")), { once: true });
    stream.on("error", (error) => archive.destroy(error));
    for await (const entry of stream.pipe(archive)) await reader.take(entry.header, entry);
    return reader.contents();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly Config: string;
  readonly Layers: readonly string[];
}

interface RawConfiguration {
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

class SavedImageReader {
  readonly #layers = new Map<string, LayerTable>();
  readonly #documents = new Map<string, unknown>();
  /** The older form of the archive has layers that are links to others. */
  readonly #links = new Map<string, string>();
  readonly #spool: string;

  constructor(spool: string) {
    this.#spool = spool;
  }

  async take({ name, type, size = 0, linkname }: Headers, entry: Readable): Promise<void> {
    const path = posix.normalize(name);
    if (type === "symlink" && linkname != null)
      this.#links.set(path, posix.normalize(posix.join(posix.dirname(path), linkname)));
    if (type !== "file" || size === 0) {
      await drained(entry);
      return;
    }
    const chunks = (entry as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const head = await firstBytes(chunks, 512);
    const whole = chained(head, chunks);
    if (/^[{[]/.test(head.toString("latin1", 0, 1)) && size <= LONGEST_JSON) {
      const text = Buffer.concat(await chunksOf(whole)).toString("utf8");
      this.#documents.set(path, parsed(text));
    } else if (isGzip(head)) this.#layers.set(path, await readLayer(unzipped(whole), this.#spool));
    else if (isTar(head)) this.#layers.set(path, await readLayer(whole, this.#spool));
    else if (isZstd(head)) throw new Error(`the layer "${path}" is compressed with zstd, which is not read`);
    else await drained(whole);
  }

  contents(): ImageContents {
    const manifests = this.#documents.get("manifest.json");
    const [manifest] = Array.isArray(manifests) ? (manifests as readonly Manifest[]) : [];
    if (manifest === undefined) throw new Error("the saved image has no manifest");
    const configuration = this.#documents.get(posix.normalize(manifest.Config)) as RawConfiguration | undefined;
    const history = (configuration?.history ?? []).filter(({ empty_layer }) => empty_layer !== true);
    const tables = manifest.Layers.map((name) => this.#layer(posix.normalize(name)));
    const layers = tables.map((table, index): ImageLayer => {
      const createdBy = history[index]?.created_by;
      return {
        digest: configuration?.rootfs?.diff_ids?.[index] ?? "",
        size: table.bytes,
        ...(createdBy === undefined ? {} : { createdBy }),
      };
    });
    return { layers, ...mergeLayers(tables) };
  }

  #layer(name: string): LayerTable {
    const table = this.#layers.get(name) ?? this.#layers.get(this.#links.get(name) ?? "");
    // A layer without any file may be an archive of nothing but zeros, which is not told from other data.
    return table ?? { files: new Map(), removed: new Set(), emptied: new Set(), bytes: 0, texts: new Map() };
  }
}

async function readLayer(stream: Readable, spool: string): Promise<LayerTable> {
  const files = new Map<ImagePath, ImageFile>();
  const removed = new Set<ImagePath>();
  const emptied = new Set<ImagePath>();
  const texts = new Map<ImagePath, string>();
  let bytes = 0;
  const archive = extract();
  stream.on("error", (error) => archive.destroy(error));
  for await (const entry of stream.pipe(archive)) {
    const path = placeOf(entry.header.name);
    const base = posix.basename(path);
    if (base === ".wh..wh..opq") emptied.add(imagePath(posix.dirname(path)));
    else if (base.startsWith(".wh."))
      removed.add(imagePath(posix.join(posix.dirname(path), base.slice(".wh.".length))));
    else {
      const file = await readFileEntry(entry.header, entry, path, texts, spool);
      bytes += file?.kind === "file" && file.hardlinkTo === undefined ? file.size : 0;
      if (file !== undefined) files.set(path, file);
      continue;
    }
    await drained(entry);
  }
  return { files, removed, emptied, bytes, texts };
}

/** Absolute, without `..`: names of an archive are not trusted. */
function placeOf(name: string): ImagePath {
  return imagePath(posix.normalize(`/${name}`).replace(/(.)\/+$/, "$1"));
}

async function readFileEntry(
  header: Headers,
  content: Readable,
  path: ImagePath,
  texts: Map<ImagePath, string>,
  spool: string,
): Promise<ImageFile | undefined> {
  const { type, mode = 0, uid = 0, gid = 0, size = 0, linkname } = header;
  const facts = { path, mode: mode & 0o7777, uid, gid, layer: 0 };
  if (type === "file" || type === "contiguous-file") {
    const read = await readContent(content, size, KEPT_TEXT.test(path) && size <= LONGEST_TEXT, spool);
    if (read.text !== undefined) texts.set(path, read.text);
    const capabilities = capabilitiesOf(header);
    const { digest, elf, shebang } = read;
    return {
      ...facts,
      kind: "file",
      size,
      digest,
      ...(capabilities === undefined ? {} : { capabilities }),
      ...(elf === undefined ? {} : { elf }),
      ...(shebang === undefined ? {} : { shebang }),
    };
  }
  await drained(content);
  if (type === "directory") return { ...facts, kind: "directory" };
  if (type === "symlink") return { ...facts, kind: "symlink", target: linkname ?? "" };
  if (type === "link") return { ...facts, kind: "file", size: 0, digest: "", hardlinkTo: placeOf(linkname ?? "") };
  if (type === "fifo") return { ...facts, kind: "fifo" };
  return type === "character-device" || type === "block-device" ? { ...facts, kind: "device" } : undefined;
}

/** Extended attributes stand in PAX records: https://www.gnu.org/software/tar/manual/html_section/xattr.html */
function capabilitiesOf(header: Headers & { readonly pax?: Readonly<Record<string, string>> | null }) {
  const { pax } = header;
  const value = pax?.["SCHILY.xattr.security.capability"];
  return value === undefined ? undefined : Buffer.from(value, "utf8").toString("hex");
}

interface ReadContent {
  readonly digest: string;
  readonly text?: string;
  readonly elf?: NonNullable<ReturnType<typeof readElf>>;
  readonly shebang?: readonly string[];
}

async function readContent(content: Readable, size: number, keep: boolean, spool: string): Promise<ReadContent> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let head: Buffer | undefined;
  let file: number | undefined;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (keep) kept.push(chunk);
    if (head === undefined) {
      head = chunk;
      if (isElf(chunk)) file = openSync(spool, "w+");
    }
    if (file !== undefined) writeSync(file, chunk);
  }
  const elf = file === undefined ? undefined : elfIn(file, size);
  const shebang = shebangOf(head);
  return {
    digest: hash.digest("hex"),
    ...(keep ? { text: Buffer.concat(kept).toString("utf8") } : {}),
    ...(elf === undefined ? {} : { elf }),
    ...(shebang === undefined ? {} : { shebang }),
  };
}

function elfIn(file: number, size: number) {
  try {
    return readElf({
      size,
      read: (offset, length) => {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
      },
    });
  } finally {
    closeSync(file);
  }
}

function isElf(head: Buffer): boolean {
  return ELF_MAGIC.every((byte, index) => head[index] === byte);
}

/** `#! /usr/bin/env node` as the kernel reads it: the program, and the rest as one argument (execve(2)). */
function shebangOf(head: Buffer | undefined): readonly string[] | undefined {
  if (head === undefined || head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const [line = ""] = head.toString("latin1", 2, 258).split("\n");
  const [, program, argument] = /^[ \t]*(\S+)(?:[ \t]+(.*\S))?/.exec(line) ?? [];
  if (program === undefined) return undefined;
  return argument === undefined ? [program] : [program, argument];
}

// ---- streams

/** Chunks up to so many bytes; the iterator stands behind them. */
async function firstBytes(chunks: AsyncIterator<Buffer>, count: number): Promise<Buffer> {
  const found: Buffer[] = [];
  let length = 0;
  while (length < count) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    found.push(value);
    length += value.length;
  }
  return Buffer.concat(found);
}

/** A stream of what was read already, and of the rest. */
function chained(head: Buffer, rest: AsyncIterator<Buffer>): Readable {
  return Readable.from(
    (async function* () {
      if (head.length > 0) yield head;
      for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
    })(),
  );
}

function unzipped(stream: Readable): Readable {
  const unzip = createGunzip();
  stream.on("error", (error) => unzip.destroy(error));
  return stream.pipe(unzip);
}

async function chunksOf(stream: Readable): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks;
}

async function drained(stream: Readable): Promise<void> {
  for await (const _ of stream);
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function isZstd(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528;
}

/** POSIX archives have `ustar` at 257; older ones begin with a name and a checksum in octal. */
function isTar(head: Buffer): boolean {
  return head.toString("latin1", 257, 262) === "ustar" || /^[0-7 ]{6}\0? ?$/.test(head.toString("latin1", 148, 156));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
