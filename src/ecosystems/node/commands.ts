/**
 * What the commands of a Node project do to an image:
 *
 *     npm ci                  libraries
 *     npm run build           what the script does
 *     npx tsc                 the compiler's output
 *     node scripts/build.js   files somewhere below the working directory
 */
import { baseName, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { globalEffects, installEffects, isGlobal, pruneEffects } from "./install.ts";
import { nearestManifest } from "./manifest.ts";
import { corepackHome, type ManagerCall, readManagerCall } from "./package-managers.ts";
import { type Delegation, managerDelegation, wrapperDelegation } from "./scripts.ts";
import { toolEffects } from "./tools.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const CACHE: readonly Effect[] = [{ kind: "cache" }];

/** Names and abbreviations of npm's verbs (https://docs.npmjs.com/cli/v11/commands/npm-install, npm-ci). */
const INSTALLS = new Set(
  "install i in ins inst insta instal isnt isntall add ci clean-install ic install-clean isntall-clean".split(" "),
);
const READS_ONLY = new Set(
  "version view info show ls list ll la outdated help whoami ping root prefix bin docs bugs explain why fund search doctor login logout adduser token completion help-search owner team access hook star -v --version -h --help licenses".split(
    " ",
  ),
);

/** The effects of a command of the Node toolchain, or `undefined` when it is none. */
export function readNodeCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const call = readManagerCall(command, image);
  if (call !== undefined) return managerEffects(call, image);
  if (command.name === "corepack") return corepackEffects(command);
  if (command.name === "node" || command.name === "nodejs") return readNode(command, image);
  if (command.name === "bun") return [{ kind: "foreign", toolchain: "Bun", what: "build" }];
  if (command.name === "deno") return [{ kind: "foreign", toolchain: "Deno", what: "build" }];
  const delegation = wrapperDelegation(command, image);
  return delegation === undefined ? toolEffects(command, image) : delegated(delegation, command);
}

/** Its links are made again where run time starts them; what they fetch stays where the first call put it. */
function corepackEffects(command: ResolvedCommand): readonly Effect[] {
  return [
    { kind: "tools", names: ["yarn", "pnpm"], paths: [] },
    { kind: "writes", path: corepackHome(command), form: "directory" },
  ];
}

function managerEffects(call: ManagerCall, image: ImageView): readonly Effect[] {
  const { verb } = call;
  if (isGlobal(call)) return READS_ONLY.has(verb) ? NOTHING : globalEffects(call);
  if (call.manager !== "npm" && call.manager !== "pnpm" && (verb === "" || verb.startsWith("-")))
    return installEffects(call, image);
  if (INSTALLS.has(verb)) return installEffects(call, image);
  if (READS_ONLY.has(verb)) return NOTHING;
  return otherVerb(call, image);
}

function otherVerb(call: ManagerCall, image: ImageView): readonly Effect[] {
  const { verb, command } = call;
  const first = call.rest[0]?.text;
  switch (verb) {
    case "install-test":
    case "it":
    case "install-ci-test":
    case "cit":
      return [...installEffects(call, image), { kind: "check", what: "test" }];
    case "prune":
      return pruneEffects(call, image);
    case "rebuild":
      return [
        { kind: "dependencies-changed", directory: treeDirectory(call, image), production: isProduction(call, image) },
      ];
    case "dedupe":
    case "ddp":
      return changed(treeDirectory(call, image), `${call.manager} ${verb}`, image);
    case "link":
    case "ln":
    case "unlink":
      // It joins directories of the image that are not libraries by links, some of them in the system's own directories.
      return [{ kind: "foreign", toolchain: `${call.manager} ${verb}`, what: "dependencies" }];
    case "cache":
    case "fetch":
    case "store":
      return CACHE;
    case "config":
    case "set":
    case "c":
      return first === "get" || first === "list"
        ? NOTHING
        : [{ kind: "writes", path: settingsFile(call), form: "file" }];
    case "audit":
      return first === "fix"
        ? changed(treeDirectory(call, image), `${call.manager} audit fix`, image)
        : [{ kind: "check", what: "lint" }];
    case "workspaces":
      if (first === "focus") return installEffects(call, image);
      return [{ kind: "writes", path: call.directory, form: "directory" }];
    case "node":
      return readNode(
        { ...command, name: "node", argv: [{ text: "node", known: true, glob: false }, ...call.rest] },
        image,
      );
    default:
      return scriptEffects(call, image);
  }
}

function treeDirectory(call: ManagerCall, image: ImageView): ManagerCall["directory"] {
  return nearestManifest(call.directory, image)?.directory ?? call.directory;
}

function changed(directory: ManagerCall["directory"], by: string, image: ImageView): readonly Effect[] {
  const production = image.dependencies.find((tree) => tree.directory === directory)?.production ?? false;
  return [{ kind: "dependencies-changed", directory, production, by }];
}

function isProduction(call: ManagerCall, image: ImageView): boolean {
  return image.dependencies.find((tree) => tree.directory === treeDirectory(call, image))?.production ?? false;
}

/** Settings of the user; yarn 2 and later write them into the project. */
function settingsFile(call: ManagerCall): ReturnType<typeof imagePath> {
  const upgrades = call.verb === "set" && !/^(?:1|classic)/.test(call.rest[1]?.text ?? "");
  if (call.manager === "yarn-berry" || (call.manager === "yarn" && upgrades))
    return imagePath(".yarnrc.yml", call.directory);
  const home = call.command.environment.get("HOME");
  return imagePath(
    call.manager === "yarn" ? ".yarnrc" : ".npmrc",
    imagePath(home?.known === true ? home.text : "/root"),
  );
}

function scriptEffects(call: ManagerCall, image: ImageView): readonly Effect[] {
  const delegation = managerDelegation(call, image);
  if (delegation !== undefined) return delegated(delegation, call.command);
  return [{ kind: "writes", path: call.directory, form: "directory" }];
}

function delegated(delegation: Delegation, command: ResolvedCommand): readonly Effect[] {
  if (delegation.kind === "missing")
    return [{ kind: "unknown", why: `no package.json that is known has a script "${delegation.name}"` }];
  if (delegation.runs.length === 0) return NOTHING;
  return delegation.runs.map((run) => ({ kind: "runs", ...run, because: command.because }));
}

/** A program of the project, or an executable of a library started by its file. */
function readNode(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const script = command.argv.slice(1).find((field) => !field.text.startsWith("-"));
  const options = command.argv.slice(1, script === undefined ? undefined : command.argv.indexOf(script));
  if (options.some((field) => field.text === "--test")) return [{ kind: "check", what: "test" }];
  if (script === undefined) return NOTHING;
  if (options.some((field) => /^(?:--check|-c|-v|--version)$/.test(field.text))) return NOTHING;
  const tool = /(?:^|\/)node_modules\/(?:\.bin\/|.*\/)?([^/]+?)(?:\.[cm]?js)?$/.exec(script.text)?.[1];
  const rest = command.argv.slice(command.argv.indexOf(script) + 1);
  const named =
    tool === undefined
      ? undefined
      : toolEffects({ ...command, name: baseName(tool), argv: [{ ...script, text: tool }, ...rest] }, image);
  return named ?? [{ kind: "writes", path: command.workdir, form: "unknown" }];
}
