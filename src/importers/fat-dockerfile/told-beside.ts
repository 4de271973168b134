/**
 * What a reader of a plan should know beside it: secrets that the old file keeps in the image, and commands that compose files start in it.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { maskSecrets } from "../../model/mask.ts";
import { composeCommands } from "./compose-commands.ts";
import type { ImageReading } from "./read-image.ts";

/** Names of variables with secrets, as scanners know them (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/). */
const SECRET = /(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:$|_)/i;
/** Names that hold such a word and no secret: public keys, the place of a file, numbers. */
const NO_SECRET = /(?:public|_file$|_path$|_dir$|_id$|_name$|_url$|gpg_key|_type$|_size$|_length$|_expir)/i;

export function tellBeside(reading: ImageReading, reporter: Reporter): void {
  const { path } = reading.document.source;
  for (const { instruction } of reading.instructions) {
    if (instruction.kind !== "env" && instruction.kind !== "arg") continue;
    // An empty value is to be filled in when the image is started or built.
    const names = instruction.pairs.filter(
      ({ key, value = "" }) => isSecret(key) && (instruction.kind === "arg" || !/^["']*$/.test(value)),
    );
    for (const { key } of names) reporter.report("secret-in-image", { name: key }, { path, ...instruction.range });
  }
  for (const { file, dockerfile, service, command } of composeCommands(reading.image.project)) {
    if (dockerfile !== path) continue;
    const start = reading.stage.from.range;
    reporter.report("command-elsewhere", { file, service, command: shown(command) }, { path, ...start });
  }
}

function isSecret(name: string): boolean {
  return SECRET.test(name) && !NO_SECRET.test(name);
}

function shown(command: string): string {
  const masked = maskSecrets(command.slice(0, 1000));
  return masked.length > 60 ? `${masked.slice(0, 59)}…` : masked;
}
