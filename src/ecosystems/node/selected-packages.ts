/**
 * The packages of a workspace that a command line picks:
 *
 *     npm run build -w @shop/api      @shop/api
 *     npm run build --workspaces      all
 *     pnpm --filter api... build      api and what it depends on
 *     yarn workspaces foreach -A run build
 *     turbo run build --filter=api    api and what it depends on, by `dependsOn: ["^build"]`
 *
 * Sources: https://docs.npmjs.com/cli/v11/using-npm/config#workspace, https://pnpm.io/filtering, https://yarnpkg.com/cli/workspaces/foreach,
 * https://turborepo.com/docs/reference/run, https://lerna.js.org/docs/features/run-tasks. Selectors by change, and by what depends on a
 * package, are not read.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Argument, ImageView, ResolvedCommand } from "../ecosystem.ts";
import type { Manifest } from "./manifest.ts";
import type { ManagerCall } from "./package-managers.ts";
import { closureOf, type Workspace, workspaceOf } from "./workspaces.ts";

export type Selection =
  /** The command is about the package that it runs in. */
  | { readonly kind: "none" }
  | { readonly kind: "packages"; readonly packages: readonly Manifest[]; readonly rest: readonly Argument[] }
  | { readonly kind: "unknown" };

const NONE: Selection = { kind: "none" };
const UNKNOWN: Selection = { kind: "unknown" };

/** Options that pick packages, by what they pick. */
interface Options {
  readonly all: RegExp;
  readonly named: RegExp;
}

const NPM: Options = { all: /^(?:--workspaces|-ws)$/, named: /^(?:-w|--workspace)$/ };
const PNPM: Options = { all: /^(?:-r|--recursive|recursive)$/, named: /^(?:-F|--filter|--filter-prod)$/ };
const TURBO: Options = { all: /^$/, named: /^(?:-F|--filter)$/ };
const LERNA: Options = { all: /^$/, named: /^--scope$/ };

/** What npm or pnpm is told to run in; Yarn's verbs name packages by themselves. */
export function selectedPackages(call: ManagerCall, image: ImageView): Selection {
  if (call.manager !== "npm" && call.manager !== "pnpm") return NONE;
  const fields = [...call.before, ...call.rest];
  const picked = pick(fields, call.manager === "npm" ? NPM : PNPM);
  if (!picked.all && picked.names.length === 0) return NONE;
  const space = workspaceOf(call.directory, image);
  if (space === undefined) return UNKNOWN;
  const rest = pick(call.rest, call.manager === "npm" ? NPM : PNPM).rest;
  // Without a filter, pnpm's -r is every package.
  if (picked.names.length === 0) return { kind: "packages", packages: space.members, rest };
  return chosen(picked.names, space, call.directory, rest);
}

/** What `turbo run`, `lerna run` run a script in: with dependencies first, as is usual. */
export function selectedTasks(
  command: ResolvedCommand,
  image: ImageView,
): { readonly scripts: readonly string[]; readonly packages: readonly Manifest[] } | undefined {
  const space = workspaceOf(command.workdir, image);
  const fields = command.argv.slice(1);
  if (space === undefined || !["turbo", "lerna"].includes(command.name)) return undefined;
  const picked = pick(fields, command.name === "turbo" ? TURBO : LERNA);
  const words = picked.rest.map(({ text }) => text);
  const end = words.indexOf("--");
  const operands = words.slice(0, end < 0 ? words.length : end).filter((word) => !word.startsWith("-"));
  const scripts = operands[0] === "run" ? operands.slice(1) : command.name === "turbo" ? operands : [];
  if (scripts.length === 0) return undefined;
  if (picked.names.length === 0) return { scripts, packages: space.members };
  const selection = chosen(picked.names, space, command.workdir, []);
  if (selection.kind !== "packages") return undefined;
  return { scripts, packages: [...new Set(selection.packages.flatMap((one) => closureOf(one, space)))] };
}

/** Takes the options out of the fields, up to `--`. */
function pick(
  fields: readonly Argument[],
  { all, named }: Options,
): { readonly all: boolean; readonly names: readonly string[]; readonly rest: readonly Argument[] } {
  const names: string[] = [];
  const rest: Argument[] = [];
  let everyone = false;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at];
    if (field === undefined) break;
    if (field.text === "--") return { all: everyone, names, rest: [...rest, ...fields.slice(at)] };
    const [option = "", value] = field.text.split(/=(.*)/s, 2);
    if (all.test(field.text)) everyone = true;
    else if (named.test(option)) names.push(value ?? fields[++at]?.text ?? "");
    else rest.push(field);
  }
  return { all: everyone, names, rest };
}

function chosen(
  names: readonly string[],
  space: Workspace,
  directory: ImagePath,
  rest: readonly Argument[],
): Selection {
  const found = names.map((name) => bySelector(name, space, directory));
  if (!found.every((one) => one !== undefined && one.length > 0)) return UNKNOWN;
  return { kind: "packages", packages: [...new Set(found.flatMap((one) => one ?? []))], rest };
}

/** `name`, `@scope/*`, `./packages/api`, `{packages/api}`, and each with `...` behind it for its dependencies. */
function bySelector(selector: string, space: Workspace, directory: ImagePath): readonly Manifest[] | undefined {
  const wide = selector.endsWith("...");
  const name = wide ? selector.slice(0, -3) : selector;
  if (name === "" || /^\.\.\.|\^|[![\]$]/.test(name)) return undefined;
  const path = /^\{(.*)\}$/.exec(name)?.[1] ?? name;
  const at = imagePath(path, directory);
  const named = space.members.filter(
    (one) =>
      (one.name !== undefined && matchesName(name, one.name)) ||
      matchesWildcard(at, one.directory) ||
      (path !== name && isWithin(one.directory, at)),
  );
  return wide ? named.flatMap((one) => closureOf(one, space)) : named;
}

/** `*` stands for anything in a name, slashes too. */
function matchesName(pattern: string, name: string): boolean {
  return pattern.includes("*")
    ? matchesWildcard(pattern.replaceAll("/", ":"), name.replaceAll("/", ":"))
    : pattern === name;
}
