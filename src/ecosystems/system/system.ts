/**
 * The ecosystem of what every system has: file commands, downloads, users, and commands that only look.
 *
 *     adduser -D app       makes the user "app"
 *     echo x > /etc/a      writes /etc/a (standard output goes to the file)
 *     crontab /app/tab     writes the table of root's jobs
 *
 * Not here: package managers (os-packages) and what a program that is started needs.
 */
import { imagePath } from "../../text/paths.ts";
import type { Ecosystem, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { readDownload } from "./downloads.ts";
import { readFileCommand } from "./files.ts";

/** Commands that change nothing in the image, whatever their arguments. */
const HARMLESS = new Set(
  `: [ arch awk basename cat cut date df dirname du echo egrep env exit false fgrep file find getconf grep head hostname id
   ldd ls mktemp nproc printenv printf ps pwd readlink realpath set sha256sum sha512sum md5sum shopt sleep sort stat sync tail
   test time tr trap true type ulimit umask uname uniq unset wait wc which whoami xargs yes gpgconf gpg-agent read return shift
   local export readonly`.split(/\s+/),
);

const USER_COMMANDS = new Set([
  "adduser",
  "addgroup",
  "useradd",
  "groupadd",
  "usermod",
  "groupmod",
  "deluser",
  "userdel",
]);
const PASSWORD_COMMANDS = new Set(["chpasswd", "passwd", "chsh"]);
const USER_VALUES = [
  "-d",
  "-g",
  "-G",
  "-h",
  "-k",
  "-s",
  "-u",
  "-c",
  "-K",
  "-p",
  "--home",
  "--home-dir",
  "--shell",
  "--uid",
  "--gid",
];
const MORE_USER_VALUES = ["--ingroup", "--group", "--groups", "--gecos", "--comment", "--base-dir", "-b"];

/** Commands that rebuild a system file out of what is installed, by the directory that they write. */
const REFRESHERS: Readonly<Record<string, string>> = {
  "update-ca-certificates": "/etc/ssl/certs",
  "locale-gen": "/usr/lib/locale",
  localedef: "/usr/lib/locale",
  ldconfig: "/etc",
  "update-locale": "/etc",
  "dpkg-reconfigure": "/etc",
  "update-alternatives": "/etc",
  "fc-cache": "/var/cache/fontconfig",
  a2disconf: "/etc/apache2",
  a2dismod: "/etc/apache2",
  a2dissite: "/etc/apache2",
  a2enconf: "/etc/apache2",
  a2enmod: "/etc/apache2",
  a2ensite: "/etc/apache2",
};

export const system: Ecosystem = {
  name: "system",
  interpret(command, image) {
    const effects = readCommand(command, image);
    if (command.output === undefined || effects?.some((e) => e.kind !== "nothing") !== false) return effects;
    const url = command.name === "curl" || command.name === "wget" ? addressIn(command) : undefined;
    if (url !== undefined) return [{ kind: "download", path: command.output, form: "file", url }];
    return [{ kind: "writes", path: command.output, form: "file" }];
  },
  needs: () => undefined,
  runtimeBases: () => undefined,
};

/** `curl -sSf https://… > file`. */
function addressIn({ argv }: ResolvedCommand): string | undefined {
  return argv.find(({ text }) => /^https?:\/\//.test(text))?.text;
}

function readCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name === "find") return readFind(command);
  if (command.name === "xargs") return undefined;
  if (command.name === "gpg") return readGpg(command);
  if (HARMLESS.has(command.name) || looksUp(command)) return [{ kind: "nothing" }];
  if (USER_COMMANDS.has(command.name) || PASSWORD_COMMANDS.has(command.name)) return readUser(command);
  if (command.name === "crontab") return readCrontab(command, image);
  const refreshed = REFRESHERS[command.name];
  if (refreshed !== undefined) return [{ kind: "writes", path: refreshed as typeof command.workdir, form: "unknown" }];
  return readFileCommand(command, image) ?? readDownload(command, image);
}

/** `command -v gosu` only looks (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/command.html). */
function looksUp({ name, argv }: ResolvedCommand): boolean {
  return name === "command" && /^-p?[vV]$/.test(argv[1]?.text ?? "");
}

/** `find … -delete` and `-exec rm` remove; any other `-exec` may do anything. */
function readFind(command: ResolvedCommand): readonly Effect[] {
  const words = command.argv.map((field) => field.text);
  const exec = words.findIndex((word) => word.startsWith("-exec") || word.startsWith("-ok"));
  if (exec < 0 || /^(?:rm|chmod|chown|ls|echo|strip)$/.test(words[exec + 1] ?? "")) return [{ kind: "nothing" }];
  return [{ kind: "unknown", why: `"find" runs "${words[exec + 1] ?? ""}" on files that are not known` }];
}

/** `gpg --dearmor -o key.gpg` and `--keyring key.gpg --recv-keys` write that file (https://www.gnupg.org/documentation/manuals/gnupg/). */
function readGpg(command: ResolvedCommand): readonly Effect[] {
  const { values } = readOperands(command.argv, [
    "-o",
    "--output",
    "--keyring",
    "--keyserver",
    "--keyserver-options",
    "--homedir",
  ]);
  const written = values.get("-o") ?? values.get("--output") ?? values.get("--keyring");
  if (written === undefined || written.text === "-") return [{ kind: "nothing" }];
  if (!written.known) return [{ kind: "unknown", why: "a path in it is not known" }];
  return [{ kind: "writes", path: imagePath(written.text.replace(/^gnupg-ring:/, ""), command.workdir), form: "file" }];
}

/** `crontab FILE` makes it the table of a user; Alpine's BusyBox keeps those below /etc. */
function readCrontab(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { operands, values, options } = readOperands(command.argv, ["-u", "-c"]);
  const [file] = operands;
  if (options.has("-l")) return [{ kind: "nothing" }];
  const user = values.get("-u")?.text ?? command.user ?? "root";
  const directory = image.base.distribution?.name === "alpine" ? "/etc/crontabs" : "/var/spool/cron/crontabs";
  const path = imagePath(user, imagePath(directory));
  if (options.has("-r")) return [{ kind: "removes", path }];
  const copied = file?.known === true && file.text !== "-" ? { copyOf: imagePath(file.text, command.workdir) } : {};
  return [{ kind: "writes", path, form: "file", ...copied }];
}

function readUser(command: ResolvedCommand): readonly Effect[] {
  const { operands } = readOperands(command.argv, [...USER_VALUES, ...MORE_USER_VALUES]);
  return [{ kind: "user", names: operands.map((field) => field.text) }];
}
