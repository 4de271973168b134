/**
 * The call that remains: the final image's `docker build`, with what the builders' calls said added.
 *
 *     docker build --build-arg VERSION=$V -f Dockerfile.build -t b .      gone
 *     docker build -f Dockerfile.prod -t app .                            docker build --build-arg VERSION=$V -t app .
 *
 * Options are moved as they are written, so variables stay variables.
 */
import type { ContainerOption } from "../../shell/container-cli.ts";
import type { Range } from "../../text/source.ts";
import { differingArguments, type GroupRenames, NO_RENAMES } from "./argument-clashes.ts";
import type { LinkedBuild } from "./links.ts";
import { fieldKey, keyOf } from "./values.ts";

/** Options that change what a builder's stages see, so that they go along. */
export const MOVED: ReadonlySet<string> = new Set([
  "add-host",
  "build-arg",
  "build-context",
  "network",
  "secret",
  "ssh",
  "ulimit",
]);
/** Options of which a call has one value, which then holds for all stages. */
const SINGLE: ReadonlySet<string> = new Set(["network", "platform"]);

export interface OptionConflict {
  readonly kind: "option" | "argument";
  readonly name: string;
  readonly builder: LinkedBuild;
  readonly final: LinkedBuild;
}

/** Options and assignments as text. */
export interface MovedOptions {
  readonly options: readonly string[];
  readonly environment: readonly string[];
}

/** What a final's call gets from its builders' calls, as text; or the first thing that speaks against it. */
export function movedOptions(
  final: LinkedBuild,
  builders: readonly LinkedBuild[],
  renames: GroupRenames,
): MovedOptions | { readonly conflict: OptionConflict } {
  const options: string[] = [];
  const environment = new Set<string>();
  const given = new Set(final.build.call.options.map(optionKey));
  for (const [index, builder] of builders.entries()) {
    const conflict =
      findConflict(final, builder, renames) ?? amongBuilders(builder, builders.slice(0, index), final, renames);
    if (conflict !== undefined) return { conflict };
    for (const { name, text } of builder.build.environment) {
      const own = final.build.environment.find((assignment) => assignment.name === name);
      if (own?.text === text || /^(?:BUILDKIT_PROGRESS|DOCKER_SCAN_SUGGEST)$/.test(name)) continue;
      if (own !== undefined || name !== "DOCKER_BUILDKIT")
        return { conflict: { kind: "option", name, builder, final } };
      environment.add(text);
    }
    for (const option of builder.build.derived?.options ?? []) {
      const { name } = option;
      const next = renames.get(builder)?.get(name);
      const text = next === undefined ? option.text : option.text.replace(`--build-arg ${name}`, `--build-arg ${next}`);
      const own = next === undefined && isGiven(final, builder, name);
      if (own || options.includes(text)) continue;
      const same = readsTheSame(text, builder, final) && meansTheSame(text, builder, final);
      if (!same && option.needed) return { conflict: { kind: "option", name: `--build-arg ${name}`, builder, final } };
      if (same) options.push(text);
    }
    for (const option of builder.build.call.options) {
      const renamed = renamedOption(builder, option, renames);
      const key = renamed ?? optionKey(option);
      if (!MOVED.has(option.name) || given.has(key)) continue;
      const text = textOf(builder, option.span);
      // The words of a compose file or of a step's inputs are no words of the call.
      const { composedIn, described } = builder.build;
      const isWritten = composedIn === undefined && described === undefined && renamed !== "";
      if (!isWritten || !readsTheSame(text, builder, final) || !meansTheSame(text, builder, final))
        return { conflict: { kind: "option", name: `--${option.name}`, builder, final } };
      given.add(key);
      options.push(renamed ?? text);
    }
  }
  return { options, environment: [...environment] };
}

/** Whether a final's own call gives an argument the value that it has in the other build. */
function isGiven(final: LinkedBuild, builder: LinkedBuild, name: string): boolean {
  const [own, other] = [final, builder].map(({ build }) => build.args.findLast((argument) => argument.name === name));
  return own !== undefined && other !== undefined && keyOf(own.value ?? []) === keyOf(other.value ?? []);
}

/** A word of a call, as its own file writes it. */
function textOf({ build }: LinkedBuild, { start, end }: Range): string {
  return build.source.text.slice(start, end);
}

/** What runs a command where it stands may be another thing in another file: `$(X)` in a Makefile and in a script. */
function meansTheSame(text: string, builder: LinkedBuild, final: LinkedBuild): boolean {
  return builder.build.source.path === final.build.source.path || !/\$\(|\$\{\{|`|%/.test(text);
}

function optionKey(option: ContainerOption): string {
  return `${option.name}=${option.value === undefined ? "" : fieldKey(option.value)}`;
}

/** `--build-arg` with the new name; `undefined` where the name is the old one, "" where the name is not written out. */
function renamedOption(
  builder: LinkedBuild,
  { name: option, value, span }: ContainerOption,
  renames: GroupRenames,
): string | undefined {
  const argument = option === "build-arg" ? builder.build.args.find(({ field }) => field === value) : undefined;
  const next = argument === undefined ? undefined : renames.get(builder)?.get(argument.name);
  if (argument === undefined || next === undefined) return undefined;
  const [, before, own, after] = /^(--build-arg(?:=|\s+)["']?)(\w+)(=.*)$/s.exec(textOf(builder, span)) ?? [];
  return own === argument.name ? `${before}${next}${after}` : "";
}

function findConflict(final: LinkedBuild, builder: LinkedBuild, renames: GroupRenames): OptionConflict | undefined {
  for (const name of SINGLE) {
    const [a, b] = [final, builder].map(({ build }) => build.call.options.find((option) => option.name === name));
    const differ =
      (a !== undefined && b !== undefined && optionKey(a) !== optionKey(b)) ||
      (name === "platform" && (a === undefined) !== (b === undefined));
    if (differ) return { kind: "option", name: `--${name}`, builder, final };
  }
  const name = differingArguments(final, builder).find((one) =>
    [final, builder].every((linked) => !(renames.get(linked) ?? NO_RENAMES).has(one)),
  );
  return name === undefined ? undefined : { kind: "argument", name, builder, final };
}

/** Builders whose arguments differ cannot be stages of one call. */
function amongBuilders(
  builder: LinkedBuild,
  others: readonly LinkedBuild[],
  final: LinkedBuild,
  renames: GroupRenames,
): OptionConflict | undefined {
  const conflicts = others.map((other) => findConflict(other, builder, renames));
  const found = conflicts.find((conflict) => conflict?.kind === "argument");
  return found && { ...found, builder, final };
}

/** Whether the variables of an option have the values at the final's call that they had at the builder's. */
function readsTheSame(text: string, builder: LinkedBuild, final: LinkedBuild): boolean {
  const named = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  const value = ({ build }: LinkedBuild, name: string): string => JSON.stringify(build.variables.get(name)) ?? "";
  const positional = /\$\{?[0-9@*#]/.test(text);
  const arguments_ = ({ build }: LinkedBuild): string => JSON.stringify(build.positional) ?? "";
  return (
    named.every((name) => value(builder, name) === value(final, name)) &&
    (!positional || arguments_(builder) === arguments_(final))
  );
}
