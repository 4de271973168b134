/**
 * What commands of Ruby's tools do to an image:
 *
 *     bundle install                        libraries: /usr/local/bundle in official images, BUNDLE_PATH, vendor/bundle
 *     gem install rails                     the same place
 *     bundle exec rake assets:precompile    files below the project
 *     bundle exec jekyll build -d /site     /site
 *     bundle exec rspec                     a check
 *
 * Sources: https://bundler.io/man/bundle-install.1.html, https://bundler.io/man/bundle-config.1.html,
 * https://github.com/docker-library/ruby/blob/master/Dockerfile.template (GEM_HOME and BUNDLE_APP_CONFIG are /usr/local/bundle, so that the
 * settings of `bundle config` lie there, too).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { lockedGems } from "./gems.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];
const LINT: readonly Effect[] = [{ kind: "check", what: "lint" }];

/** Settings of `bundle config` by the image that is read. */
const SETTINGS = new WeakMap<ImageView, Map<string, string>>();

export function readRubyCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { name, argv } = command;
  switch (name) {
    case "bundle":
    case "bundler":
      return bundle(command, image);
    case "gem":
      return gem(command, image);
    case "rake":
    case "rails":
      return task(command, argv.slice(1), image);
    case "bootsnap":
      return [made(command.workdir, command)];
    case "jekyll":
    case "middleman":
    case "nanoc":
      return site(command);
    case "rspec":
    case "cucumber":
    case "minitest":
      return TESTS;
    case "rubocop":
    case "brakeman":
    case "bundle-audit":
    case "standardrb":
    case "erblint":
      return LINT;
    case "ruby":
      return ruby(command, image);
    default:
      return undefined;
  }
}

function made(path: ImagePath, { because }: ResolvedCommand): Effect {
  const linkage = { kind: "none" } as const;
  const frame = { linkage, ecosystem: "ruby", confidence: "likely", because } as const;
  return { kind: "artifact", artifact: { path, form: "directory", ...frame } };
}

/** `ruby -S bundle install`, `ruby extconf.rb`; a program of the project is not known. */
function ruby(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const [, first, second] = command.argv;
  if (first === undefined || /^-{1,2}(?:v|version|h|help)$/.test(first.text)) return NOTHING;
  if (first.text === "-S" && second !== undefined)
    return readRubyCommand({ ...command, name: second.text, argv: command.argv.slice(2) }, image);
  if (/(?:^|\/)extconf\.rb$/.test(first.text)) return [made(command.workdir, command)];
  const script = /(?:^|\/)(?:bin\/)?(rails|rake)$/.exec(first.text)?.[1];
  return script === undefined ? undefined : task(command, command.argv.slice(2), image);
}

function bundle(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { argv, workdir } = command;
  const { values, operands, options } = readOperands(argv, [
    "--path",
    "--without",
    "--with",
    "--gemfile",
    "--jobs",
    "-j",
    "--retry",
    "--standalone",
  ]);
  const verb = operands[0]?.text ?? "install";
  if (verb === "exec") {
    const at = argv.findIndex(({ text }) => text === "exec");
    const rest = argv.slice(at + 1);
    const name = rest[0]?.text ?? "";
    return (
      readRubyCommand({ ...command, name: name.slice(name.lastIndexOf("/") + 1), argv: rest }, image) ?? [
        { kind: "unknown", why: `it is not known what "${name}" writes` },
      ]
    );
  }
  if (verb === "config") return configure(operands.slice(1), image);
  if (/^(?:package|pack|cache)$/.test(verb)) return [made(imagePath("vendor/cache", workdir), command)];
  if (!/^(?:install|update|add)$/.test(verb)) return NOTHING;
  const setting = (name: string): string | undefined => {
    const variable = command.environment.get(`BUNDLE_${name.toUpperCase()}`);
    return SETTINGS.get(image)?.get(name) ?? (variable?.known === true ? variable.text : undefined);
  };
  const named = values.get("--path")?.text ?? setting("path");
  const deployment = options.has("--deployment") || /^(?:true|1)$/.test(setting("deployment") ?? "");
  const lock = lockedGems(workdir, image);
  const system = gemHome(command, image);
  if (named === undefined && system === undefined)
    return [refused(`it is not known where the Ruby of "${image.base.reference}" keeps gems`)];
  const own = named ?? (deployment ? "vendor/bundle" : undefined);
  const inside = own === undefined ? undefined : imagePath(own, workdir);
  const beside = inside === undefined || inside === system ? [] : [inside];
  const places = [...(system === undefined ? [] : [system]), ...beside];
  return [dependencies(places, lock, command, image)];
}

/** `bundle config set --local path vendor/bundle`, and the older form without `set`. */
function configure(operands: readonly Argument[], image: ImageView): readonly Effect[] {
  const [key, ...rest] = operands.map(({ text }) => text).filter((word) => word !== "set" && word !== "build");
  if (key !== undefined && rest.length > 0)
    SETTINGS.set(image, new Map([...(SETTINGS.get(image) ?? []), [key, rest.join(" ")]]));
  return NOTHING;
}

function gem(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { operands, options, values } = readOperands(command.argv, [
    "-v",
    "--version",
    "-i",
    "--install-dir",
    "-n",
    "--bindir",
    "--source",
    "-o",
    "--output",
  ]);
  const [verb, ...packages] = operands.map(({ text }) => text);
  if (verb === "update" && options.has("--system"))
    return [{ kind: "tools", names: ["gem", "bundle", "bundler"], paths: [] }];
  if (verb === "build") {
    const output = values.get("-o") ?? values.get("--output");
    if (output === undefined) return [made(command.workdir, command)];
    return [{ kind: "writes", path: imagePath(output.text, command.workdir), form: "file" }];
  }
  if (verb !== "install" && verb !== "update") return NOTHING;
  const named = values.get("-i") ?? values.get("--install-dir");
  const place = named === undefined ? gemHome(command, image) : imagePath(named.text, command.workdir);
  if (place === undefined) return [refused(`it is not known where the Ruby of "${image.base.reference}" keeps gems`)];
  const local = packages.some((name) => /\.gem$/.test(name) || name.startsWith("."));
  return [dependencies([place], local ? undefined : packages, command, image)];
}

function refused(why: string): Effect {
  return { kind: "foreign", toolchain: "Bundler", what: "dependencies", why };
}

/** GEM_HOME, which official images set. */
function gemHome({ environment }: ResolvedCommand, { base }: ImageView): ImagePath | undefined {
  const home = environment.get("GEM_HOME");
  if (home?.known === true) return imagePath(home.text);
  return base.known && base.toolchain === "ruby" ? imagePath("/usr/local/bundle") : undefined;
}

/** Joined with what the same place held before. */
function dependencies(
  places: readonly ImagePath[],
  names: readonly string[] | undefined,
  command: ResolvedCommand,
  image: ImageView,
): Effect {
  const [directory = imagePath("/")] = places;
  const before = image.dependencies.find((tree) => tree.directory === directory);
  const known = before === undefined ? [] : before.names;
  const all = names === undefined || known === undefined ? undefined : [...new Set([...known, ...names])].sort();
  return {
    kind: "dependencies",
    tree: {
      directory,
      places: [...new Set([...(before?.places ?? []), ...places])],
      production: true,
      ecosystem: "ruby",
      command: command.argv.map(({ text }) => text).join(" "),
      ...(all === undefined ? {} : { names: all }),
      because: command.because,
    },
  };
}

/** https://guides.rubyonrails.org/command_line.html; a Rakefile's own tasks are not known. */
function task(command: ResolvedCommand, words: readonly Argument[], image: ImageView): readonly Effect[] | undefined {
  const names = words.map(({ text }) => text).filter((text) => !text.startsWith("-") && !/^\w+=/.test(text));
  if (
    names.length === 0 ||
    names.every((name) => /^(?:-T|about|version|routes|notes|stats|secret|tmp:\w+|log:\w+|time:\w+)$/.test(name))
  )
    return NOTHING;
  if (names.every((name) => /^(?:test|spec|rubocop|standard|test:\w+|default)$/.test(name))) return TESTS;
  if (names.includes("install")) {
    const home = gemHome(command, image);
    return home === undefined ? undefined : [dependencies([home], undefined, command, image)];
  }
  const known =
    /^(?:assets:\w+|webpacker:\w+|webpack:\w+|vite:\w+|javascript:\w+|css:\w+|db:\w+(?::\w+)?|i18n:[\w:]+|tailwindcss:\w+|bootsnap:\w+|tmp:\w+|log:\w+)$/;
  return names.every((name) => known.test(name)) ? [made(command.workdir, command)] : undefined;
}

const SITES: Readonly<Record<string, string>> = { jekyll: "_site", middleman: "build", nanoc: "output" };

/** https://jekyllrb.com/docs/configuration/options/ */
function site(command: ResolvedCommand): readonly Effect[] | undefined {
  const { values, operands } = readOperands(command.argv, [
    "-d",
    "--destination",
    "-s",
    "--source",
    "--build-dir",
    "-e",
    "--config",
  ]);
  const verb = operands[0]?.text;
  if (verb !== "build" && verb !== "b" && verb !== "compile")
    return verb === "new" || verb === undefined ? NOTHING : undefined;
  const named = values.get("-d") ?? values.get("--destination") ?? values.get("--build-dir");
  const source = values.get("-s") ?? values.get("--source");
  const directory =
    named === undefined
      ? imagePath(SITES[command.name] ?? "_site", imagePath(source?.text ?? ".", command.workdir))
      : imagePath(named.text, command.workdir);
  return [made(directory, command)];
}
