/**
 * Starts a program and waits for it, with bounds on its time and its output:
 *
 *     await runProcess(["docker", "version"], { timeout: 10_000 })     // { code: 0, stdout: "Client: …", stderr: "" }
 *
 * No shell reads the words. A program that takes too long, or whose run is cancelled, is asked to end, and killed five seconds
 * later. What is kept of each stream is bounded, its beginning and its end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface ProcessOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string;
  readonly input?: string;
  /** Each line of both streams as it comes, without its end. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Characters that are kept from each end of each stream; 512 KiB without it. */
  readonly keep?: number;
}

export interface Finished {
  /** The exit code; 128 + the signal's number where one ended it, 127 where it could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: "by-itself" | "timeout" | "cancelled" | "not-started";
}

const GRACE = 5000;
const KEPT = 512 * 1024;

/** Never rejects: what goes wrong is in the result. */
export async function runProcess(argv: readonly string[], options: ProcessOptions = {}): Promise<Finished> {
  const child = start(argv, options);
  const { keep = KEPT } = options;
  const [stdout, stderr] = [new Kept(keep, options.onLine), new Kept(keep, options.onLine)];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.add(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.add(text));
  if (options.input !== undefined) child.stdin?.end(options.input);
  const { code, ended, problem } = await endOf(child, options);
  stdout.finish();
  stderr.finish();
  return { code, stdout: stdout.text, stderr: problem ?? stderr.text, ended };
}

/** A program whose standard output is read as a stream while it runs. `done` settles once it has ended. */
export function streamProcess(
  argv: readonly string[],
  options: ProcessOptions = {},
): { readonly stdout: Readable; readonly done: Promise<Finished> } {
  const child = start(argv, options);
  const stderr = new Kept(options.keep ?? KEPT, undefined);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.add(text));
  const done = endOf(child, options).then(({ code, ended, problem }) => ({
    code,
    ended,
    stdout: "",
    stderr: problem ?? stderr.text,
  }));
  if (child.stdout === null) throw new Error("the program has no standard output");
  return { stdout: child.stdout, done };
}

function start([program = "", ...args]: readonly string[], { env, cwd, input }: ProcessOptions): ChildProcess {
  return spawn(program, args, {
    env: { ...(env ?? process.env) },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A group of its own, so that what it starts can be ended with it.
    detached: process.platform !== "win32",
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

interface End {
  readonly code: number;
  readonly ended: Finished["ended"];
  readonly problem?: string;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function endOf(child: ChildProcess, { timeout, signal }: ProcessOptions): Promise<End> {
  return new Promise((resolve) => {
    let ended: Finished["ended"] = "by-itself";
    let killing: NodeJS.Timeout | undefined;
    const stop = (why: Finished["ended"]): void => {
      if (ended !== "by-itself") return;
      ended = why;
      killGroup(child, "SIGTERM");
      killing = setTimeout(() => killGroup(child, "SIGKILL"), GRACE);
    };
    const cancel = (): void => stop("cancelled");
    const timer = timeout === undefined ? undefined : setTimeout(() => stop("timeout"), timeout);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener("abort", cancel);
    const settle = (end: End): void => {
      clearTimeout(timer);
      clearTimeout(killing);
      signal?.removeEventListener("abort", cancel);
      resolve(end);
    };
    child.stdin?.on("error", () => undefined);
    child.on("error", (error) => settle({ code: 127, ended: "not-started", problem: error.message }));
    const over = (code: number | null, name: NodeJS.Signals | null): void =>
      settle({ code: code ?? 128 + (SIGNALS[name ?? ""] ?? 0), ended });
    child.on("close", over);
    // What it started may hold its streams open after its own end.
    child.on("exit", (code, name) => {
      if (ended !== "by-itself") setTimeout(() => over(code, name), GRACE).unref();
    });
  });
}

/** The beginning and the end of a text that may be of any length. */
class Kept {
  readonly #most: number;
  readonly #onLine: ((line: string) => void) | undefined;
  #head = "";
  #tail = "";
  #line = "";

  constructor(most: number, onLine: ((line: string) => void) | undefined) {
    this.#most = most;
    this.#onLine = onLine;
  }

  add(text: string): void {
    const room = this.#most - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    this.#tail = (this.#tail + text.slice(Math.max(0, room))).slice(-this.#most);
    if (this.#onLine === undefined) return;
    const lines = (this.#line + text).split(/\r?\n/);
    this.#line = (lines.pop() ?? "").slice(0, this.#most);
    for (const line of lines) this.#onLine(line);
  }

  finish(): void {
    if (this.#line !== "") this.#onLine?.(this.#line);
  }

  get text(): string {
    return this.#tail === "" ? this.#head : `${this.#head}${this.#tail}`;
  }
}
