/**
 * The values of HEALTHCHECK's flags, which are Go durations and a count:
 *
 *     HEALTHCHECK --interval=1m30s --retries=3 CMD …
 *
 * Sources: https://pkg.go.dev/time#ParseDuration, and `parseOptInterval` in
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go
 */
import type { InstructionFlag } from "./syntax.ts";

const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Why BuildKit rejects a duration: not one, or neither 0 nor at least a millisecond. */
export function durationProblem({ name, value = "" }: InstructionFlag): string | undefined {
  if (value === "") return undefined;
  if (!DURATION.test(value)) return `"--${name}" takes a duration such as "30s", not "${value}"`;
  const length = milliseconds(value);
  return length === 0 || (length >= 1 && !value.startsWith("-")) ? undefined : `"--${name}" is shorter than "1ms"`;
}

function milliseconds(value: string): number {
  let sum = 0;
  for (const [, count = "0", unit = ""] of value.matchAll(PART)) sum += Number(count) * (MILLISECONDS[unit] ?? 0);
  return sum;
}

/** Why BuildKit rejects a count of retries: not a 32-bit number, or a negative one. */
export function retriesProblem(value = ""): string | undefined {
  if (value === "" || (/^\+?\d+$/.test(value) && Number(value) <= 0x7fffffff)) return undefined;
  return `"--retries" takes a count such as "3", not "${value}"`;
}
