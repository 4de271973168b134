/**
 * Programs that start an image in a way of their own:
 *
 *     nodemon --exec ts-node src/a.ts   the watcher, and what it executes
 *     pm2-runtime start app.config.js   the programs that the process file names
 *     serve -s build                    the directory build
 *     next start                        .next, public, next.config.js and the libraries
 *     ng serve                          everything: a development server builds when it runs
 */
import { quoteWords } from "../../shell/quote.ts";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { packageOfBinary } from "./binaries.ts";
import { readConfigurationFile, settingAt, valueAt } from "./configuration.ts";
import { allNames, nearestManifest } from "./manifest.ts";
import { readNext } from "./outputs/frameworks.ts";
import { readProgram } from "./program.ts";
import {
  builtNeeds,
  everything,
  executableNeed,
  isDevelopment,
  isWorkspace,
  libraryNeeds,
  manifestNeed,
  pathNeed,
  projectNeeds,
  type Reason,
} from "./project-needs.ts";
import { programNeeds } from "./runtime-program.ts";
import { configurationUse } from "./settings-use.ts";
import { allSources } from "./source-files.ts";

/** The reasons of a command's needs: its own place. */
export function whyOf(command: ResolvedCommand): Reason {
  return { because: [command.because] };
}

/** The directory of the project that a command runs in. */
export function projectOf(command: ResolvedCommand, image: ImageView): ImagePath {
  return nearestManifest(command.workdir, image)?.directory ?? command.workdir;
}

type Starter = (command: ResolvedCommand, image: ImageView) => readonly RuntimeNeed[] | undefined;

/** A program that brings its own way of running sources: the tool, the script, and the library or global tool itself. */
function runsScript(options: readonly string[], verbs: readonly string[] = []): Starter {
  return (command, image) => {
    const why = whyOf(command);
    const executed = optionValue(command.argv, ["-x", "--exec"]);
    const operands = operandsOf(command.argv.slice(1), [...options, "-x", "--exec"]);
    if (executed !== undefined) {
      // The program that `--exec tsx src/index.ts` names is the operand (https://github.com/remy/nodemon#running-non-node-scripts).
      const started = [executed, quoteWords(operands.map((field) => field.text))]
        .filter((text) => text !== "")
        .join(" ");
      return [...toolNeeds(command, image, why), ...runs(started, command, why), ...sources(command, image, why)];
    }
    const [first, ...rest] = verbs.includes(operands[0]?.text ?? "") ? operands.slice(1) : operands;
    if (first === undefined)
      return [
        everything(projectOf(command, image), `"${command.name}" starts a program that is not known.`, why),
        ...toolNeeds(command, image, why),
      ];
    if (/^(?:npm|yarn|pnpm)$/.test(first.text))
      return [
        ...toolNeeds(command, image, why),
        ...runs([first, ...rest].map((field) => field.text).join(" "), command, why),
      ];
    const script = imagePath(first.text, command.workdir);
    const configured =
      image.kindOf(script) === "file" && /\.config\.[cm]?js$|\.json$|\.ya?ml$/.test(script)
        ? processFile(script, command, image, why)
        : undefined;
    if (configured !== undefined)
      return [...toolNeeds(command, image, why), pathNeed(script, "It says what is started.", why), ...configured];
    const tool = localTool(command, image);
    return [
      ...toolNeeds(command, image, why),
      ...programNeeds({ script, preloads: [], tools: tool === undefined ? [] : [tool] }, command, image),
    ];
  };
}

function runs(script: string, command: ResolvedCommand, why: Reason): readonly RuntimeNeed[] {
  const { workdir, environment } = command;
  return [
    {
      kind: "runs",
      script,
      workdir,
      environment,
      reason: `"${command.name}" runs it.`,
      confidence: "certain",
      because: why.because,
    },
  ];
}

/** The programs of a pm2 process file (https://pm2.keymetrics.io/docs/usage/application-declaration/). */
function processFile(
  path: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
  why: Reason,
): readonly RuntimeNeed[] | undefined {
  const value = readConfigurationFile(path, command.workdir, image, command.environment);
  const apps = valueAt(value, ["apps"]);
  const list = apps.kind === "list" ? apps.items : apps.kind === "object" ? [apps] : [value];
  const scripts = list.map((app) => settingAt(app, ["script"]));
  if (!scripts.every((script) => script.kind === "text")) return undefined;
  return scripts.flatMap((script) =>
    script.kind === "text"
      ? runs(/\.[cm]?[jt]s$/.test(script.text) ? `node ${script.text}` : script.text, command, why)
      : [],
  );
}

/** The package of the project that brings the command; `undefined` when it is installed for the whole image. */
function localTool(command: ResolvedCommand, image: ImageView): string | undefined {
  const manifest = nearestManifest(command.workdir, image);
  return manifest === undefined ? undefined : packageOfBinary(command.name, allNames(manifest));
}

/** The library that brings the command, else the command by its name. */
function toolNeeds(
  command: ResolvedCommand,
  image: ImageView,
  why: Reason,
  alsoUsed: readonly string[] = [],
): readonly RuntimeNeed[] {
  const manifest = nearestManifest(command.workdir, image);
  const package_ = localTool(command, image);
  const node = executableNeed("node", `"${command.name}" is a Node program.`, why);
  if (manifest === undefined || package_ === undefined)
    return [node, executableNeed(command.name, `The image starts "${command.name}".`, why)];
  const development = [...(isDevelopment(package_, manifest) ? [package_] : []), ...alsoUsed];
  return [node, manifestNeed(manifest, why), ...libraryNeeds(manifest, image, { development }, why)];
}

function operandsOf(fields: readonly Argument[], valued: readonly string[]): readonly Argument[] {
  const end = fields.findIndex((field) => field.text === "--");
  const found: Argument[] = [];
  for (let at = 0; at < (end < 0 ? fields.length : end); at++) {
    const field = fields[at];
    if (field === undefined) break;
    if (field.text.startsWith("-")) {
      if (valued.includes(field.text)) at++;
    } else found.push(field);
  }
  return end < 0 ? found : [...found, ...fields.slice(end + 1)];
}

function optionValue(argv: readonly Argument[], names: readonly string[]): string | undefined {
  const at = argv.findIndex(
    (field) => names.includes(field.text) || names.some((name) => field.text.startsWith(`${name}=`)),
  );
  const field = argv[at];
  if (field === undefined) return undefined;
  return field.text.includes("=") ? field.text.slice(field.text.indexOf("=") + 1) : argv[at + 1]?.text;
}

/** The project's own files and what the build made among them. */
function sources(command: ResolvedCommand, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  const directory = projectOf(command, image);
  return [
    ...projectNeeds(directory, image, "The image runs the project's own files as they are.", why),
    ...builtNeeds(directory, image, why),
  ];
}

/** Static file servers: the directory operand, by default the working directory. */
function servesDirectory(options: readonly string[], standard?: string): Starter {
  return (command, image) => {
    const why = whyOf(command);
    const [operand] = operandsOf(command.argv.slice(1), options);
    const fallback = standard !== undefined && isKnown(imagePath(standard, command.workdir), image) ? standard : ".";
    const directory = imagePath(operand?.text ?? fallback, command.workdir);
    const settings = imagePath("serve.json", command.workdir);
    const extra =
      image.kindOf(settings) === undefined ? [] : [pathNeed(settings, "The server's settings.", why, "likely")];
    const served =
      directory === projectOf(command, image)
        ? sources(command, image, why)
        : [pathNeed(directory, "The server hands out its files.", why)];
    return [...toolNeeds(command, image, why), ...served, ...extra];
  };
}

function isKnown(path: ImagePath, image: ImageView): boolean {
  return image.kindOf(path) !== undefined || image.artifacts.some((artifact) => artifact.path === path);
}

/** https://nextjs.org/docs/app/api-reference/cli/next#next-start-options */
const next: Starter = (command, image) => {
  const why = whyOf(command);
  const [verb, site] = operandsOf(command.argv.slice(1), ["-p", "--port", "-H", "--hostname", "--keepAliveTimeout"]);
  if (verb?.text !== "start") return development(command, image);
  const directory = imagePath(site?.text ?? ".", command.workdir);
  const manifest = nearestManifest(directory, image);
  if (manifest === undefined || isWorkspace(manifest, image))
    return [everything(directory, "The site's packages link to one another.", why), ...toolNeeds(command, image, why)];
  const built = readNext(directory, image, command.environment)?.directory ?? imagePath(".next", directory);
  const beside = image
    .children(directory)
    .filter((name) =>
      /^(?:public|next\.config\.\w+|next-i18next\.config\.\w+|\.env(?:\.production)?(?:\.local)?|i18n(?:\.\w+)?|locales|server\.js)$/.test(
        name,
      ),
    )
    .map((name) => pathNeed(imagePath(name, directory), "Next reads it when it starts or answers.", why, "likely"));
  const settings = configurationUse(directory, command, image);
  const imported = settings.files
    .filter((path) => image.kindOf(path) === "file")
    .map((path) => pathNeed(path, "Next reads its settings when it starts.", why, "likely"));
  return [
    ...toolNeeds(command, image, why, settings.development),
    pathNeed(built, "Next answers from what it built.", why),
    ...beside,
    ...imported,
    ...pageNeeds(directory, command, image, why),
  ];
};

/** Files that pages and routes open on the server; where their paths are computed, the project's own files. */
function pageNeeds(
  directory: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
  why: Reason,
): readonly RuntimeNeed[] {
  const entries = allSources(directory, image, 0);
  const { workdir, environment } = command;
  const use = readProgram({ entries, image, workdir, environment, runsAs: (source) => source });
  const isCode = (path: ImagePath): boolean =>
    /\.[cm]?[jt]sx?$/.test(path) || entries.some((entry) => entry.startsWith(`${path}/`));
  const opened = [...use.paths].filter((path) => image.hostOf(path) !== undefined && path !== directory);
  if (use.opensUnknown || opened.some((path) => isCode(path) && image.kindOf(path) === "directory"))
    return projectNeeds(directory, image, "Pages open files whose paths they compute.", why);
  return opened.filter((path) => !isCode(path)).map((path) => pathNeed(path, "A page opens it.", why, "likely"));
}

/** Nuxt 2 and Nuxt's `start`. */
const nuxt: Starter = (command, image) => {
  const [verb] = operandsOf(command.argv.slice(1), ["-p", "--port", "-H", "--hostname"]);
  if (verb?.text !== "start") return development(command, image);
  const why = whyOf(command);
  const settings = configurationUse(projectOf(command, image), command, image);
  return [...toolNeeds(command, image, why, settings.development), ...sources(command, image, why)];
};

const development: Starter = (command, image) => {
  const words = command.argv.map((field) => field.text).join(" ");
  return [
    executableNeed("node", `"${command.name}" is a Node program.`, whyOf(command)),
    {
      ...everything(
        projectOf(command, image),
        `"${words}" is a development server: it builds the sources when it runs.`,
        whyOf(command),
      ),
      developmentServer: words,
    },
  ];
};

/** Tools whose start verbs build sources; with any other verb they read the project's files. */
function developmentWith(...verbs: readonly string[]): Starter {
  return (command, image) => {
    const [verb] = operandsOf(command.argv.slice(1), []);
    return verbs.includes(verb?.text ?? "") ? development(command, image) : libraryProgram(command, image);
  };
}

const NODEMON = [
  "-e",
  "--ext",
  "-w",
  "--watch",
  "-i",
  "--ignore",
  "--delay",
  "-d",
  "--signal",
  "-C",
  "--config",
  "--cwd",
];
const TS_NODE = [
  "-P",
  "--project",
  "-r",
  "--require",
  "-O",
  "--compiler-options",
  "-C",
  "--compiler",
  "--cwd",
  "--tsconfig",
  "--env-file",
  "--import",
];
const PM2 = [
  "-i",
  "--instances",
  "-n",
  "--name",
  "--env",
  "--interpreter",
  "--node-args",
  "--max-memory-restart",
  "-o",
  "--output",
  "-e",
  "--error",
  "-l",
  "--log",
  "--only",
  "--cwd",
  "--format",
  "--delay",
];
const SERVE = ["-l", "--listen", "-p", "--port", "-c", "--config", "--ssl-cert", "--ssl-key"];
const HTTP_SERVER = [
  "-p",
  "--port",
  "-a",
  "-c",
  "-P",
  "--proxy",
  "-e",
  "--ext",
  "-t",
  "-C",
  "-K",
  "--cert",
  "--key",
  "--username",
  "--password",
];

const STARTERS: Readonly<Record<string, Starter>> = {
  "babel-node": runsScript(["--presets", "--plugins", "-x", "--extensions"]),
  craco: developmentWith("start"),
  ember: developmentWith("serve", "server", "s"),
  forever: runsScript(["-l", "-o", "-e", "-c", "--minUptime", "--spinSleepTime"], ["start"]),
  gatsby: developmentWith("develop"),
  "http-server": servesDirectory(HTTP_SERVER, "public"),
  "live-server": servesDirectory([]),
  "local-web-server": servesDirectory(["-p", "-d"]),
  nest: developmentWith("start"),
  next,
  ng: developmentWith("serve", "s", "dev"),
  "node-dev": runsScript([]),
  nodemon: runsScript(NODEMON),
  nuxt,
  nuxi: nuxt,
  parcel: (command, image) => development(command, image),
  pm2: runsScript(PM2, ["start", "startOrRestart", "startOrReload"]),
  "pm2-docker": runsScript(PM2, ["start"]),
  "pm2-runtime": runsScript(PM2, ["start"]),
  "react-app-rewired": developmentWith("start"),
  "react-scripts": developmentWith("start"),
  serve: servesDirectory(SERVE),
  "ts-node": runsScript(TS_NODE),
  "ts-node-dev": runsScript(TS_NODE),
  tsnd: runsScript(TS_NODE),
  tsx: runsScript(TS_NODE, ["watch"]),
  vite: (command, image) =>
    operandsOf(command.argv.slice(1), [])[0]?.text === "preview"
      ? libraryProgram(command, image)
      : development(command, image),
  "vue-cli-service": developmentWith("serve"),
  webpack: developmentWith("serve", "watch"),
  "webpack-dev-server": development,
};

/** The way of its own in which a command starts, or `undefined` when it has none. */
export function startedNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] | undefined {
  return BUILDS.test(wordsOf(command)) ? building(command, image) : STARTERS[command.name]?.(command, image);
}

/** Builds of bundlers and compilers: `npm run build && npm start` as CMD. */
const BUILDS =
  /^(?:(?:rollup|tsc|tsup)(?!.*\s(?:-w|--watch)\b)|webpack(?!.*\s(?:serve|watch|--watch)\b)|(?:astro|gatsby|nest|next|ng|nuxi|nuxt|react-scripts|vite|vue-cli-service) build)(?:\s|$)/;

function wordsOf({ name, argv }: ResolvedCommand): string {
  return [name, ...argv.slice(1).map(({ text }) => text)].join(" ");
}

function building(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const words = wordsOf(command);
  const all = everything(
    projectOf(command, image),
    `"${words}" builds the sources when the image runs.`,
    whyOf(command),
  );
  return [{ ...all, worksOnSources: words }];
}

/** An executable of one of the project's libraries: the library, and the project's own files. */
export function libraryProgram(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] | undefined {
  const manifest = nearestManifest(command.workdir, image);
  if (manifest === undefined || localTool(command, image) === undefined) return undefined;
  const why = whyOf(command);
  if (isWorkspace(manifest, image))
    return [everything(manifest.directory, "The project's packages link to one another.", why)];
  const settings = configurationUse(manifest.directory, command, image);
  return [...toolNeeds(command, image, why, settings.development), ...sources(command, image, why)];
}
