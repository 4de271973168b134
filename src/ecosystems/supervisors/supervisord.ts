/**
 * What supervisord starts (http://supervisord.org/configuration.html):
 *
 *     [program:worker]
 *     command=celery -A %(ENV_APP)s worker     celery -A shop worker
 *     directory=/app                           in /app
 *     [include]
 *     files=conf.d/*.conf                      relative to the file that says so
 *
 * Programs that do not start by themselves count, too: `supervisorctl start` starts them.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView, ResolvedCommand, RuntimeNeed, SymbolicText } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { starts, tells, untold } from "./started-by.ts";

interface Section {
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** Options with a value (http://supervisord.org/running.html#supervisord-command-line-options). */
const VALUED =
  "-c --configuration -u --user -m --umask -d --directory -l --logfile -y --logfile_maxbytes -z --logfile_backups -e --loglevel -j --pidfile -i --identifier -q --childlogdir -a --minfds --minprocs".split(
    " ",
  );

/** Where it looks without `-c`; the first two are relative to the program, `/usr/bin` or `/usr/local/bin`. */
const PLACES = [
  "/usr/local/etc/supervisord.conf",
  "/usr/etc/supervisord.conf",
  "supervisord.conf",
  "etc/supervisord.conf",
  "/etc/supervisord.conf",
  "/etc/supervisor/supervisord.conf",
];

/**
 * What the files that packages bring include: Debian's /etc/supervisor/supervisord.conf and Alpine's /etc/supervisord.conf
 * (https://sources.debian.org/src/supervisor/, https://git.alpinelinux.org/aports/tree/community/supervisor).
 */
const PACKAGED: Readonly<Record<string, string>> = {
  "/etc/supervisor/supervisord.conf": "/etc/supervisor/conf.d/*.conf",
  "/etc/supervisord.conf": "/etc/supervisor.d/*.ini",
};

/** Needs of the programs that its configuration names. */
export function supervisordNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { values } = readOperands(command.argv, VALUED);
  const given = values.get("-c") ?? values.get("--configuration");
  if (given !== undefined && !given.known) return untold(`"${given.text}" is not known`, command, image);
  const path = given === undefined ? usualPlace(command, image) : imagePath(given.text, command.workdir);
  if (path === undefined || image.kindOf(path) === undefined) return packagedNeeds(path, command, image);
  const text = image.read(path);
  if (text === undefined) return [tells(path, command), ...untold(`"${path}" is not in the checkout`, command, image)];
  const sections = parseSections(text);
  const included = includedFiles(sections, path, command, image);
  return [tells(path, command), ...programNeeds(sections, path, command, image), ...included];
}

function usualPlace(command: ResolvedCommand, image: ImageView): ImagePath | undefined {
  return PLACES.map((one) => imagePath(one, command.workdir)).find((path) => image.kindOf(path) === "file");
}

/** The configuration of a package, which includes what lies in a directory. */
function packagedNeeds(
  path: ImagePath | undefined,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const patterns = path === undefined ? Object.values(PACKAGED) : [PACKAGED[path] ?? ""];
  const files = image.packages.includes("supervisor")
    ? patterns.flatMap((pattern) => filesOf(pattern, imagePath("/"), image))
    : [];
  if (files.length > 0) return files.flatMap((file) => fileNeeds(file, command, image));
  const why = path === undefined ? "no configuration of it is found in the image" : `"${path}" is not in the image`;
  return untold(why, command, image);
}

function includedFiles(
  sections: readonly Section[],
  path: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const patterns = sections
    .filter(({ name }) => name === "include")
    .flatMap(({ settings }) => (settings.get("files") ?? "").split(/\s+/))
    .filter((pattern) => pattern !== "");
  const here = imagePath("..", path);
  const expanded = patterns.map((pattern) => expand(pattern, here, "", command.environment));
  return expanded.flatMap((pattern) => {
    if (!pattern.known) return untold(`"${pattern.text}" is not known`, command, image);
    return filesOf(pattern.text, here, image).flatMap((file) => fileNeeds(file, command, image));
  });
}

/** An included file, whose own [include] does not count. */
function fileNeeds(path: ImagePath, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const text = image.read(path);
  if (text === undefined) return [tells(path, command), ...untold(`"${path}" is not in the checkout`, command, image)];
  return [tells(path, command), ...programNeeds(parseSections(text), path, command, image)];
}

/** Files of the image that a pattern of one directory matches. */
function filesOf(pattern: string, from: ImagePath, image: ImageView): readonly ImagePath[] {
  const path = imagePath(pattern, from);
  const directory = imagePath("..", path);
  return image
    .children(directory)
    .filter((name) => matchesWildcard(baseName(path), name))
    .map((name) => imagePath(name, directory));
}

function programNeeds(
  sections: readonly Section[],
  path: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const whole = sections.find(({ name }) => name === "supervisord")?.settings ?? new Map<string, string>();
  const here = imagePath("..", path);
  return sections.flatMap(({ name, settings }): readonly RuntimeNeed[] => {
    const [, kind, program = ""] = /^(program|eventlistener|fcgi-program):(.+)$/.exec(name) ?? [];
    const line = settings.get("command");
    if (kind === undefined || line === undefined) return [];
    const environment = new Map([
      ...command.environment,
      ...pairsOf(whole.get("environment"), here, program, command.environment),
      ...pairsOf(settings.get("environment"), here, program, command.environment),
    ]);
    const directory = settings.get("directory") ?? whole.get("directory");
    const at = directory === undefined ? undefined : expand(directory, here, program, environment);
    if (at?.known === false) return untold(`"${at.text}" is not known`, command, image);
    const workdir = at === undefined ? command.workdir : imagePath(at.text, command.workdir);
    return [
      starts(expand(line, here, program, environment).text, command, workdir, environment),
      ...logNeeds(settings, here, command, image),
    ];
  });
}

/** Directories that logs are written to have to be there: supervisord makes none. */
function logNeeds(
  settings: Section["settings"],
  here: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  return ["stdout_logfile", "stderr_logfile"].flatMap((name): readonly RuntimeNeed[] => {
    const path = /^\/(?!dev\/)[^%]+$/.exec(settings.get(name) ?? "")?.[0];
    const directory = path === undefined ? undefined : imagePath("..", imagePath(path, here));
    if (directory === undefined || image.kindOf(directory) !== "directory" || directory === "/") return [];
    const reason = `"${command.name}" writes logs there.`;
    return [{ kind: "path", path: directory, reason, confidence: "likely", because: [command.because] }];
  });
}

/** `KEY="a b",OTHER=c`. */
function pairsOf(
  text: string | undefined,
  here: ImagePath,
  program: string,
  environment: Environment,
): readonly (readonly [string, SymbolicText])[] {
  const found = (text ?? "").matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g);
  return [...found].map(([, name = "", double, single, bare]) => {
    const value = double ?? single ?? bare ?? "";
    return [name, expand(value, here, program, environment)] as const;
  });
}

/** `%(ENV_X)s`, `%(here)s`, `%(program_name)s`, `%(process_num)02d`; a variable without a value becomes `$X`. */
function expand(text: string, here: ImagePath, program: string, environment: Environment): SymbolicText {
  let known = true;
  const expanded = text.replace(/%%|%\((\w+)\)0?\d*[sd]/g, (whole, name: string | undefined) => {
    if (name === undefined) return "%";
    if (name === "here") return here;
    if (name === "program_name" || name === "group_name") return program;
    if (name === "process_num") return "0";
    const value = name.startsWith("ENV_") ? environment.get(name.slice(4)) : undefined;
    if (value?.known === true) return value.text;
    known = false;
    return name.startsWith("ENV_") ? `$${name.slice(4)}` : whole;
  });
  return { text: expanded, known };
}

/** Sections as Python's ConfigParser reads them: `;` and `#` comments, and lines that go on when they are indented. */
function parseSections(text: string): readonly Section[] {
  const sections: { name: string; settings: Map<string, string> }[] = [];
  let last: string | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)[;#].*$/, "").trimEnd();
    if (line.trim() === "") continue;
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const settings = sections.at(-1)?.settings;
    const [, key, value] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (header !== undefined) {
      sections.push({ name: header.trim(), settings: new Map() });
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      settings?.set(last, `${settings.get(last) ?? ""} ${line.trim()}`.trim());
    } else if (key !== undefined) {
      settings?.set(key.toLowerCase(), value ?? "");
      last = key.toLowerCase();
    }
  }
  return sections;
}
