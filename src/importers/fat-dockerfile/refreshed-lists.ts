/**
 * Instructions that do nothing but fetch the lists of packages:
 *
 *     RUN apt-get update                  stays, since the install below stays
 *     RUN apt-get install -y git zip
 */
import type { Effect } from "../../ecosystems/ecosystem.ts";
import type { ImageReading, InstructionReading } from "./read-image.ts";
import type { Slice } from "./slice.ts";

/** `RUN apt-get update` by itself, whose lists the next install of the runtime stage needs. */
export function refreshes(one: InstructionReading, reading: ImageReading, { roles }: Slice): boolean {
  if (
    !one.units.every(({ effects }) => effects.every(isRefresh)) ||
    !one.units.some(({ effects }) => effects.some(isRefresh))
  )
    return false;
  for (const later of reading.instructions.slice(one.index + 1)) {
    const own = later.units.flatMap(({ effects }, unit) => effects.map((effect) => ({ effect, unit })));
    const first = own.find(({ effect }) => isRefresh(effect));
    if (first !== undefined) return false;
    const installs = own.find(({ effect }) => effect.kind === "packages" && effect.action === "install");
    if (installs !== undefined && roles[later.index]?.[installs.unit] === "runtime") return true;
  }
  return false;
}

function isRefresh(effect: Effect): boolean {
  return effect.kind === "packages" && effect.action === "refresh";
}
