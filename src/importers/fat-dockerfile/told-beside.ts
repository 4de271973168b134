/**
 * What a reader of a plan should know beside it: what it assumes about how the image starts, and secrets that the old file keeps in the
 * image.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { isSecretName } from "../../model/mask.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";

/** Names that hold such a word and no secret: the place of a file, numbers. */
const NO_SECRET = /(?:public|_(?:file|path|dir|id|name|url|type|size|length)$|_expir)/i;

export function tellBeside(reading: ImageReading, needs: RuntimeNeeds, reporter: Reporter): void {
  const { path } = reading.document.source;
  const { stage, image, instructions } = reading;
  const from = { path, ...stage.from.range };
  if (needs.offered.length > 0)
    reporter.report("programs-assumed", { programs: needs.offered.map((one) => one.path).join(", ") }, from);
  const told = instructions.some(({ instruction: { kind } }) => kind === "cmd" || kind === "entrypoint");
  if (!told && !image.base.known && image.base.toolchain === "php")
    reporter.report("server-assumed", { base: image.base.reference }, from);
  for (const { instruction } of reading.instructions) {
    if (instruction.kind !== "env" && instruction.kind !== "arg") continue;
    // An empty value is to be filled in when the image is started or built.
    const names = instruction.pairs.filter(
      ({ key, value = "" }) => holdsSecret(key) && (instruction.kind === "arg" || !/^["']*$/.test(value)),
    );
    for (const { key } of names) reporter.report("secret-in-image", { name: key }, { path, ...instruction.range });
  }
}

/** Whether a variable of this name holds a secret, as far as names tell. */
export function holdsSecret(name: string): boolean {
  return isSecretName(name) && !NO_SECRET.test(name);
}
