import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterAll, describe, expect, test } from "vitest";
import { copyOut, readFileOf } from "../../src/engine/copy-out.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-copy-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Entry = Parameters<ReturnType<typeof pack>["entry"]>[0] & { readonly content?: string };

function copied(entries: readonly Entry[], code = 0) {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? "");
  archive.finalize();
  const done = Promise.resolve({ code, stdout: "", stderr: "", ended: "by-itself" as const });
  return { stdout: Readable.from(archive), done };
}

let count = 0;
const fresh = (): string => {
  count += 1;
  return join(folder, "parts", String(count));
};

describe("what is taken out of an image", () => {
  test("is a directory's contents, with their modes and links", async () => {
    const to = fresh();
    const entries: Entry[] = [
      { name: "dist/", type: "directory", mode: 0o755 },
      { name: "dist/closed/", type: "directory", mode: 0o500 },
      { name: "dist/closed/run", content: "x", mode: 0o755 },
      { name: "dist/link", type: "symlink", linkname: "closed/run" },
      { name: "dist/same", type: "link", linkname: "dist/closed/run" },
    ];
    expect(await copyOut(copied(entries), to)).toBe(true);
    expect(statSync(join(to, "closed/run")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(to, "link"))).toBe("closed/run");
    expect(readFileSync(join(to, "same"), "utf8")).toBe("x");
  });

  test("is a file", async () => {
    const to = fresh();
    expect(await copyOut(copied([{ name: "app", content: "program", mode: 0o755 }]), to)).toBe(true);
    expect(readFileSync(to, "utf8")).toBe("program");
  });

  test("is nothing where there is no such path", async () => {
    expect(await copyOut(copied([], 1), fresh())).toBe(false);
  });

  test("never lies outside, whatever the archive says", async () => {
    const to = fresh();
    const entries: Entry[] = [
      { name: "d/", type: "directory" },
      { name: "../escaped", content: "x" },
      { name: "d/../../escaped", content: "x" },
      { name: "/escaped", content: "x" },
      { name: "other/x", content: "x" },
      { name: "d/ok", content: "x" },
    ];
    await copyOut(copied(entries), to);
    expect(existsSync(join(to, "ok"))).toBe(true);
    expect([existsSync(join(to, "..", "escaped")), existsSync("/escaped"), existsSync(join(to, "x"))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("is not written through a link of the archive", async () => {
    const entries: Entry[] = [
      { name: "d/", type: "directory" },
      { name: "d/link", type: "symlink", linkname: folder },
      { name: "d/link/through", content: "x" },
    ];
    await expect(copyOut(copied(entries), fresh())).rejects.toThrow('"d/link/through" of the archive leads out of it');
    expect(existsSync(join(folder, "through"))).toBe(false);
  });
});

test("one file is read, where it is not too long", async () => {
  const file: Entry = { name: "x", content: "hello" };
  expect(Buffer.from((await readFileOf(copied([file]), 5)) ?? []).toString()).toBe("hello");
  expect(await readFileOf(copied([file]), 4)).toBeUndefined();
  expect(await readFileOf(copied([{ name: "d/", type: "directory" }]), 9)).toBeUndefined();
});
