/**
 * Where each needed path comes from in the new file:
 *
 *     /app/dist        made by `npm run build`            build: COPY --from the build stage
 *     /app/templates   an unchanged copy of the context   context: COPY templates
 *     /opi.pem         COPY --from=another image          kept: that instruction stays
 *
 * A path that nothing in the file made belongs to the base image or to a package.
 */
import type { RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import type { Confidence } from "../../model/decision.ts";
import type { Provenance } from "../../model/provenance.ts";
import { type HostPath, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageTree } from "./image-tree.ts";
import type { ImageReading } from "./read-image.ts";

export interface Supply {
  readonly path: ImagePath;
  readonly kind: "context" | "build" | "kept";
  /** The last instruction that had a part in it. */
  readonly at: number;
  readonly form: "file" | "directory";
  /** It may as well be of the other form. */
  readonly guessed?: true;
  /** Of a context supply. */
  readonly host?: HostPath;
  readonly reason: string;
  readonly confidence: Confidence;
  readonly because: readonly Provenance[];
}

type PathNeed = Extract<RuntimeNeed, { readonly kind: "path" }>;

/** The supplies of needed paths, outermost ones only. */
export function findSupplies(needs: readonly PathNeed[], reading: ImageReading): readonly Supply[] {
  const found = needs.flatMap((need): readonly Supply[] => {
    const supply = supplyOf(need.path, reading.image.tree, need.alone === true ? (need.form ?? "file") : undefined);
    if (supply === undefined) return [];
    const { reason, confidence, because } = need;
    return [{ ...supply, reason, confidence, because }];
  });
  const unique = found.filter((one, at) => found.findIndex((other) => other.path === one.path) === at);
  return unique.filter((one) => !unique.some((other) => covers(other, one)));
}

function covers(outer: Supply, inner: Supply): boolean {
  return (
    outer.path !== inner.path &&
    isWithin(inner.path, outer.path) &&
    (outer.kind === inner.kind || outer.kind === "build")
  );
}

type Where = Pick<Supply, "path" | "kind" | "at" | "form" | "guessed" | "host">;

/** Where one path comes from; `undefined` for what the base image holds. */
export function supplyOf(path: ImagePath, tree: ImageTree, alone?: "file" | "directory"): Where | undefined {
  const form = tree.kindOf(path);
  if (form === undefined) {
    return unseenSupply(path, tree, alone);
  }
  return form === "directory" ? directorySupply(path, tree) : fileSupply(path, tree);
}

/**
 * A path below a directory that a command wrote without saying what: the part of it that is new there, `/app/dist` of
 * `/app/dist/server.js`, so that what lies beside the file comes along.
 */
function unseenSupply(path: ImagePath, tree: ImageTree, alone: "file" | "directory" | undefined): Where | undefined {
  const copied = tree.guessedAbove(path);
  if (copied !== undefined) return fileSupply(copied, tree);
  const above = tree.writtenAbove(path);
  if (above === undefined) return undefined;
  const filled = tree.filledAbove(path);
  if (filled !== undefined) return { path: filled, kind: "kept", at: above.origin.at, form: "directory" };
  if (alone !== undefined) return { path, kind: "build", at: above.origin.at, form: alone };
  let top = path;
  for (let at = imagePath("..", path); tree.kindOf(at) === undefined; at = imagePath("..", at)) top = at;
  const frame = { path: top, kind: "build", at: above.origin.at } as const;
  return top === path ? { ...frame, form: "file", guessed: true } : { ...frame, form: "directory" };
}

function fileSupply(path: ImagePath, tree: ImageTree): Where | undefined {
  const node = tree.node(path);
  if (node === undefined) return undefined;
  const { origin, guessed } = node;
  const { at } = origin;
  if (origin.kind === "context") return { path, kind: "context", at, form: "file", host: origin.host };
  const kind = origin.kind === "foreign" ? "kept" : "build";
  return { path, kind, at, form: "file", ...(guessed === undefined ? {} : { guessed }) };
}

function directorySupply(path: ImagePath, tree: ImageTree): Where | undefined {
  const nodes = tree.below(path).filter(([, node]) => node.kind === "file" || node.origin.kind !== "made");
  const at = Math.max(...tree.below(path).map(([, node]) => node.origin.at));
  if (nodes.length > 0 && nodes.every(([, node]) => node.origin.kind === "foreign")) {
    const changed = tree.touchedAt(path);
    return changed === undefined
      ? { path, kind: "kept", at, form: "directory" }
      : { path, kind: "build", at: Math.max(at, changed), form: "directory" };
  }
  const host = tree.isContextOnly(path) ? hostDirectoryOf(path, tree) : undefined;
  if (host !== undefined) return { path, kind: "context", at, form: "directory", host };
  if (comesWhole(path, tree)) return { path, kind: "context", at, form: "directory" };
  return Number.isFinite(at) ? { path, kind: "build", at, form: "directory" } : undefined;
}

/** Whether every file below a path is a copy of the context, by instructions that bring nothing else: these can be kept as they are. */
function comesWhole(path: ImagePath, tree: ImageTree): boolean {
  const files = tree.below(path).filter(([, node]) => node.kind === "file");
  if (files.length === 0 || tree.isTouched(path) || files.some(([, node]) => node.origin.kind !== "context"))
    return false;
  const places = new Set(files.map(([, node]) => node.origin.at));
  return tree
    .below("/" as ImagePath)
    .every(([at, node]) => node.kind !== "file" || !places.has(node.origin.at) || isWithin(at, path));
}

/** The context directory whose copy stands at a path, when all below it comes from there. */
function hostDirectoryOf(path: ImagePath, tree: ImageTree): HostPath | undefined {
  const hosts = new Set<string>();
  for (const [at, node] of tree.below(path)) {
    if (node.origin.kind !== "context") return undefined;
    const relative = at.slice(path.length);
    const { host } = node.origin;
    // Files of the checkout's own directory have no slash before their name.
    if (relative !== "" && host === relative.slice(1)) hosts.add(".");
    else if (host.endsWith(relative)) hosts.add(host.slice(0, host.length - relative.length));
    else return undefined;
  }
  const [only] = hosts;
  return hosts.size === 1 && only !== undefined && only !== "" ? (only as HostPath) : undefined;
}
