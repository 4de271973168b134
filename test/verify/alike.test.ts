import { describe, expect, test } from "vitest";
import { alikeBut } from "../../src/verify/alike.ts";

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
const START = Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex");
const END = Buffer.from("f932433186182072008242104116d8f2", "hex");

interface Program {
  readonly modified?: boolean;
  readonly flags?: string;
  readonly code?: string;
  readonly lengthOff?: number;
}

/** As Go's linker lays it out: the text of the module, its section, the string header, the symbol's size. */
function goProgram({ modified = false, flags = "-trimpath", code = "code", lengthOff = 0 }: Program): Buffer {
  const settings = `build\tflags=${flags}\nbuild\tvcs=git\nbuild\tvcs.revision=abc\nbuild\tvcs.modified=${modified}\n`;
  const text = Buffer.concat([START, Buffer.from(settings), END]);
  const out = Buffer.alloc(2048);
  ELF.copy(out);
  out.write(code, 100);
  text.copy(out, 256);
  out.write("\xff Go buildinf:\x08\x02", 512, "latin1");
  out[544] = 4;
  out.write("go1.", 545);
  out[549] = 0x80 | (text.length & 0x7f);
  out[550] = text.length >> 7;
  text.copy(out, 551);
  out.writeBigUInt64LE(BigInt(text.length + lengthOff), 1024);
  out.writeBigUInt64LE(BigInt(text.length + 1), 1040);
  return out;
}

describe("programs of Go", () => {
  test("are alike where only the state of version control differs", () => {
    expect(alikeBut(goProgram({}), goProgram({ modified: true }))).toBe(
      "the state of version control, which Go writes down",
    );
  });

  test.each<[string, Program]>([
    ["their code differs", { modified: true, code: "cude" }],
    ["another setting of the build differs", { modified: true, flags: "-trimpatH" }],
    ["a number differs that is not the length of the text", { modified: true, lengthOff: 7 }],
  ])("are not where %s", (_, other) => {
    expect(alikeBut(goProgram({}), goProgram(other))).toBeUndefined();
  });
});
