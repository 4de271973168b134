import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareVersions, readElf } from "../../src/engine/elf.ts";

const source = (bytes: Buffer) => ({
  size: bytes.length,
  read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
});

/** A 64-bit program by hand: header, three segments, an interpreter, a dynamic section and its strings. */
function program(): Buffer {
  const bytes = Buffer.alloc(0x400);
  bytes.write("\x7fELF", 0, "latin1");
  bytes.set([2, 1, 1], 4);
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(3, 56);
  const segment = (index: number, type: number, offset: number, size: number): void => {
    const at = 64 + index * 56;
    bytes.writeUInt32LE(type, at);
    bytes.writeBigUInt64LE(BigInt(offset), at + 8);
    // Loaded a page higher than it lies in the file.
    bytes.writeBigUInt64LE(BigInt(offset + 0x1000), at + 16);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
  };
  segment(0, 1, 0, 0x400);
  segment(1, 3, 0x100, 28);
  segment(2, 2, 0x200, 16 * 6);
  bytes.write("/lib64/ld-linux-x86-64.so.2\0", 0x100);
  const strings = "\0libc.so.6\0libz.so.1\0$ORIGIN/lib:/opt/lib\0me.so\0";
  bytes.write(strings, 0x300);
  const rows: readonly (readonly [number, number])[] = [
    [1, strings.indexOf("libc")],
    [1, strings.indexOf("libz")],
    [29, strings.indexOf("$ORIGIN")],
    [14, strings.indexOf("me.so")],
    [5, 0x1300],
    [10, strings.length],
  ];
  for (const [index, [tag, value]] of rows.entries()) {
    bytes.writeBigUInt64LE(BigInt(tag), 0x200 + index * 16);
    bytes.writeBigUInt64LE(BigInt(value), 0x208 + index * 16);
  }
  return bytes;
}

test("a program says what it needs", () => {
  expect(readElf(source(program()))).toEqual({
    bits: 64,
    machine: 62,
    kind: "executable",
    interpreter: "/lib64/ld-linux-x86-64.so.2",
    needed: ["libc.so.6", "libz.so.1"],
    rpath: [],
    runpath: ["$ORIGIN/lib", "/opt/lib"],
    soname: "me.so",
    requires: {},
    defines: {},
  });
});

describe("what is no program", () => {
  test.each([
    ["a text", Buffer.from("hello, this is no program at all, but a long enough text to have a header in it")],
    ["a cut one", program().subarray(0, 0x90)],
    ["one byte", Buffer.from([0x7f])],
    ["nothing", Buffer.alloc(0)],
  ])("%s", (_, bytes) => expect(readElf(source(bytes))).toBeUndefined());

  test("broken numbers lead nowhere", () => {
    const original = program();
    for (let at = 16; at < 0x260; at += 1) {
      const bytes = Buffer.from(original);
      bytes[at] = 0xff;
      const facts = readElf(source(bytes));
      expect(facts === undefined || facts.needed.length <= 6).toBe(true);
    }
  });
});

test.runIf(process.platform === "linux")("this Node.js is read as its own system reads it", () => {
  const facts = readElf(source(readFileSync(realpathSync(process.execPath))));
  const listed = execFileSync("ldd", [process.execPath], { encoding: "utf8" });
  expect(facts?.needed.length).toBeGreaterThan(0);
  for (const name of facts?.needed ?? []) expect(listed).toContain(name);
  expect(facts?.requires.GLIBC).toMatch(/^2\.\d+/);
});

test.each([
  ["2.9", "2.34", -1],
  ["2.34", "2.34", 0],
  ["3", "2.34", 1],
  ["2.34.1", "2.34", 1],
] as const)("%s against %s", (a, b, sign) => expect(Math.sign(compareVersions(a, b))).toBe(sign));
