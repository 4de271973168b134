/**
 * What schedulers start:
 *
 *     cron -f                  the jobs of /etc/crontab, /etc/cron.d, the users' own tables, and scripts in /etc/cron.daily …
 *     crond -f                 the same of BusyBox: /etc/crontabs, /etc/periodic
 *     supercronic /app/tab     the jobs of one table
 *     crontab /app/tab         makes one the user's own
 *
 * Tables: https://manpages.debian.org/stable/cron/crontab.5.en.html; BusyBox's: https://git.busybox.net/busybox/tree/miscutils/crond.c;
 * Alpine's directories: https://wiki.alpinelinux.org/wiki/Cron.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView, ResolvedCommand, RuntimeNeed, SymbolicText } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { starts, tells, untold } from "./started-by.ts";

/** Tables whose jobs name their user. */
const SYSTEM_TABLES = ["/etc/crontab", "/etc/cron.d"];
const USER_TABLES = ["/var/spool/cron/crontabs", "/var/spool/cron", "/etc/crontabs"];
const SCRIPTS = "hourly daily weekly monthly"
  .split(" ")
  .flatMap((period) => [`/etc/cron.${period}`, `/etc/periodic/${period}`])
  .concat("/etc/periodic/15min");

interface Table {
  readonly path: ImagePath;
  readonly namesUser: boolean;
}

/** Needs of all jobs that the image holds. */
export function cronNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { values } = readOperands(command.argv, ["-c", "-l", "-L", "-d", "-x"]);
  const directory = values.get("-c");
  const own = directory?.known === true ? [directory.text] : USER_TABLES;
  const tables = [
    ...SYSTEM_TABLES.flatMap((place) => filesAt(place, image).map((path): Table => ({ path, namesUser: true }))),
    ...own.flatMap((place) => filesAt(place, image).map((path): Table => ({ path, namesUser: false }))),
  ];
  const scripts = SCRIPTS.flatMap((place) => filesAt(place, image));
  if (tables.length + scripts.length === 0) return untold("no table of jobs is found in the image", command, image);
  return [
    ...tables.flatMap((table) => tableNeeds(table, command, image)),
    ...scripts.flatMap((path) => [tells(path, command), starts(path, command, imagePath("/"), command.environment)]),
  ];
}

/** `crontab FILE` and `supercronic FILE`: one table, whose jobs name no user. */
export function installedTab(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { operands, options } = readOperands(command.argv, ["-u", "-c"]);
  const [operand] = operands;
  if (options.has("-l") || options.has("-r") || options.has("-e")) return [];
  if (operand === undefined || !operand.known || operand.text === "-")
    return untold("its table of jobs is made when the image runs", command, image);
  return tableNeeds({ path: imagePath(operand.text, command.workdir), namesUser: false }, command, image);
}

/** A file itself, or the files of a directory. */
function filesAt(place: string, image: ImageView): readonly ImagePath[] {
  const path = imagePath(place);
  if (image.kindOf(path) === "file") return [path];
  return image
    .children(path)
    .map((name) => imagePath(name, path))
    .filter((one) => image.kindOf(one) === "file");
}

function tableNeeds(table: Table, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const text = image.read(table.path);
  if (text === undefined)
    return [
      ...(image.kindOf(table.path) === undefined ? [] : [tells(table.path, command)]),
      ...untold(`"${table.path}" is not in the checkout`, command, image),
    ];
  const { jobs, environment } = parseTable(text, table.namesUser, command.environment);
  const shell = environment.get("SHELL");
  return [
    tells(table.path, command),
    ...jobs.map((job) => starts(job, command, imagePath("/root"), environment)),
    ...(shell?.known === true ? [shellOf(shell.text, command)] : []),
  ];
}

function shellOf(name: string, { because }: ResolvedCommand): RuntimeNeed {
  const reason = "Jobs run in it.";
  return { kind: "executable", name, reason, confidence: "certain", because: [because] };
}

const NICKNAME = /^@\w+\s+(.*)$/;
const FIELDS = /^(?:[\w*/,~-]+\s+){5}(.*)$/;

/** The commands of a table and the variables that it sets; a `%` that is not escaped ends a command. */
export function parseTable(
  text: string,
  namesUser: boolean,
  inherited: Environment,
): { readonly jobs: readonly string[]; readonly environment: Environment } {
  const environment = new Map<string, SymbolicText>(inherited);
  const jobs: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (line === "" || line.startsWith("#")) continue;
    if (name !== undefined) {
      environment.set(name, { text: (value ?? "").replace(/^(["'])(.*)\1$/, "$2"), known: true });
      continue;
    }
    const rest = (NICKNAME.exec(line) ?? FIELDS.exec(line))?.[1] ?? "";
    const job = (namesUser ? rest.replace(/^\S+\s+/, "") : rest).replace(/(?<!\\)%.*$/, "").replaceAll("\\%", "%");
    if (job.trim() !== "") jobs.push(job);
  }
  return { jobs, environment };
}
