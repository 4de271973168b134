/**
 * Steps of GitHub workflows that use an action which builds images.
 *
 *     - uses: docker/build-push-action@v6      a build by its inputs (https://github.com/docker/build-push-action#inputs)
 *     - uses: docker/bake-action@v5            not read, which is said
 *     - uses: ./.github/actions/image          not read where that action calls an engine
 *     - uses: docker/login-action@v3           has no part in builds
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { firstEngineCall } from "../../shell/engine-text.ts";
import { hostPath } from "../../text/paths.ts";
import type { Range } from "../../text/source.ts";
import { scalarRange } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";
import { type DescribedBuild, inputWord, inputWords, option } from "./described-builds.ts";

/** What a step that uses an action has to do with builds; `undefined` where it has nothing. */
export type ActionStep =
  | { readonly kind: "build"; readonly build: DescribedBuild }
  | { readonly kind: "unread"; readonly range: Range; readonly reason: string };

/** Actions whose names have to do with containers, and which build nothing and take nothing out. */
const HARMLESS =
  /^(?:docker\/(?:login-action|metadata-action|setup-\w+-action|scout-action)|(?:\w[\w-]*\/)?(?:ghaction-)?setup-\w|actions\/|azure\/docker-login|aquasecurity\/|anchore\/|hadolint\/|snyk\/|peter-evans\/dockerhub-description|christian-korneck\/|\w[\w-]*\/(?:docker-login|amazon-ecr-login|configure-aws-credentials|cache|ghaction-docker-meta|container-retention[\w-]*|delete-package-versions)\b)/;

/** Words in the name of an action that builds images, or runs something in one. */
const BUILDS = /docker|kaniko|buildah|podman|container|\bimage\b|earthly|buildpack|ecr-push|oci/i;

export function actionStep(
  files: ProjectFiles,
  file: YamlFile,
  step: YamlNode,
  removable: { readonly whole: Range | undefined; readonly asked: boolean },
): ActionStep | undefined {
  const uses = file.at(step, "uses");
  const name = file.text(uses);
  const range = file.isScalar(uses) ? scalarRange(file.source.text, uses) : undefined;
  if (name === undefined || range === undefined) return undefined;
  if (/^docker\/build-push-action(?:@|$)/.test(name)) {
    const inputs = file.at(step, "with");
    return inputs === undefined || !inputs.range
      ? { kind: "unread", range, reason: "it builds the repository as it is committed" }
      : { kind: "build", build: pushAction(file, inputs, removable) };
  }
  if (name.startsWith("./")) return localAction(files, name, range);
  if (name.startsWith("docker://"))
    return /^docker:\/\/(?:\S*\/)?(?:docker|podman|buildah|kaniko|executor|buildx?)(?:[:@/]|$)/.test(name)
      ? { kind: "unread", range, reason: "a container that builds images is not read" }
      : undefined;
  return HARMLESS.test(name) || !BUILDS.test(name.replace(/@.*$/, ""))
    ? undefined
    : { kind: "unread", range, reason: "the action is not one that is read" };
}

/** Lines, and on them what commas separate (the action reads lists as CSV). */
const LISTED = /[\n,]/g;
const LINES = /\n/g;

function pushAction(
  file: YamlFile,
  inputs: YamlNode,
  { whole, asked }: { readonly whole: Range | undefined; readonly asked: boolean },
): DescribedBuild {
  const word = (name: string) => inputWord(file, file.at(inputs, name));
  const words = (name: string, separator = LINES) => inputWords(file, file.at(inputs, name), separator);
  const tags = words("tags", LISTED);
  const context = word("context");
  const pushes = /^(?:true|\$\{\{.*\}\})$/.test(file.text(file.at(inputs, "push")) ?? "");
  const [start = 0, end = 0] = inputs.range ?? [];
  const written = file.source.text.slice(start, end).trimEnd().length;
  return {
    inputs: { start, end: start + written },
    whole: asked ? undefined : whole,
    words: [
      ...option("file", word("file")),
      ...option("target", word("target")),
      ...option("build-arg", words("build-args")),
      ...option("build-context", words("build-contexts")),
      ...option("secret", words("secrets")),
      ...option("secret", words("secret-files")),
      ...option("ssh", words("ssh")),
      ...option("network", word("network")),
      ...option("platform", word("platforms")),
      ...option("cache-from", words("cache-from")),
      ...option("cache-to", words("cache-to")),
      ...option("output", words("outputs")),
      ...option("tag", tags),
      // Without a context the action builds the commit, not what earlier steps left.
      ...(context.length > 0 ? context : [{ text: "https://commit" }]),
    ],
    wanted: pushes || asked ? tags : [],
  };
}

/** An action of the repository is a driver of its own; what it does in this job is not followed. */
function localAction(files: ProjectFiles, name: string, range: Range): ActionStep | undefined {
  const calls = ["action.yml", "action.yaml"].some((file) => {
    const path = hostPath(`${name}/${file}`);
    const read = path === undefined ? undefined : files.read(path);
    return read?.ok === true && (firstEngineCall(read.text) !== undefined || /build-push-action/.test(read.text));
  });
  return calls ? { kind: "unread", range, reason: "what the action does in this job is not followed" } : undefined;
}
