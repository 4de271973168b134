import { describe, expect, test } from "vitest";
import { overBudget, parseBudget } from "../../src/verify/budget.ts";

describe("parseBudget", () => {
  test.each([
    ["120MB", { kind: "bytes", bytes: 120e6 }],
    ["1.5 GiB", { kind: "bytes", bytes: 1.5 * 2 ** 30 }],
    ["900k", { kind: "bytes", bytes: 900e3 }],
    ["42", { kind: "bytes", bytes: 42 }],
    ["60%", { kind: "share", share: 0.6 }],
    ["12.5 %", { kind: "share", share: 0.125 }],
  ] as const)("reads %s", (text, budget) => expect(parseBudget(text)).toEqual(budget));

  test.each(["", "%", "-1MB", "1TBx", "MB", "1e3", "60%%", "ib", "1ib"])("rejects %j", (text) =>
    expect(parseBudget(text)).toBeUndefined(),
  );
});

describe("overBudget", () => {
  test("allows what is exactly as large", () => {
    expect(overBudget({ kind: "bytes", bytes: 100 }, 1, 100)).toBeUndefined();
    expect(overBudget({ kind: "share", share: 0.5 }, 200, 100)).toBeUndefined();
  });

  test("says what is there and what is allowed", () => {
    expect(overBudget({ kind: "bytes", bytes: 100e6 }, 1, 120e6)).toBe(
      "the new image has 120.0 MB, and 100.0 MB are allowed",
    );
    expect(overBudget({ kind: "share", share: 0.5 }, 200e6, 120e6)).toBe(
      "the new image has 120.0 MB, and 100.0 MB (50.0 % of the old image) are allowed",
    );
  });
});
