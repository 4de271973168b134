/**
 * Builds of Elixir and Erlang:
 *
 *     mix release --path /srv/shop       /srv/shop, with Erlang's own runtime in it
 *     mix do deps.get, release           _build/
 *     rebar3 as prod release             _build/
 *     rebar3 as prod tar                 an archive below _build/
 *
 * Sources: https://hexdocs.pm/mix/Mix.Tasks.Release.html, https://hexdocs.pm/mix/Mix.Tasks.Do.html,
 * https://rebar3.org/docs/deployment/releases/. A release of rebar3 in its development mode is links into the sources, so those stay.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { describeBase } from "../base-images.ts";
import type { BaseRequest, Effect, ImageView, ResolvedCommand, RuntimeBase, RuntimeNeed } from "../ecosystem.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];

/** Tasks that fetch, look or set up. */
const IDLE =
  /^(?:local\.(?:hex|rebar|phx)|deps(?:\.(?:get|update|unlock|tree|clean|compile))?|hex\.[\w.]+|archive\.install|help|clean|format|phx\.new|loadpaths)$/;
const CHECKS = /^(?:test|credo|dialyzer|sobelow|deps\.audit)$/;
const COMPILES =
  /^(?:compile(?:\.\w+)?|assets\.(?:setup|deploy|build)|phx\.digest|esbuild(?:\.install)?|tailwind(?:\.install)?|sass(?:\.install)?|gettext\.\w+|ecto\.\w+|escript\.build)$/;

/** `mix do deps.get --only prod, compile + release`: the tasks, each with its own words. */
function tasksOf(words: readonly string[]): readonly (readonly string[])[] {
  if (words[0] !== "do") return [words];
  const tasks: string[][] = [[]];
  for (const word of words.slice(1)) {
    const plain = word.replace(/,$/, "");
    if (plain !== "" && plain !== "+") tasks.at(-1)?.push(plain);
    if (word === "+" || word.endsWith(",")) tasks.push([]);
  }
  return tasks.filter((task) => task.length > 0);
}

/** `undefined` for the bundler of Laravel, which node/ reads. */
export function readMix(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const words = command.argv.slice(1).map(({ text }) => text);
  const tasks = tasksOf(words);
  const elixir =
    image.kindOf(imagePath("mix.exs", command.workdir)) !== undefined ||
    tasks.some(
      ([task = ""]) => /^(?:release|do|phx\.|ecto\.|distillery\.)/.test(task) || IDLE.test(task) || COMPILES.test(task),
    );
  if (!elixir) return undefined;
  const effects = tasks.flatMap((task) => readTask(task, command));
  const [first] = effects;
  return first === undefined ? NOTHING : effects;
}

function readTask([task = "", ...rest]: readonly string[], command: ResolvedCommand): readonly Effect[] {
  if (task === "" || task.startsWith("-") || IDLE.test(task)) return NOTHING;
  if (CHECKS.test(task)) return TESTS;
  if (task === "release" || task === "distillery.release") {
    const at = rest.indexOf("--path");
    const named =
      at < 0 ? rest.map((word) => /^--path=(.+)$/.exec(word)?.[1]).find((one) => one !== undefined) : rest[at + 1];
    const known = command.argv.every((field) => field.known || field.text !== named);
    if (!known) return [{ kind: "unknown", why: "the directory that it writes is not known" }];
    return [made(imagePath(named ?? "_build", command.workdir), command)];
  }
  if (COMPILES.test(task)) return [made(command.workdir, command)];
  return [{ kind: "unknown", why: `it is not known what "mix ${task}" writes` }];
}

/** `rebar3 as PROFILE,PROFILE task`. */
export function readRebar(command: ResolvedCommand): readonly Effect[] {
  const words = command.argv
    .slice(1)
    .map(({ text }) => text)
    .filter((word) => !word.startsWith("-"));
  const tasks = words[0] === "as" ? words.slice(2) : words[0] === "do" ? words.slice(1) : words;
  const names = tasks.map((task) => task.replace(/,$/, ""));
  if (names.every((name) => /^(?:eunit|ct|dialyzer|xref|lint|proper|cover)$/.test(name))) return TESTS;
  if (names.every((name) => /^(?:get-deps|deps|update|upgrade|unlock|tree|version|help|clean|local|new)$/.test(name)))
    return NOTHING;
  return [made(imagePath("_build", command.workdir), command)];
}

function made(path: ImagePath, { because, workdir }: ResolvedCommand): Effect {
  const frame = { form: "directory", ecosystem: "native", confidence: "likely", because } as const;
  return { kind: "artifact", artifact: { ...frame, path, linkage: { kind: "unknown" }, source: workdir } };
}

/** `_build/prod/rel/NAME/bin/NAME start`: the release around the script. */
export function releaseNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] | undefined {
  const [first] = command.argv;
  if (first === undefined || !first.known) return undefined;
  const script = imagePath(first.text, command.workdir);
  const release = /^(.+)\/bin\/[^/]+$/.exec(script)?.[1];
  const made = image.artifacts.find(({ ecosystem, path }) => ecosystem === "native" && isWithin(script, path));
  if (release === undefined || made === undefined) return undefined;
  const directory = imagePath(release);
  if (!/\/rel\/[^/]+$/.test(release) && !(made.path === directory && isErlang(made.source, image))) return undefined;
  const frame = { confidence: "certain", because: [command.because] } as const;
  const reason = `The release starts from "${script}".`;
  const shell: RuntimeNeed = { kind: "shell", reason: "A release is started by a shell script.", ...frame };
  if (made.source !== undefined && /\/_build\//.test(release) && mayBeLinks(made.source, release, image))
    return [
      {
        kind: "everything",
        directory: made.source,
        reason: "In its development mode a release is links into the sources.",
        ...frame,
      },
      shell,
    ];
  return [{ kind: "path", path: directory, alone: true, form: "directory", reason, ...frame }, shell];
}

function isErlang(project: ImagePath | undefined, image: ImageView): boolean {
  return ["mix.exs", "rebar.config"].some((name) => image.kindOf(imagePath(name, project)) !== undefined);
}

/** relx makes links unless its mode, or that of the profile, says otherwise. */
function mayBeLinks(project: ImagePath, release: string, image: ImageView): boolean {
  const settings = image.read(imagePath("rebar.config", project));
  if (settings === undefined || image.kindOf(imagePath("mix.exs", project)) !== undefined) return false;
  const copies = /\{\s*(?:mode\s*,\s*(?:prod|minimal)|dev_mode\s*,\s*false)\s*\}/.test(settings);
  return !copies || /\/_build\/default\/rel\//.test(release);
}

/** The slim image of the same version: the same Erlang on the same release of Debian, without compilers and headers. */
export function releaseBases({ image, reference }: BaseRequest): readonly RuntimeBase[] {
  const { base } = image;
  if (!/^(?:elixir|erlang)$/.test(base.repository) || !base.known || base.variant !== "full") return [];
  const [, name, tag] = /^(.*\/?(?:elixir|erlang))(?::([\w.-]+))?$/.exec(reference) ?? [];
  if (name === undefined || base.digest !== undefined || reference.includes("$")) return [];
  const slim = `${name}:${tag === undefined || tag === "latest" ? "slim" : `${tag}-slim`}`;
  const consequence =
    "The same Erlang on the same Debian release, without compilers, headers and version control programs.";
  return [{ rung: "slim", reference: slim, consequence, base: describeBase(slim), packages: [] }];
}
