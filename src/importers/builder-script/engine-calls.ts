/**
 * Calls of a container engine that are there and not understood.
 *
 *     docker "$@"                            the caller decides what is done
 *     find . -name Dockerfile -exec docker build {} \;
 *     ssh build-host docker build -t app .
 *
 * Verbs that cannot matter to what is built here (login, pull, ps, network …) are no such calls.
 */
import type { ContainerCall } from "../../shell/container-cli.ts";
import { isKnownVerb } from "../../shell/container-verbs.ts";
import { callsEngine } from "../../shell/engine-text.ts";
import { describeField, type Field, fieldText } from "../../shell/symbolic.ts";
import type { OpaqueNode } from "../../shell/syntax.ts";
import { CHECKOUT } from "./host-tree.ts";
import type { Effect } from "./trace.ts";
import { fieldKey } from "./values.ts";
import type { Shell } from "./world.ts";

/** Verbs that build, fill or hand over images and containers in a way that is not followed. */
const UNREAD = /^(?:buildx bake|import|load|update|checkpoint \w+|from|add|copy|config|mount)$/;

/** Verbs that the option tables leave out: programs beside docker's own that look at images, and what asks and sets up. */
const HARMLESS =
  /^(?:ai|app|compose|debug|desktop|dev|events|extension|help|hub|images|info|init|lint|login|logout|logs|machine|mcp|model|offload|pass|plugin|ps|pull|sbom|scan|scout|search|stack|stats|swarm|top|trust|unmount|update|version)$/;

/** The effect of a call whose verb is not followed; `undefined` for one that cannot matter. */
export function unreadVerb(call: ContainerCall): Effect | undefined {
  const words = [...call.operands, ...call.unresolved];
  if (call.verb === undefined) {
    const first = words[0] === undefined ? undefined : fieldText(words[0]);
    return words.length === 0 || first !== undefined
      ? undefined
      : unread([{ parts: [{ kind: "text", text: call.program }], range: call.callSpan }, ...words]);
  }
  if (!isKnownVerb(call.program, call.verb) && !HARMLESS.test(call.verb) && !call.verb.includes(" ")) {
    const name = `${call.program} ${call.verb}`;
    return unread([{ parts: [{ kind: "text", text: name }], range: call.callSpan }, ...words]);
  }
  const buildahOnly = /^(?:from|add|copy|config|mount)$/.test(call.verb) && call.program !== "buildah";
  return UNREAD.test(call.verb) && !buildahOnly
    ? unread([{ parts: [{ kind: "text", text: `${call.program} ${call.verb}` }], range: call.callSpan }, ...words])
    : undefined;
}

/** `xargs docker build …`: what is built, made or copied comes from standard input. */
export function unreadByXargs(call: ContainerCall): Effect | undefined {
  const given = call.prefix.some((field) => /(?:^|\/)xargs$/.test(fieldText(field) ?? ""));
  if (!given || !/^(?:build|create|run|cp|commit|exec|tag)$/.test(call.verb ?? "")) return undefined;
  return unread([
    ...call.prefix,
    { parts: [{ kind: "text", text: `${call.program} ${call.verb}` }], range: call.callSpan },
  ]);
}

/** Syntax that calls an engine and is not followed; `undefined` where it calls none. */
export function unreadSyntax({ text, unread, arithmetic }: OpaqueNode): Effect | undefined {
  if (arithmetic !== undefined || (unread === undefined && !callsEngine(text))) return undefined;
  return { kind: "unread", what: "call", text: shortened(text), ...unread };
}

/** Programs whose words are only said or looked for. */
const SAYING = /^(?:echo|printf|grep|egrep|fgrep|sed|awk|log|logger|test|\[|which|type|read|trap|git)$/;

/** Verbs that nothing but an engine has in this form, for a program whose name only a run knows. */
const ENGINE_LIKE = /^(?:build(?: \S+)* (?:-t|--tag|-f|--file)\b|cp \S+:\S+ |create --name |run (?:--rm|-d|-it)\b)/;

/** `alias d=docker`: no command of that name is read. */
const ALIAS = /=\s*(?:sudo\s+)?(?:docker|podman|nerdctl|buildah)(?:-compose)?\b/;

/** Programs that run what they read on standard input. */
const READS_COMMANDS =
  /^(?:(?:ba|da|k|z)?sh|at|batch|chroot|docker-machine|gcloud|kubectl|lxc|multipass|node|nsenter|oc|parallel|perl|python[\d.]*|ruby|ssh|su|vagrant)$/;

/**
 * Other programs that build images of Dockerfiles, each by its own documentation: kaniko, BuildKit's buildctl, img, buildx by
 * itself, skaffold, and what the clouds build with.
 */
const BUILDERS: ReadonlyMap<RegExp, RegExp> = new Map([
  [/^executor$|^kaniko$/, /--(?:dockerfile|context|destination|no-push)\b/],
  [/^(?:buildctl|buildctl-daemonless\.sh|img|docker-buildx|docker-buildkit)$/, /\b(?:build|bake)\b/],
  [/^skaffold$/, /\b(?:build|run|dev|debug)\b/],
  [/^faas-cli$/, /\b(?:build|up|publish)\b/],
  [/^gcloud$/, /\bbuilds\s+submit\b/],
  [/^az$/, /\bacr\s+(?:build|run)\b/],
  [/^werf$/, /\b(?:build|converge)\b/],
  [/^ctr$/, /\b(?:run|tasks?\s+exec|images?\s+(?:export|mount)|snapshots?\s+mount)\b/],
  [/^(?:crane|skopeo)$/, /\b(?:append|copy|export|mutate|pull)\b/],
]);

/** A script or function that is not there, whose name says what it does: `docker_build`, `ci/docker-build.sh`. */
const NAMED_FOR_IT =
  /(?:docker|podman|nerdctl|buildah).*(?:build|bake|image|extract|copy|_cp\b|-cp\b)|(?:build|bake|make|extract).*(?:docker|podman|image)/i;

function buildsImages(name: string, words: string): boolean {
  return NAMED_FOR_IT.test(name) || [...BUILDERS].some(([program, use]) => program.test(name) && use.test(words));
}

/** `parallel build ::: api web`: a program that runs a function of the script, which calls an engine. */
export function runsFunction(
  name: string,
  operands: readonly Field[],
  functions: Shell["functions"],
  text: (name: string) => string,
): boolean {
  if (SAYING.test(name) && name !== "trap") return false;
  const words = new Set(operands.map(fieldKey).flatMap((key) => key.split(/[\s;|&]+/)));
  return [...functions.keys()].some((called) => words.has(called) && callsEngine(text(called)));
}

/** The effect of a command that runs an engine by way of another program, or of a program that only a run knows. */
export function hiddenCall(name: string, fields: readonly Field[], given = ""): Effect | undefined {
  if (name === "alias") return ALIAS.test(fields.map(fieldKey).join(" ")) ? unread(fields) : undefined;
  if (SAYING.test(name)) return undefined;
  const [head, ...operands] = fields;
  const words = operands.map(fieldKey).join(" ");
  if (callsEngine(words) || (READS_COMMANDS.test(name) && callsEngine(given)) || buildsImages(name, words))
    return unread(fields);
  if (head?.parts.some((part) => part.kind === "unknown" && callsEngine(part.source))) return unread(fields);
  const unknown = head?.parts.length === 1 && head.parts[0]?.kind === "unknown";
  return unknown && ENGINE_LIKE.test(words) ? unread(fields) : undefined;
}

/** Whether text that cannot be followed may call an engine. */
export function mayCall(words: string): boolean {
  return callsEngine(words) || /^(?:"?\$\{?\w+(?:\[[@*]\])?\}?"?\s*)+$/.test(words);
}

/** The effect of a call that is not understood, as its words come to. */
export function unread(fields: readonly Field[]): Extract<Effect, { kind: "unread" }> {
  return { kind: "unread", what: "call", text: shortened(fields.map(describeField).join(" ")) };
}

function shortened(text: string): string {
  const shown = text.replaceAll(`${CHECKOUT}/`, "").replaceAll(CHECKOUT, ".");
  return shown.replace(/\s+/g, " ").trim().slice(0, 80);
}
