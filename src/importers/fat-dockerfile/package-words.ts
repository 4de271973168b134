/**
 * The words of a package install that change in the runtime stage:
 *
 *     apt-get install -y libzip-dev git     libzip4 for libzip-dev, git goes
 *     apk add $PHPIZE_DEPS icu-dev          what is left of the list, icu-libs for icu-dev
 *
 * Which packages go is not decided here.
 */
import type { Environment } from "../../ecosystems/ecosystem.ts";
import { packageName } from "../../ecosystems/os-packages/os-packages.ts";
import type { InstructionReading } from "./read-image.ts";
import type { RunCut } from "./rewrite-run.ts";

/** Whether a unit of a RUN installs packages. */
export function isInstall(one: InstructionReading, unit: number): boolean {
  return one.units[unit]?.effects.some((effect) => effect.kind === "packages" && effect.action === "install") === true;
}

/** Package names that go or give way to others; a variable that holds several stands for what is left of them. */
export function wordChanges(
  one: InstructionReading,
  gone: ReadonlySet<string>,
  swaps: ReadonlyMap<string, string>,
): Pick<RunCut, "drop" | "swap"> {
  const left = (unit: number, word: string): readonly string[] | undefined => {
    const names = isInstall(one, unit) ? namesOf(word, one.units[unit]?.before.environment) : [];
    if (!names.some((name) => gone.has(packageName(name)))) return undefined;
    return names.flatMap((name) => swaps.get(packageName(name)) ?? (gone.has(packageName(name)) ? [] : [name]));
  };
  return {
    drop: (unit, word) => left(unit, word)?.length === 0,
    swap: (unit, word) => {
      const names = left(unit, word) ?? [];
      return names.length === 0 ? undefined : names.join(" ");
    },
  };
}

/** `$PHPIZE_DEPS` is a list of names. */
function namesOf(word: string, environment: Environment | undefined): readonly string[] {
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(word);
  const value = name === null ? undefined : environment?.get(name[1] ?? name[2] ?? "");
  return value?.known === true ? value.text.split(/\s+/).filter((one) => one !== "") : [word];
}
