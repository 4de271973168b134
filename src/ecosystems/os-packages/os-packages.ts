/**
 * Package managers of the operating system:
 *
 *     apt-get install -y --no-install-recommends curl=7.*    installs curl
 *     apk add --no-cache --virtual .build gcc musl-dev       installs gcc and musl-dev as the group ".build"
 *     rm -rf /var/lib/apt/lists/*                            cleans
 *
 * What a package is for is the table's to say (purposes.ts); which instruction it ends up in, the importer's.
 */
import type { Ecosystem, Effect, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { repository } from "./repositories.ts";

type Action = "install" | "remove" | "refresh" | "clean";

const APT_VALUES = ["-o", "--option", "-t", "--target-release", "-c", "--config-file"];
const APK_VALUES = [
  "-t",
  "--virtual",
  "-X",
  "--repository",
  "--repositories-file",
  "-p",
  "--root",
  "--wait",
  "--arch",
  "--keys-dir",
];

const VERBS: Readonly<Record<string, Action>> = {
  add: "install",
  install: "install",
  in: "install",
  localinstall: "install",
  reinstall: "install",
  del: "remove",
  remove: "remove",
  rm: "remove",
  purge: "remove",
  erase: "remove",
  autoremove: "clean",
  "auto-remove": "clean",
  update: "refresh",
  refresh: "refresh",
  ref: "refresh",
  makecache: "refresh",
  clean: "clean",
  autoclean: "clean",
  cache: "clean",
};

const MANAGERS: Readonly<Record<string, string>> = {
  zypper: "zypper",
  tdnf: "dnf",
  apt: "apt",
  "apt-get": "apt",
  aptitude: "apt",
  apk: "apk",
  dnf: "dnf",
  microdnf: "dnf",
  yum: "dnf",
  rpm: "dnf",
  "yum-config-manager": "dnf",
};

/** Reads apt, apk, dnf, zypper and pacman command lines. */
export const osPackages: Ecosystem = {
  name: "os-packages",
  interpret(command) {
    if (isListRemoval(command)) return [{ kind: "packages", manager: "apt", action: "clean", names: [] }];
    if (command.name === "add-apt-repository" || command.name === "apt-key") return [addsRepository("apt", command)];
    if (isRepositoryVerb(command)) return [addsRepository(MANAGERS[command.name] ?? command.name, command)];
    if (command.name === "pacman") return readPacman(command);
    const manager = MANAGERS[command.name];
    return manager === undefined ? undefined : readManager(manager, command);
  },
  needs: () => undefined,
  runtimeBases: () => undefined,
};

/** `zypper addrepo`, `dnf config-manager --add-repo`, `yum-config-manager --add-repo`, `rpm --import`: no package comes. */
function isRepositoryVerb({ name, argv }: ResolvedCommand): boolean {
  const words = argv.slice(1).map(({ text }) => text);
  if (name === "rpm") return words.includes("--import");
  if (name === "yum-config-manager") return true;
  const verb = words.find((word) => !word.startsWith("-")) ?? "";
  return (
    (name === "zypper" && /^(?:addrepo|ar)$/.test(verb)) || (MANAGERS[name] === "dnf" && verb === "config-manager")
  );
}

function addsRepository(manager: string, { argv, input }: ResolvedCommand): Effect {
  return repository(manager, [...argv.map(({ text }) => text), input ?? ""].join(" "));
}

function refresh(manager: string): Effect {
  return { kind: "packages", manager, action: "refresh", names: [] };
}

const CACHES =
  /^(?:\/var\/lib\/apt(?:\/lists)?|\/var\/cache\/(?:apt|apk|yum|dnf|zypp|pacman)|\/etc\/apk\/cache)(?:\/|$)/;

/** `rm -rf /var/lib/apt/lists/*` belongs to the install before it. */
function isListRemoval(command: ResolvedCommand): boolean {
  if (command.name !== "rm") return false;
  const { operands } = readOperands(command.argv, []);
  return (
    operands.length > 0 &&
    operands.every((o) => CACHES.test(o.text) || /^\/(?:var\/)?tmp\/\*$/.test(o.text)) &&
    operands.some((o) => CACHES.test(o.text))
  );
}

function readManager(manager: string, command: ResolvedCommand): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, manager === "apk" ? APK_VALUES : APT_VALUES);
  const [verb, ...names] = operands;
  const action = VERBS[verb?.text ?? ""];
  if (verb === undefined || verb.text === "upgrade" || verb.text === "dist-upgrade")
    return [{ kind: "packages", manager, action: "refresh", names: ["*"] }];
  if (action === undefined) return [{ kind: "nothing" }];
  if (names.some((name) => !name.known)) return [{ kind: "unknown", why: "the names of its packages are not known" }];
  if (action === "install" && names.some((name) => isPackageFile(name.text)))
    return [{ kind: "unknown", why: "it installs a package out of a file" }];
  const group = (values.get("-t") ?? values.get("--virtual"))?.text;
  return [
    {
      kind: "packages",
      manager,
      action,
      names: names.flatMap((name) => (action === "clean" ? [] : [name.text])),
      ...(group === undefined || manager !== "apk" ? {} : { group }),
    },
  ];
}

/** `pacman -Syu --noconfirm gcc` (https://man.archlinux.org/man/pacman.8): the operation is one letter in capitals. */
function readPacman(command: ResolvedCommand): readonly Effect[] {
  const words = command.argv.slice(1).map(({ text }) => text);
  const letters = words.filter((word) => /^-[A-Za-z]+$/.test(word)).join("");
  const names = command.argv.slice(1).filter(({ text }) => !text.startsWith("-"));
  const removes = letters.includes("R") || words.includes("--remove");
  const installs = letters.includes("S") || words.includes("--sync");
  if (names.some(({ known }) => !known)) return [{ kind: "unknown", why: "the names of its packages are not known" }];
  if (letters.includes("U") || words.includes("--upgrade"))
    return [{ kind: "unknown", why: "it installs a package out of a file" }];
  if (/S[a-z]*c/.test(letters)) return [{ kind: "packages", manager: "pacman", action: "clean", names: [] }];
  if (!removes && !installs) return [{ kind: "nothing" }];
  if (names.length === 0) return [refresh("pacman")];
  return [
    {
      kind: "packages",
      manager: "pacman",
      action: removes ? "remove" : "install",
      names: names.map(({ text }) => text),
    },
  ];
}

/** `./tool.deb`, `tool_1.2.apk`: a file of the image or the network, not a name in an index. */
function isPackageFile(operand: string): boolean {
  return /^\.{0,2}\/|:\/\/|\.(?:apk|deb|rpm)$/.test(operand);
}

/** A package operand without its version or release: `curl=7.*`, `nodejs@edge`, `libc6:amd64`, `./x.deb`. */
export function packageName(operand: string): string {
  return operand.startsWith("/") || operand.startsWith(".") ? operand : operand.replace(/[=<>~@:/].*$/, "");
}
