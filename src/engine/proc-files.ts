/** Looks into `/proc`, where everything may be gone or closed to us the next moment; then the answer is empty. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export function readText(path: string): string {
  return orElse(() => readFileSync(path, "utf8"), "");
}

export function namesIn(path: string): readonly string[] {
  return orElse(() => readdirSync(path), []);
}

export function linkTarget(path: string): string {
  return orElse(() => readlinkSync(path), "");
}

/** The processes that share a process's PID namespace: those of its container. */
export function processesBeside(pid: number): readonly number[] {
  const namespace = linkTarget(`/proc/${pid}/ns/pid`);
  const numbers = namesIn("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((other) => other === pid || linkTarget(`/proc/${other}/ns/pid`) === namespace);
}

function orElse<Value>(look: () => Value, otherwise: Value): Value {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
