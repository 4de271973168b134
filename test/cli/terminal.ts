/**
 * The program on a terminal of its own: util-linux's `script` makes one, and what arrives there is drawn by xterm's emulator, so that
 * tests see the screen that a user sees.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import xterm from "@xterm/headless";

export interface TerminalOptions {
  readonly cwd: string;
  readonly columns: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const PATIENCE = 20_000;

export const KEYS = { enter: "\r", down: "\u001b[B", up: "\u001b[A", interrupt: "\u0003" } as const;

export class TerminalSession {
  /** What came, with all control sequences. */
  raw = "";
  readonly #child: ChildProcess;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #exit: Promise<number | null>;
  #ended = false;
  /** How much had come when the last key was sent. */
  #mark = 0;

  constructor(command: string, { cwd, columns, rows = 24, env = {} }: TerminalOptions) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    const inside = `stty cols ${columns} rows ${rows}; exec ${command}`;
    const { CI: _ci, FORCE_COLOR: _force, NO_COLOR: _no, ...own } = process.env;
    this.#child = spawn("script", ["--quiet", "--flush", "--return", "--command", inside, "/dev/null"], {
      cwd,
      env: { ...own, TERM: "xterm-256color", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (bytes: Buffer) => {
      this.raw += bytes.toString("utf8");
      this.#terminal.write(bytes);
    });
    this.#exit = new Promise((resolve) => {
      this.#child.on("close", (code) => {
        this.#ended = true;
        resolve(code);
      });
    });
  }

  /** All lines so far, without the blank ones at the end. */
  async screen(): Promise<string> {
    await new Promise<void>((resolve) => this.#terminal.write("", resolve));
    const buffer = this.#terminal.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, at) => buffer.getLine(at)?.translateToString(true) ?? "");
    return lines.join("\n").trimEnd();
  }

  /** Waits until a prompt with a text stands there that came after the last key. */
  async until(text: string): Promise<void> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const fresh = stripVTControlCharacters(this.raw.slice(this.#mark)).replace(/\r?\n/g, "");
      const at = fresh.lastIndexOf(text);
      if (at >= 0 && /❯|Number, 1 to \d+: $/.test(fresh.slice(at))) return;
      if (this.#ended || Date.now() > end)
        throw new Error(`"${text}" did not come; the screen is:\n${await this.screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  send(...keys: readonly string[]): void {
    this.#mark = this.raw.length;
    for (const key of keys) this.#child.stdin?.write(key);
  }

  /** Waits for each text and answers it. */
  async walk(steps: readonly (readonly [text: string, ...keys: string[]])[]): Promise<void> {
    for (const [text, ...keys] of steps) {
      await this.until(text);
      this.send(...keys);
    }
  }

  /** The exit code, and what stands on the screen at the end. */
  async end(): Promise<{ readonly code: number | null; readonly screen: string }> {
    const code = await this.#exit;
    return { code, screen: await this.screen() };
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
