import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { readSavedImage } from "../../src/engine/saved-image.ts";
import { imagePath } from "../../src/text/paths.ts";

type Entry = Parameters<ReturnType<typeof pack>["entry"]>[0] & { readonly content?: string | Buffer };

async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const HISTORY = [{ created_by: "FROM" }, { created_by: "ENV A=1", empty_layer: true }, { created_by: "RUN make" }];

/** An image as the engine saves it; the manifest stands where `order` says. */
async function saved(layers: readonly Buffer[], { manifestFirst = false } = {}): Promise<Buffer> {
  const config = JSON.stringify({
    history: HISTORY,
    rootfs: { diff_ids: layers.map((_, index) => `sha256:${index}`) },
  });
  const names = layers.map((_, index) => `blobs/sha256/layer${index}`);
  const manifest = {
    name: "manifest.json",
    content: JSON.stringify([{ Config: "blobs/sha256/config", Layers: names }]),
  };
  const blobs = layers.map((content, index) => ({ name: names[index] ?? "", content }));
  const rest = [{ name: "blobs/sha256/config", content: config }, ...[...blobs].reverse()];
  return tar(manifestFirst ? [manifest, ...rest] : [...rest, manifest]);
}

async function read(layers: readonly (readonly Entry[])[], compress = false) {
  const archives = await Promise.all(layers.map(tar));
  const blobs = compress ? archives.map((archive) => gzipSync(archive)) : archives;
  return readSavedImage(Readable.from([await saved(blobs)]));
}

const file = (name: string, content: string, more: Partial<Entry> = {}): Entry => ({ name, content, ...more });

describe("the files of an image", () => {
  test("have their mode, owner, size and digest", async () => {
    const { files } = await read([[file("app/x", "hello", { mode: 0o4755, uid: 1000, gid: 1001 })]]);
    expect(files.get(imagePath("/app/x"))).toEqual({
      kind: "file",
      path: "/app/x",
      mode: 0o4755,
      uid: 1000,
      gid: 1001,
      layer: 0,
      size: 5,
      digest: createHash("sha256").update("hello").digest("hex"),
    });
  });

  test("are the same from layers that are compressed", async () => {
    const layers = [[file("a", "1")], [file("b", "2")]];
    expect((await read(layers, true)).files).toEqual((await read(layers)).files);
  });

  test("are those of the last layer that wrote them", async () => {
    const { files } = await read([[file("a", "1"), file("b", "1")], [file("a", "2")]]);
    expect([files.get(imagePath("/a"))?.layer, files.get(imagePath("/b"))?.layer]).toEqual([1, 0]);
  });

  test("are gone where a later layer takes them away", async () => {
    const { files } = await read([
      [{ name: "d/", type: "directory" }, file("d/a", "1"), file("d/e/b", "1"), file("c", "1"), file("k/x", "1")],
      [file(".wh.c", ""), file("d/.wh.a", ""), file("k/.wh..wh..opq", ""), file("k/y", "1")],
    ]);
    expect([...files.keys()].sort()).toEqual(["/d", "/d/e/b", "/k/y"]);
  });

  test("are gone with a directory that is taken away, or that becomes a link", async () => {
    const first: Entry[] = [{ name: "d/", type: "directory" }, file("d/a", "1")];
    expect([...(await read([first, [file(".wh.d", "")]])).files.keys()]).toEqual([]);
    const link: Entry = { name: "d", type: "symlink", linkname: "/e" };
    expect([...(await read([first, [link]])).files.keys()]).toEqual(["/d"]);
  });

  test("share content under several names", async () => {
    const { files } = await read([[file("a", "hello"), { name: "b", type: "link", linkname: "a" }]]);
    expect(files.get(imagePath("/b"))).toMatchObject({ kind: "file", size: 5, hardlinkTo: "/a" });
  });

  test("never lie outside the image, whatever the archive says", async () => {
    const { files } = await read([[file("../../etc/x", "1"), file("/abs", "1"), file("a/../../b", "1")]]);
    expect([...files.keys()].sort()).toEqual(["/abs", "/b", "/etc/x"]);
  });

  test("say which interpreter runs them", async () => {
    const { files } = await read([
      [file("a", "#!/usr/bin/env  node \nx"), file("b", "#! /bin/sh -e\n"), file("c", "#")],
    ]);
    const shebangs = [...files.values()].map((one) => (one.kind === "file" ? one.shebang : undefined));
    expect(shebangs).toEqual([["/usr/bin/env", "node"], ["/bin/sh", "-e"], undefined]);
  });
});

test("texts are kept that say what the image is", async () => {
  const { texts } = await read([
    [file("etc/passwd", "root:x:0:0"), file("etc/motd", "hi")],
    [file("etc/passwd", "new")],
  ]);
  expect([...texts]).toEqual([["/etc/passwd", "new"]]);
});

test("layers have the instructions that made them; empty ones have no layer", async () => {
  const { layers } = await read([[file("a", "12345")], [file("b", "1")]]);
  expect(layers).toEqual([
    { digest: "sha256:0", size: 5, createdBy: "FROM" },
    { digest: "sha256:1", size: 1, createdBy: "RUN make" },
  ]);
});

test("the manifest may come first or last", async () => {
  const layers = [await tar([file("a", "1")])];
  const [last, first] = await Promise.all([saved(layers), saved(layers, { manifestFirst: true })]);
  const read = (bytes: Buffer) => readSavedImage(Readable.from([bytes]));
  expect(await read(first)).toEqual(await read(last));
});

test.each([
  ["without a manifest", async () => tar([file("x", "y")]), "the saved image has no manifest"],
  [
    "with a layer that is compressed in a way that is not read",
    async () => saved([Buffer.concat([Buffer.from("28b52ffd", "hex"), Buffer.alloc(600)])]),
    'the layer "blobs/sha256/layer0" is compressed with zstd, which is not read',
  ],
])("an archive %s is rejected", async (_, make, message) => {
  await expect(readSavedImage(Readable.from([await make()]))).rejects.toThrow(message);
});

test("a cancelled reading ends", async () => {
  const controller = new AbortController();
  const endless = new Readable({ read: () => undefined });
  const reading = readSavedImage(endless, controller.signal);
  controller.abort();
  await expect(reading).rejects.toThrow("cancelled");
});
