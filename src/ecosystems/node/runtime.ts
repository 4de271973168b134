/**
 * What starts a Node image, and what that needs:
 *
 *     npm start            the package manager, package.json, and what the script starts
 *     node dist/server.js  see runtime-program.ts
 *     serve -s build       see starters.ts
 */
import { imagePath } from "../../text/paths.ts";
import type { Argument, ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { packageOfBinary } from "./binaries.ts";
import { bunProgram, bunSettings } from "./bun.ts";
import { allNames, type Manifest, nearestManifest } from "./manifest.ts";
import { readNodeCommand } from "./node-command.ts";
import { corepackHome, type ManagerCall, readManagerCall } from "./package-managers.ts";
import {
  everything,
  executableNeed,
  isDevelopment,
  libraryNeeds,
  manifestNeed,
  pathNeed,
  type Reason,
  treeFor,
} from "./project-needs.ts";
import { programNeeds } from "./runtime-program.ts";
import { type Delegation, managerDelegation, wrapperDelegation } from "./scripts.ts";
import { selectedPackages } from "./selected-packages.ts";
import { libraryProgram, projectOf, startedNeeds, whyOf } from "./starters.ts";
import { webServerNeeds } from "./web-server.ts";
import { workspaceOf } from "./workspaces.ts";

/** Needs of a root of the Node toolchain, or `undefined` when it is none. */
export function nodeNeeds(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const { command } = root;
  const call = readManagerCall(command, image);
  if (call?.manager === "yarn-berry") return berryNeeds(call, image);
  if (readsWorkspace(command, call, image))
    return [
      everything(
        workspaceOf(command.workdir, image)?.root.directory ?? command.workdir,
        `"${command.name}" reads the settings of all packages.`,
        whyOf(command),
      ),
    ];
  const started = call?.manager === "bun" ? bunProgram(call, image) : undefined;
  if (started !== undefined) return bunNeeds(started, command, image);
  if (call !== undefined)
    return [...delegatedNeeds(managerDelegation(call, image), command, image), ...fetchedManager(call, image)];
  if (command.name === "node" || command.name === "nodejs") return nodeProgram(command, image);
  const wrapper = wrapperDelegation(command, image);
  if (wrapper !== undefined) return delegatedNeeds(wrapper, command, image);
  return (
    startedNeeds(command, image) ??
    webServerNeeds(root, image) ??
    libraryProgram(command, image) ??
    unknownExecutable(command, image)
  );
}

/** Task runners, and pnpm with a selection, look at the whole workspace when they start something. */
function readsWorkspace(command: ResolvedCommand, call: ManagerCall | undefined, image: ImageView): boolean {
  if (command.name === "turbo" || command.name === "lerna") return true;
  return call?.manager === "pnpm" && selectedPackages(call, image).kind !== "none";
}

/** Programs that package scripts start and that no library brings. */
const OF_THE_SYSTEM =
  /^(?:[[:.]|\[\[|alias|awk|base64|bash|basename|break|builtin|bzip2|cat|cd|chgrp|chmod|chown|clear|command|continue|cp|curl|cut|date|dd|declare|df|diff|dirname|docker|du|echo|env|eval|exec|exit|export|false|find|getopts|git|grep|groups|gunzip|gzip|hash|head|hostname|id|install|jobs|kill|let|ln|local|ls|make|md5sum|mkdir|mktemp|mv|nice|nohup|openssl|printf|ps|pwd|python\d?|read|readlink|readonly|realpath|return|rm|rmdir|sed|set|sh|sha256sum|shift|sleep|sort|source|split|stat|su|sync|tail|tar|tee|test|time|timeout|touch|tr|trap|true|type|ulimit|umask|uname|uniq|unset|unzip|wait|wc|wget|which|whoami|xargs|yes|zcat)$/;

/** A package script starts what may be an executable of any library, of a library's library too: nothing is left out. */
function unknownExecutable(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] | undefined {
  const [first] = command.argv;
  const path = command.environment.get("PATH")?.text ?? "";
  if (first === undefined || !/^[^:]*\/node_modules\/\.bin:/.test(`${path}:`) || first.text.includes("/"))
    return undefined;
  if (OF_THE_SYSTEM.test(command.name) || command.name === "" || image.packages.includes(command.name))
    return undefined;
  if (image.base.executables.includes(command.name)) return undefined;
  const directory = projectOf(command, image);
  if (treeFor(directory, image) === undefined) return undefined;
  const reason = `It is not known which library brings "${command.name}", nor what it reads.`;
  return [everything(directory, reason, whyOf(command))];
}

/** Yarn 2 and later start nothing without the project's lock file, settings and the state of its install. */
function berryNeeds(call: ManagerCall, image: ImageView): readonly RuntimeNeed[] {
  const why = whyOf(call.command);
  const followed = delegatedNeeds(managerDelegation(call, image), call.command, image);
  return [
    ...followed,
    everything(
      projectOf(call.command, image),
      "Yarn reads its lock file, settings and install state to start it.",
      why,
    ),
  ];
}

function bunNeeds(script: Argument, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const settings = bunSettings(command, image).map((path) =>
    pathNeed(path, "Bun reads its settings when it starts.", whyOf(command), "likely"),
  );
  const path = imagePath(script.text, command.workdir);
  return [...settings, ...programNeeds({ script: path, preloads: [], tools: [], interpreter: "bun" }, command, image)];
}

/** A manager that Corepack fetched while it built would be fetched anew at each start, so the image stays as it was built. */
function fetchedManager(call: ManagerCall, image: ImageView): readonly RuntimeNeed[] {
  const home = corepackHome(call.command);
  const why = whyOf(call.command);
  const pinned = nearestManifest(call.directory, image)?.packageManager?.startsWith("pnpm@") === true;
  // pnpm fetches the version that package.json names by itself (https://pnpm.io/settings#managepackagemanagerversions).
  if (call.manager === "pnpm" && pinned && image.kindOf(home) === undefined)
    return [
      everything(projectOf(call.command, image), "pnpm keeps the version of itself that package.json names.", why),
    ];
  if (call.manager === "npm" || call.manager === "bun" || image.kindOf(home) !== "directory") return [];
  const reason = `Corepack keeps the "${call.manager}" that it fetched there.`;
  return [everything(projectOf(call.command, image), reason, why), everything(home, reason, why)];
}

/** A script of package.json, or a command that another one starts. */
function delegatedNeeds(
  delegation: Delegation | undefined,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const why = whyOf(command);
  const words = command.argv.map((field) => field.text).join(" ");
  if (delegation === undefined || delegation.kind === "missing")
    return [everything(projectOf(command, image), `What "${words}" does when the image runs is not known.`, why)];
  const program = executableNeed(command.name, `It starts "${words}".`, why);
  const manifest = delegation.manifest ?? nearestManifest(command.workdir, image);
  const runs = delegation.runs.map(
    (run): RuntimeNeed => ({
      kind: "runs",
      ...run,
      reason: `"${words}" runs it.`,
      confidence: "certain",
      because: why.because,
    }),
  );
  const own =
    manifest === undefined ? [] : [manifestNeed(manifest, why), ...wrapperLibrary(command, manifest, image, why)];
  return [...(isInstalledGlobally(command.name, image) ? [program] : []), ...own, ...runs];
}

/** `npm-run-all`, `cross-env` and the like are libraries; package managers are not. */
function isInstalledGlobally(name: string, image: ImageView): boolean {
  return /^(?:npm|npx|yarn|yarnpkg|pnpm|pnpx|bun|bunx)$/.test(name) || image.base.executables.includes(name);
}

function wrapperLibrary(
  command: ResolvedCommand,
  manifest: Manifest,
  image: ImageView,
  why: Reason,
): readonly RuntimeNeed[] {
  const package_ = packageOfBinary(command.name, allNames(manifest));
  if (package_ === undefined) return [];
  return libraryNeeds(manifest, image, { development: isDevelopment(package_, manifest) ? [package_] : [] }, why);
}

function nodeProgram(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const why = whyOf(command);
  const node = readNodeCommand(command.argv);
  const files = node.files.map((name) =>
    pathNeed(imagePath(name, command.workdir), "Node reads the environment from it.", why, "likely"),
  );
  if (node.script === undefined || !node.script.known) {
    const program = executableNeed("node", "The image starts Node.", why);
    // Code on the command line, such as a health check's, mostly uses Node alone.
    return node.inline
      ? [program]
      : [program, everything(projectOf(command, image), "The image starts Node without a program that is known.", why)];
  }
  const library = libraryScript(node.script, command, image);
  if (library !== undefined) return [...files, ...library];
  return [
    ...files,
    ...programNeeds(
      { script: imagePath(node.script.text, command.workdir), preloads: node.preloads, tools: [] },
      command,
      image,
    ),
  ];
}

/** `node node_modules/.bin/next start`: an executable of a library, started by its file. */
function libraryScript(
  script: Argument,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] | undefined {
  const name = /(?:^|\/)node_modules\/(?:\.bin\/|.*\/)?([^/]+?)(?:\.[cm]?js)?$/.exec(script.text)?.[1];
  if (name === undefined) return undefined;
  const rest = command.argv.slice(command.argv.indexOf(script) + 1);
  const direct = { ...command, name, argv: [{ ...script, text: name }, ...rest] };
  return startedNeeds(direct, image) ?? libraryProgram(direct, image);
}
