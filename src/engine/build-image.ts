/**
 * One `docker build`, with every way in which it can fail told apart:
 *
 *     FROM nosuch/image        { ok: false, why: "base-missing", reference: "nosuch/image" }
 *     # syntax=… not there     built once more from a copy without the line, which is said
 *     RUN false                { ok: false, why: "build-failed", log: […] }
 *
 * What is not decided here: what is built.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { maskSecrets } from "../model/mask.ts";
import { type BuildOutcome, type BuildRequest, type EngineFacts, LABEL } from "./engine.ts";
import { type Finished, runProcess } from "./process.ts";

export interface Builder {
  readonly program: string;
  readonly facts: EngineFacts;
  readonly runId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Lines of the log that a failure keeps. */
const KEPT_LINES = 40;

export async function buildImage(builder: Builder, request: BuildRequest): Promise<BuildOutcome> {
  const scratch = mkdtempSync(join(tmpdir(), "restage-build-"));
  try {
    const first = await buildOnce(builder, request, scratch, request.dockerfile);
    if (first.ok || first.why !== "frontend-missing") return first;
    const plain = withoutFrontend(request.dockerfile, scratch);
    if (plain === undefined) return first;
    const second = await buildOnce(builder, request, scratch, plain);
    const note = `the frontend "${first.reference}" cannot be had; the engine's own one built the file`;
    return second.ok ? { ...second, notes: [...second.notes, note] } : second;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * A copy of the Dockerfile without its `# syntax=` line, as a blank comment so that line numbers stay. It has the name of the
 * original, whose ignore file is put beside it: the engine looks for `<Dockerfile>.dockerignore` there
 * (https://docs.docker.com/build/concepts/context/#filename-and-location).
 */
function withoutFrontend(dockerfile: string, scratch: string): string | undefined {
  const text = readFileSync(dockerfile, "utf8");
  const plain = text.replace(/^(\uFEFF?(?:[ \t]*#[^\n]*\n)*?)[ \t]*#[ \t]*syntax[ \t]*=[^\n]*/i, "$1#");
  if (plain === text) return undefined;
  const copy = join(scratch, basename(dockerfile));
  writeFileSync(copy, plain);
  const ignore = `${dockerfile}.dockerignore`;
  try {
    writeFileSync(`${copy}.dockerignore`, readFileSync(ignore));
  } catch {
    // There is none; then the context's own one counts, wherever the Dockerfile lies.
  }
  return copy;
}

async function buildOnce(
  builder: Builder,
  request: BuildRequest,
  scratch: string,
  dockerfile: string,
): Promise<BuildOutcome> {
  const idFile = join(scratch, "image-id");
  const started = Date.now();
  const finished = await runProcess(commandLine(builder, request, dockerfile, idFile), {
    ...(request.timeout === undefined ? {} : { timeout: request.timeout }),
    signal: request.signal,
    env: builder.env,
  });
  const took = Date.now() - started;
  if (finished.code === 0) return { ok: true, image: idIn(idFile) ?? request.tag, took, notes: [] };
  return failure(finished);
}

function commandLine(
  { program, facts, runId }: Builder,
  request: BuildRequest,
  dockerfile: string,
  idFile: string,
): readonly string[] {
  const { buildArguments = {}, target, network, noCache, tag, directory } = request;
  const plain = facts.builder === "buildkit" ? ["--progress", "plain"] : ["--rm", "--force-rm"];
  return [
    program,
    "build",
    ...plain,
    ...["--label", `${LABEL}=${runId}`, "-f", dockerfile],
    ...["-t", tag, "--iidfile", idFile],
    ...Object.entries(buildArguments).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(network === "default" ? [] : ["--network", network]),
    ...(noCache === true ? ["--no-cache"] : []),
    directory,
  ];
}

function idIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Messages of BuildKit, of the classic builder and of podman; the image's name is the first group. */
const BASE_MISSING: readonly RegExp[] = [
  /failed to solve: (\S+?): failed to resolve source metadata/,
  /ERROR: (?:failed to solve: )?(\S+?): (?:not found|pull access denied|failed to authorize)/,
  /load metadata for (\S+?):?\s*\n(?:.*\n){0,3}.*(?:ERROR|error)/,
  /pull access denied for ([^\s,]+)/,
  /manifest for (\S+) not found/,
  /(?:Error response from daemon: )?manifest unknown: (\S+)?/,
  /(?:initializing source|unable to copy from source) docker:\/\/([^\s:]+(?::[^\s:]+)?)/,
];

const FRONTEND_MISSING = /resolve image config for docker-image:\/\/(\S+?):?\s*\n(?:.*\n){0,3}.*ERROR/;

/** BuildKit of Docker 20.10. */
const OLD_FRONTEND_MISSING =
  /failed to solve with frontend gateway\.v0: .*\/v2\/(docker\/dockerfile[^/]*)\/manifests\/([^"\s]+)/;

const REGISTRY_UNREACHABLE = /Get "https?:\/\/[^/"]+\/v2\/": (?:dial tcp|net\/http|context deadline|proxyconnect)/;

const ENGINE_LOST =
  /Cannot connect to the Docker daemon|error during connect|connection reset by peer|unexpected EOF|rpc error: code = Unavailable|transport is closing/;

/** Which of the failures it is, from what the engine printed. */
export function failure({ stdout, stderr, ended }: Finished): Extract<BuildOutcome, { ok: false }> {
  const output = `${stdout}\n${stderr}`;
  const log = maskSecrets(output).trimEnd().split(/\r?\n/).slice(-KEPT_LINES);
  if (ended === "timeout") return { ok: false, why: "timeout", log };
  if (ended === "cancelled") return { ok: false, why: "cancelled", log };
  if (ended === "not-started") return { ok: false, why: "engine-lost", log };
  const said = ownWords(output);
  const last = said.trimEnd().split("\n").slice(-3).join("\n");
  const [, oldName, oldTag] = OLD_FRONTEND_MISSING.exec(said) ?? [];
  const frontend = oldName === undefined ? FRONTEND_MISSING.exec(said)?.[1] : `${oldName}:${oldTag}`;
  if (frontend !== undefined) return { ok: false, why: "frontend-missing", reference: shortName(frontend), log };
  for (const pattern of BASE_MISSING) {
    const found = pattern.exec(said);
    if (found !== null && !/^(?:process|dockerfile)/i.test(found[1] ?? "")) {
      const reference = found[1] === undefined ? {} : { reference: shortName(found[1]) };
      return { ok: false, why: "base-missing", ...reference, log };
    }
  }
  if (REGISTRY_UNREACHABLE.test(last)) {
    const from = [...output.matchAll(/^Step \d+\/\d+ : FROM (?:--\S+ )*(\S+)/gm)].at(-1)?.[1];
    return { ok: false, why: "base-missing", ...(from === undefined ? {} : { reference: from }), log };
  }
  return { ok: false, why: ENGINE_LOST.test(last) ? "engine-lost" : "build-failed", log };
}

/** What the engine says itself: BuildKit puts the step and the time before each line that a command prints. */
function ownWords(output: string): string {
  return output
    .split(/\r?\n/)
    .filter((line) => !/^(?:#\d+ )?\d+\.\d+ /.test(line))
    .join("\n");
}

/** As people write it: `docker.io/library/node:20` is `node:20`. */
function shortName(reference: string): string {
  return reference.replace(/^docker\.io\/(?:library\/)?/, "").replace(/:$/, "");
}
