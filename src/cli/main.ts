/**
 * The program `restage`: hands `process` to the command line as a host, and its exit code back. The only file that does.
 */
import type { Host, OutputStream } from "./host.ts";
import { run } from "./run.ts";

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  // A reader that has seen enough (`restage migrate | head`) is no error.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
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
