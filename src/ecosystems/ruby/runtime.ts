/**
 * What a Ruby program needs where it runs:
 *
 *     CMD bundle exec puma       Ruby, the gems, the sources on the working directory
 *     CMD ["ruby", "app.rb"]     the same with app.rb
 *     CMD foreman start          what the Procfile starts
 *
 * Ruby loads by name at any time, so the sources are taken whole.
 */
import { imagePath, isWithin } from "../../text/paths.ts";
import { debianLibrary } from "../debian-libraries.ts";
import type { Argument, DependencyTree, ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { isEverywhere } from "../everywhere.ts";
import { executablesOf } from "../os-packages/purposes.ts";
import { gemNeeds } from "./gems.ts";

/** Programs that Ruby itself brings. */
const OWN = /^(?:ruby|bundle|bundler|rake|irb|gem|erb)$/;
/** Programs of packages and other ecosystems. */
const OTHERS = /^(?:bash|node|npm|npx|yarn|nginx|cron|crond|service|ps|java|python3?|mount|nproc|getent)$/;

export function rubyNeeds(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const { command } = root;
  const { name } = command;
  if (/^(?:jekyll|middleman)$/.test(name) && /^(?:s|serve|server)$/.test(command.argv[1]?.text ?? ""))
    return serverNeeds(command);
  if (name === "foreman" || name === "overmind")
    return [...programNeeds(command, image), ...procfileNeeds(command, image)];
  if (name === "bundle" || name === "bundler") return bundleNeeds(command, image);
  if (OWN.test(name))
    return treesOf(image).length === 0 && image.base.toolchain !== "ruby" ? undefined : programNeeds(command, image);
  return isGemScript(command, image) ? programNeeds(command, image) : undefined;
}

function treesOf(image: ImageView): readonly DependencyTree[] {
  return image.dependencies.filter(({ ecosystem }) => ecosystem === "ruby");
}

/** A program that only a gem can have brought. */
function isGemScript(command: ResolvedCommand, image: ImageView): boolean {
  const [first] = command.argv;
  if (first === undefined || !first.known || command.name === "" || treesOf(image).length === 0) return false;
  if (first.text.includes("/") && !/^\/usr\/local\/bundle\/bin\//.test(first.text)) return false;
  const path = image.which(first.text, command.workdir, command.environment);
  const made = path !== undefined && image.kindOf(path) !== undefined;
  const system =
    image.base.executables.includes(command.name) || isEverywhere(command.name) || OTHERS.test(command.name);
  return !made && !system && !image.packages.some((one) => executablesOf(one).includes(command.name));
}

/** `bundle exec puma`: the gem's script is found by Bundler, not by PATH. */
function bundleNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const at = command.argv.findIndex(({ text }) => text === "exec");
  const rest = at < 0 ? [] : command.argv.slice(at + 1);
  const name = rest[0]?.text ?? "";
  const shell = /^(?:ba|da|a)?sh$/.test(name);
  const script = shell || name.includes("/") || /^(?:foreman|jekyll|middleman)$/.test(name);
  const inner: readonly RuntimeNeed[] = script
    ? [
        {
          kind: "runs",
          script: rest.map(quoted).join(" "),
          workdir: command.workdir,
          environment: command.environment,
          reason: "Bundler starts it.",
          confidence: "certain",
          because: [command.because],
        },
      ]
    : [];
  return [...programNeeds(command, image), ...inner];
}

function quoted({ text, known }: Argument): string {
  return !known || /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function serverNeeds(command: ResolvedCommand): readonly RuntimeNeed[] {
  const words = command.argv.map(({ text }) => text).join(" ");
  const reason = `"${words}" builds the site when the image runs.`;
  const frame = { reason, confidence: "certain", because: [command.because] } as const;
  return [{ kind: "everything", directory: command.workdir, developmentServer: words, ...frame }];
}

/** Each line of a Procfile (https://ddollar.github.io/foreman/#PROCFILE). */
function procfileNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const text = image.read(imagePath("Procfile", command.workdir)) ?? "";
  return [...text.matchAll(/^[\w-]+:\s*(.+)$/gm)].map(
    ([, script = ""]): RuntimeNeed => ({
      kind: "runs",
      script,
      workdir: command.workdir,
      environment: command.environment,
      reason: "The Procfile starts it.",
      confidence: "certain",
      because: [command.because],
    }),
  );
}

function programNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const frame = { confidence: "likely", because: [command.because] } as const;
  const { workdir } = command;
  const script = command.argv.slice(1).find(({ text, known }) => known && /\.(?:rb|ru)$/.test(text));
  const own = script === undefined ? [] : [imagePath("..", imagePath(script.text, workdir))];
  const directories = [...new Set([workdir, ...own])].filter((path) => path !== "/" && image.children(path).length > 0);
  const outer = directories.filter((path) => !directories.some((other) => other !== path && isWithin(path, other)));
  const names = treesOf(image).flatMap((tree) => tree.names ?? []);
  const needs = gemNeeds(names);
  const release = image.base.distribution?.codename;
  const full = image.base.variant === "full" && image.base.toolchain === "ruby";
  const starter = OWN.test(command.name) ? command.name : "ruby";
  return [
    { kind: "executable", name: starter, reason: "The image starts Ruby.", ...frame },
    ...outer.map(
      (path): RuntimeNeed => ({ kind: "path", path, reason: "Ruby loads the sources when it runs.", ...frame }),
    ),
    ...treesOf(image).map(
      (tree): RuntimeNeed => ({
        kind: "dependencies",
        tree,
        choices: [
          {
            value: "as-built",
            how: { kind: "as-built" },
            label: "The gems as the build installed them",
            consequence: "The image holds the same gems as before.",
          },
        ],
        native: true,
        reason: "The program loads the gems that the build installed.",
        ...frame,
      }),
    ),
    ...needs.executables.map(
      ([gem, name]): RuntimeNeed => ({
        kind: "executable",
        name,
        reason: `The gem "${gem}" starts "${name}".`,
        ...frame,
      }),
    ),
    ...(full ? needs.libraries : []).flatMap((library): readonly RuntimeNeed[] => {
      const name = debianLibrary(library, release);
      return name === undefined
        ? []
        : [{ kind: "package", name, reason: `A gem links to the library of "${name}".`, ...frame }];
    }),
  ];
}
