/**
 * Command lines of npm, yarn, pnpm and bun, and the files that each reads.
 *
 *     readManagerCall(npm --prefix web run build -- --prod)
 *     // { manager: "npm", directory: "/app/web", verb: "run", rest: [build, --, --prod] }
 *
 * What a verb does is not decided here.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { nearestManifest } from "./manifest.ts";

export type Manager = "npm" | "yarn" | "yarn-berry" | "pnpm" | "bun";

export interface ManagerCall {
  readonly manager: Manager;
  /** Where the package manager works. */
  readonly directory: ImagePath;
  /** "" for a bare `yarn`. */
  readonly verb: string;
  /** Fields after the verb. */
  readonly rest: readonly Argument[];
  /** Options before the verb. */
  readonly before: readonly Argument[];
  readonly command: ResolvedCommand;
}

const PROGRAMS: Readonly<Record<string, "npm" | "yarn" | "pnpm" | "bun">> = {
  bun: "bun",
  npm: "npm",
  yarn: "yarn",
  yarnpkg: "yarn",
  pnpm: "pnpm",
};

/** Options before the verb that take a value as the next field (npm, yarn 1 and pnpm command-line documentation). */
const VALUED = new Set([
  "--prefix",
  "-C",
  "--dir",
  "--cwd",
  "--registry",
  "--loglevel",
  "--cache",
  "--cache-folder",
  "--userconfig",
  "--workspace",
  "-w",
  "--filter",
  "-F",
  "--network-timeout",
  "--network-concurrency",
  "--mutex",
  "--modules-folder",
  "--use-yarnrc",
  "--store-dir",
  "--omit",
  "--include",
  "--only",
]);
const DIRECTORY_OPTIONS = ["--prefix", "-C", "--dir", "--cwd"];

/** `pnpm -w` and `npm -w NAME` are spelled alike; only npm's takes a value. */
function takesValue(program: string, option: string): boolean {
  return VALUED.has(option) && !(option === "-w" && program === "pnpm");
}

/** Splits a package manager's command line, or `undefined` for any other command. */
export function readManagerCall(command: ResolvedCommand, image: ImageView): ManagerCall | undefined {
  const program = PROGRAMS[command.name];
  if (program === undefined) return undefined;
  const fields = command.argv.slice(1);
  let at = 0;
  for (; at < fields.length; at++) {
    const text = fields[at]?.text ?? "";
    if (!text.startsWith("-")) break;
    if (takesValue(program, text)) at++;
  }
  const directory = imagePath(directoryOption(fields) ?? ".", command.workdir);
  const manager = program === "yarn" ? yarnKind(directory, image) : program;
  const before = fields.slice(0, at);
  return { manager, directory, verb: fields[at]?.text ?? "", rest: fields.slice(at + 1), before, command };
}

/** The value of `--prefix DIR`, `--prefix=DIR`, and of what the other managers call it. */
function directoryOption(fields: readonly Argument[]): string | undefined {
  for (const [at, field] of fields.entries()) {
    if (field.text === "--") return undefined;
    const [name = "", value] = field.text.split("=", 2);
    if (DIRECTORY_OPTIONS.includes(name)) return value ?? fields[at + 1]?.text;
  }
  return undefined;
}

/**
 * Yarn 2 and later keep their settings in `.yarnrc.yml` and begin the lock file with `__metadata`
 * (https://yarnpkg.com/configuration/yarnrc, https://yarnpkg.com/migration/guide).
 */
function yarnKind(directory: ImagePath, image: ImageView): "yarn" | "yarn-berry" {
  const named = nearestManifest(directory, image)?.packageManager;
  if (named !== undefined && /^yarn@(?:[2-9]|\d\d)/.test(named)) return "yarn-berry";
  // `yarn set version` may have written it, so that it stands there without being known.
  if (image.kindOf(imagePath(".yarnrc.yml", directory)) !== undefined) return "yarn-berry";
  const lock = image.read(imagePath("yarn.lock", directory));
  return lock !== undefined && /^__metadata:/m.test(lock) ? "yarn-berry" : "yarn";
}

/** Lock files by manager, the one that wins first (npm-shrinkwrap.json before package-lock.json, npm documentation). */
export const LOCK_FILES: Readonly<Record<Manager, readonly string[]>> = {
  npm: ["npm-shrinkwrap.json", "package-lock.json"],
  yarn: ["yarn.lock"],
  "yarn-berry": ["yarn.lock"],
  pnpm: ["pnpm-lock.yaml"],
  bun: ["bun.lock", "bun.lockb"],
};

/** Further files and directories that an install reads where they exist. */
const SETTINGS: Readonly<Record<Manager, readonly string[]>> = {
  npm: [".npmrc"],
  yarn: [".npmrc", ".yarnrc", ".yarn"],
  "yarn-berry": [".npmrc", ".yarnrc.yml", ".yarn", ".pnp.cjs"],
  pnpm: [".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", "pnpmfile.js", "patches"],
  bun: [".npmrc", "bunfig.toml", "patches"],
};

/** Where Corepack keeps the managers that it fetched (https://github.com/nodejs/corepack#environment-variables). */
export function corepackHome(command: ResolvedCommand): ImagePath {
  const { environment } = command;
  const set = environment.get("COREPACK_HOME") ?? environment.get("XDG_CACHE_HOME");
  if (set?.known === true) return imagePath(environment.has("COREPACK_HOME") ? set.text : `${set.text}/node/corepack`);
  const user = /^(?:root|0)?(?::|$)/.test(command.user ?? "") ? "/root" : `/home/${(command.user ?? "").split(":")[0]}`;
  return imagePath(".cache/node/corepack", imagePath(environment.get("HOME")?.text ?? user));
}

/** The lock file in a directory of the image. */
export function lockFileOf(manager: Manager, directory: ImagePath, image: ImageView): ImagePath | undefined {
  return LOCK_FILES[manager]
    .map((name) => imagePath(name, directory))
    .find((path) => image.kindOf(path) === "file" && image.hostOf(path) !== undefined);
}

/** What an install in `directory` reads, as far as the image holds it, and the `manifests` of further packages. */
export function installInputs(
  manager: Manager,
  directory: ImagePath,
  image: ImageView,
  manifests: readonly ImagePath[],
): readonly ImagePath[] {
  const own = ["package.json", ...LOCK_FILES[manager], ...SETTINGS[manager]].map((name) => imagePath(name, directory));
  return [...own, ...manifests].filter((path) => image.kindOf(path) !== undefined);
}
