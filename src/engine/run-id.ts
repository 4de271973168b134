/**
 * Names a run, and tells later whether it still goes on:
 *
 *     newRunId()                 // "2n91f00dcafe": the process in base 36, then eight random digits
 *     isRunning("2n91f00dcafe")  // whether such a process lives on this machine
 */
import { randomBytes } from "node:crypto";

const RANDOM = 8;

/** Two runs of one moment are told apart by their processes. */
export function newRunId(): string {
  return `${process.pid.toString(36)}${randomBytes(RANDOM / 2).toString("hex")}`;
}

/** A run of another machine with the same engine looks like one that has ended, or like a process of ours. */
export function isRunning(runId: string): boolean {
  const id = /^([0-9a-z]+)[0-9a-f]{8}$/.exec(runId)?.[1];
  const pid = id === undefined ? Number.NaN : Number.parseInt(id, 36);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
