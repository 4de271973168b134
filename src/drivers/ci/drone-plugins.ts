/**
 * Steps of Drone and Woodpecker that use a plugin which builds images.
 *
 *     - image: plugins/docker                   docker build -f "Dockerfile.prod" -t "acme/app:1" "."
 *       settings:
 *         repo: acme/app
 *         tags: 1
 *         dockerfile: Dockerfile.prod
 *
 * Settings: https://plugins.drone.io/plugins/docker, https://woodpecker-ci.org/plugins/docker-buildx. Up to Drone 0.8 they stand in
 * the step itself (https://0-8-0.docs.drone.io/).
 */
import type { Range } from "../../text/source.ts";
import { scalarRange } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";
import { type DescribedBuild, type DescribedWord, inputWord, inputWords, option } from "./described-builds.ts";

export type PluginStep =
  | { readonly kind: "build"; readonly build: DescribedBuild }
  | { readonly kind: "unread"; readonly range: Range; readonly reason: string };

/** Plugins that take the settings of plugins/docker. */
const DOCKER =
  /(?:^|\/)(?:plugins\/(?:docker|ecr|gcr|gar|acr|heroku)|plugin-docker-buildx|drone-docker-buildx|drone-docker|drone-ecr|drone-gcr)(?:[:@]|$)/;
const OTHERS = /kaniko|buildah|docker-(?:compose|manifest)|plugins\/(?:docker|kaniko)-/i;

/** What a step that holds no commands has to do with builds. */
export function pluginStep(file: YamlFile, step: YamlNode, whole: Range | undefined): PluginStep | undefined {
  const node = file.at(step, "image");
  const image = file.text(node) ?? "";
  const range = file.isScalar(node) ? scalarRange(file.source.text, node) : undefined;
  if (range === undefined || image.includes("manifest")) return undefined;
  if (!DOCKER.test(image))
    return OTHERS.test(image) ? { kind: "unread", range, reason: "the plugin is not one that is read" } : undefined;
  const settings = file.at(step, "settings") ?? step;
  if (!settings.range) return undefined;
  return { kind: "build", build: pluginBuild(file, settings, whole) };
}

function pluginBuild(file: YamlFile, settings: YamlNode, whole: Range | undefined): DescribedBuild {
  const word = (name: string) => inputWord(file, file.at(settings, name));
  const words = (...names: readonly string[]) => inputWords(file, file.at(settings, ...names), /[\n,]/g);
  const tags = words("tags", "tag");
  const names = word("repo").flatMap((name) =>
    tags.length === 0 ? [name] : tags.map((tag): DescribedWord => ({ text: `${textOf(name)}:${textOf(tag)}` })),
  );
  const context = word("context");
  const [start = 0, end = 0] = settings.range ?? [];
  return {
    inputs: { start, end: start + file.source.text.slice(start, end).trimEnd().length },
    whole,
    words: [
      ...option("file", word("dockerfile")),
      ...option("target", word("target")),
      ...option("build-arg", words("build_args", "build_args_from_env")),
      ...option("platform", words("platforms")),
      ...option("cache-from", words("cache_from")),
      ...option("tag", names),
      ...(context.length > 0 ? context : [{ text: "." }]),
    ],
    wanted: /^true$/.test(file.text(file.at(settings, "dry_run")) ?? "") ? [] : names,
  };
}

function textOf(word: DescribedWord): string {
  return "text" in word ? word.text : word.mapped.text;
}
