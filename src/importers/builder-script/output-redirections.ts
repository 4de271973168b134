/**
 * What `> file` and `>> file` make of the host.
 *
 *     docker run b cat /out/app > app       the file of the image is ./app now
 *     date >> build.log                     build.log holds something that the host made
 */
import { posix } from "node:path";
import type { Scope } from "../../shell/scope.ts";
import type { Redirection } from "../../shell/syntax.ts";
import { evaluateValue } from "../../shell/values.ts";
import type { Done } from "./command-context.ts";
import { type HostNode, type HostTree, imagesAt, look, place, type Step } from "./host-tree.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, keyOf } from "./values.ts";

/** Whether a redirection takes standard output into a file. */
export function takesOutput({ operator, fileDescriptor }: Redirection): boolean {
  return /^&?>/.test(operator) && operator !== ">&" && (fileDescriptor ?? 1) === 1;
}

/** The absolute path that output goes to; `undefined` for devices. */
export function outputPath({ target }: Redirection, scope: Scope, cwd: string): string | undefined {
  const path = target && absolutePath(cwd, keyOf(evaluateValue(target, scope)));
  return path?.startsWith("/dev/") === true ? undefined : path;
}

/**
 * The host with a file that holds `stream`, or what nothing more is known of than that the host made it, of the files of an image
 * where a pipe brings some.
 */
export function withOutput(
  host: HostTree,
  { path, operator }: { readonly path: string; readonly operator: string },
  { stream, input }: { readonly stream: HostNode | undefined; readonly input: HostNode | undefined },
  step: Step,
): { readonly effect: Effect; readonly host: HostTree } {
  const into = [look(host, posix.dirname(path)), ...(operator.endsWith(">>") ? [look(host, path)] : [])];
  const [image] = stream === undefined && input !== undefined ? imagesAt(input) : [];
  const made: HostNode = stream ?? {
    kind: "made",
    shape: "file",
    presumed: false,
    ...(image === undefined ? {} : { image }),
    by: [step],
  };
  return {
    effect: { kind: "move", reads: [], from: [], to: [path], makesFile: true, into },
    host: place(host, path, made),
  };
}

/** A file of an image that a container prints into the file that is made. */
export function carriedOutput(redirected: Effect, { effects, stream }: Done, step: Step): readonly Effect[] {
  const prints = effects.some((effect) => effect.kind === "create" && effect.runs);
  const [to] = redirected.kind === "move" ? redirected.to : [];
  if (!prints || stream?.kind !== "image" || to === undefined) return [];
  const { image, path, shape } = stream;
  return [{ kind: "carry", image, from: path, shape, to, into: posix.dirname(to), created: step }];
}
