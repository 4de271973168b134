/**
 * The program `restage`: hands `process` to the command line as a host, and its exit code back. The only file that does.
 *
 * An interrupt (Ctrl-C) is left to the system, so that it also ends a long computation at once: the shell sees 130. If it comes
 * while files are written, the journal tells the next run to restore them.
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
  };
}

const host: Host = {
  cwd: process.cwd(),
  env: process.env,
  stdout: outputStream(process.stdout),
  stderr: outputStream(process.stderr),
  now: Date.now,
  loadMigrate: async () => (await import("../migrate.ts")).migrate,
};

process.exitCode = 0;
run(process.argv.slice(2), host).then((code) => {
  process.exitCode = code;
});
