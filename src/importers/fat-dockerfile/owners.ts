/**
 * Whose files arrive in the runtime stage:
 *
 *     USER node, RUN npm ci                                         --chown=node
 *     RUN mv /build/node_modules /app && chown -R app:app /app      --chown=app:app
 */
import { type ImagePath, isWithin } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import type { ImageReading } from "./read-image.ts";
import type { Supply } from "./supplies.ts";

/** Files keep their numeric owner when a stage is copied from; the directory that COPY makes around them is root's. */
export function ownerAt(
  path: ImagePath,
  at: number,
  form: Supply["form"],
  reading: ImageReading,
): { readonly owner?: string } {
  const user = reading.instructions[at]?.before.user;
  const instruction = reading.instructions[at]?.instruction;
  const flag = instruction === undefined ? undefined : flagValue(instruction.flags, "chown");
  if (flag !== undefined) return { owner: flag };
  const plain = user === undefined || /^(?:root|0)(?::|$)/.test(user) || user.includes("$");
  if (form === "file") return {};
  const changed = chownedAbove(path, at, reading);
  if (changed !== undefined) return { owner: changed };
  return plain ? {} : { owner: user };
}

/** `RUN mv /build/node_modules /app && chown -R node:node /app`: what a later chown of a directory around it makes of all that it holds. */
function chownedAbove(path: ImagePath, at: number, { instructions }: ImageReading): string | undefined {
  const effects = instructions.slice(at).flatMap(({ units }) => units.flatMap((unit) => unit.effects));
  const last = effects.findLast(
    (effect) =>
      effect.kind === "attributes" &&
      effect.recursive &&
      effect.owner !== undefined &&
      effect.paths.some((above) => above !== path && isWithin(path, above)),
  );
  const owner = last?.kind === "attributes" ? last.owner : undefined;
  return owner === undefined || /[$.]|^(?:root|0)(?::|$)/.test(owner) ? undefined : owner;
}
