/**
 * The program `restage`: hands `process` to the command line as a host, and its exit code back. The only file that does.
 *
 * An interrupt (Ctrl-C) is left to the system, so that it also ends a long computation at once: the shell sees 130. If it comes
 * while files are written, the journal tells the next run to restore them. Only a command that has something to take back asks
 * to be told first; a second interrupt ends that, too.
 */
import { EXIT } from "./exit-codes.ts";
import type { Host, OutputStream } from "./host.ts";
import { run } from "./run.ts";

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`restage migrate | head`) is no error; a full disk is.
    if (error.code === "EPIPE") process.exit();
    if (stream === process.stdout) process.stderr.write(`error: the output cannot be written (${error.code})\n`);
    process.exit(EXIT.failed);
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 100,
    ...(stream.rows === undefined ? {} : { rows: stream.rows }),
  };
}

/** Ctrl-C while the question stands is a "no". */
async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } catch {
    return false;
  } finally {
    reader.close();
  }
}

const host: Host = {
  cwd: process.cwd(),
  env: process.env,
  stdout: outputStream(process.stdout),
  stderr: outputStream(process.stderr),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: Date.now,
  ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { confirm } : {}),
  ...(process.stdin.isTTY === true && process.stdout.isTTY === true
    ? {
        ask: async (options) => {
          const streams = { input: process.stdin, output: process.stdout };
          return (await import("./wizard/asker.ts")).terminalAsker({ ...options, streams });
        },
      }
    : {}),
  onInterrupt: (callback) => {
    process.once("SIGINT", callback).once("SIGTERM", callback);
    return () => void process.off("SIGINT", callback).off("SIGTERM", callback);
  },
  connectEngine: async (options) =>
    (await import("../engine/connect.ts")).connectEngine({ ...options, env: process.env }),
  loadMigrate: async () => (await import("../migrate.ts")).migrate,
};

process.exitCode = 0;
run(process.argv.slice(2), host).then((code) => {
  process.exitCode = code;
});
