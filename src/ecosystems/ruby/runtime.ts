/**
 * What a Ruby program needs where it runs:
 *
 *     CMD bundle exec puma       Ruby, the gems, the sources on the working directory
 *     CMD ["ruby", "app.rb"]     the same with app.rb
 *     CMD foreman start          what the Procfile starts
 *
 * Ruby loads by name at any time, so the sources are taken whole.
 */
import { imagePath } from "../../text/paths.ts";
import type { DependencyTree, ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { isBroughtByNothing } from "../installed-scripts.ts";
import { asInstalled, systemNeeds } from "../library-facts.ts";
import { commandText } from "../operands.ts";
import { outermost } from "../program-files.ts";
import { gemNeeds } from "./gems.ts";

/** Programs that Ruby itself brings. */
const OWN = /^(?:ruby|bundle|bundler|rake|irb|gem|erb)$/;
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
  const text = command.argv[0]?.text ?? "";
  if (treesOf(image).length === 0 || !isBroughtByNothing(command, image)) return false;
  return !text.includes("/") || /^\/usr\/local\/bundle\/bin\//.test(text);
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
          script: commandText(rest),
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
  const needs = gemNeeds(treesOf(image).flatMap(({ names }) => names ?? []));
  const full = image.base.variant === "full" && image.base.toolchain === "ruby";
  const starter = OWN.test(command.name) ? command.name : "ruby";
  const reason = "The program loads the gems that the build installed.";
  return [
    { kind: "executable", name: starter, reason: "The image starts Ruby.", ...frame },
    ...outermost(directories).map(
      (path): RuntimeNeed => ({ kind: "path", path, reason: "Ruby loads the sources when it runs.", ...frame }),
    ),
    ...treesOf(image).map((tree) => asInstalled(tree, "gems", reason, true, frame)),
    ...systemNeeds(full ? needs : { ...needs, libraries: [] }, "gem", image.base.distribution?.codename, frame),
  ];
}
