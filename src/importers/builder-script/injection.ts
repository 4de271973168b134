/**
 * What a COPY source of a build stands for, by the abstract host at that moment.
 *
 *     docker cp x:/app/dist ./dist       COPY dist /web       one flow, out of the image
 *     docker cp x:/bin/app .             COPY . /srv          the context, then a flow that lands in /srv/app
 *     (nothing)                          COPY conf /etc/x     the context alone
 *
 * What is not decided here: how the COPY is written anew (copy-steps.ts).
 */
import { posix } from "node:path";
import { isArchiveName } from "../../dockerfile/copy-semantics.ts";
import type { CopyInstruction } from "../../dockerfile/syntax.ts";
import { hasWildcard, matchesWildcard } from "../../dockerfile/wildcards.ts";
import { contextPath } from "../../text/paths.ts";
import {
  type ArchiveNode,
  type CheckoutNode,
  exists,
  type HostNode,
  type HostTree,
  type ImageNode,
  isChosen,
  isMaybe,
  look,
  type MadeNode,
  names,
  type Shape,
  type Step,
  shapeOf,
  toCheckout,
} from "./host-tree.ts";

/** A part of what a source brings. `inside` is its place below the source, "" for the source itself. */
export type Piece =
  /** In the context, where the checkout has it. */
  | { readonly kind: "context"; readonly inside: string }
  /** The checkout's, but moved by the script to where the context has it. */
  | { readonly kind: "staged"; readonly node: CheckoutNode; readonly inside: string; readonly shape: Shape }
  | {
      readonly kind: "flow";
      readonly node: ImageNode;
      readonly inside: string;
      readonly hostPath: string;
      /** Set where it came in an archive that ADD unpacked: no ignore rule looked into it, and it may have kept its owner. */
      readonly packed?: { readonly keepsOwner: boolean };
    }
  | { readonly kind: "archive"; readonly node: ArchiveNode; readonly inside: string }
  | { readonly kind: "made"; readonly node: MadeNode; readonly inside: string }
  /** Taken away by the script from a directory that came out of an image. */
  | { readonly kind: "removed"; readonly inside: string; readonly hostPath: string; readonly since?: Step }
  | { readonly kind: "missing"; readonly inside: string };

/** The pieces of one source, bottom layer first. `name` is the last name under which it stands in the context. */
export interface Injection {
  readonly name: string;
  readonly pieces: readonly Piece[];
  /** True where each piece is copied from where it truly is, and what the script staged is not needed any more. */
  readonly unstaged?: boolean;
}

/** A source may be a pattern; each thing that it matches is an injection of its own, the context's own ones together. */
export function injectionsOf(host: HostTree, context: string, source: string): readonly Injection[] {
  const path = contextPath(source);
  if (!hasWildcard(source)) return [injection(host, posix.join(context, path))];
  const found = matches(host, context, path.split("/"));
  const own = found.filter((item) => item.pieces.every((piece) => piece.kind === "context"));
  const others = found.filter((item) => !own.includes(item));
  const together =
    own.length === 0 ? [] : [{ name: posix.basename(path), pieces: [{ kind: "context", inside: "" } as const] }];
  return found.length === 0
    ? [{ name: posix.basename(path), pieces: [{ kind: "missing", inside: "" }] }]
    : [...together, ...others];
}

/** What stands at one absolute path. `whole`: with what a container may have written there. */
export function injection(host: HostTree, path: string, whole = false): Injection {
  return { name: posix.basename(path), pieces: piecesOf(host, look(host, path), path, "", whole) };
}

/**
 * The whole context, where a container worked on all of it through a mount: its image has what the context has, and what it made,
 * under names that nobody knows. What the script put there since, or took away, comes on top.
 */
export function workedContext(
  { host, context }: { readonly host: HostTree; readonly context: string },
  source: string,
): Injection | undefined {
  const node = look(host, context);
  if (!/^\.?\/?$/.test(source) || node.kind !== "directory") return undefined;
  const [layer, ...others] = node.layers;
  if (layer?.kind !== "image" || layer.all !== true) return undefined;
  const plain = others.every((other) => other.kind === "checkout" && toCheckout(context) === other.path);
  if (!plain) return undefined;
  const entries = [...node.entries].flatMap(([name, entry]): readonly Piece[] => {
    const path = posix.join(context, name);
    if (!exists(entry)) return [{ kind: "removed", inside: name, hostPath: path }];
    const own = entry.kind === "image" && entry.image === layer.image && entry.path === posix.join(layer.path, name);
    return own ? [] : piecesOf(host, entry, path, name, true);
  });
  const whole: Piece = { kind: "flow", node: { ...layer, presumed: false }, inside: "", hostPath: context };
  return { name: posix.basename(context), pieces: [whole, ...entries] };
}

/** Walks a pattern's segments; below an image's directory the rest of the pattern stays a pattern. */
function matches(host: HostTree, at: string, segments: readonly string[]): readonly Injection[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [injection(host, at)];
  const node = look(host, at);
  const image = onlyImage(node);
  if (image !== undefined && segments.some(hasWildcard)) {
    const path = posix.join(image.path, ...segments) as ImageNode["path"];
    const flow = { ...image, path, shape: "unknown" as const };
    return [
      {
        name: posix.basename(path),
        pieces: [{ kind: "flow", node: flow, inside: "", hostPath: posix.join(at, ...segments) }],
      },
    ];
  }
  if (!hasWildcard(segment))
    return exists(look(host, posix.join(at, segment))) ? matches(host, posix.join(at, segment), rest) : [];
  return names(host.files, node)
    .filter((name) => matchesWildcard(segment, name))
    .flatMap((name) => matches(host, posix.join(at, name), rest));
}

/** The image that a directory came out of, when nothing else is in it. */
function onlyImage(node: HostNode): ImageNode | undefined {
  if (node.kind === "image") return node;
  if (node.kind !== "directory" || node.entries.size > 0 || node.layers.length !== 1) return undefined;
  const [layer] = node.layers;
  return layer === undefined ? undefined : onlyImage(layer);
}

function piecesOf(host: HostTree, node: HostNode, path: string, inside: string, whole: boolean): readonly Piece[] {
  if (node.kind === "directory") return directoryPieces(host, node, path, inside, whole);
  const inContext = node.kind === "checkout" && toCheckout(path) === node.path;
  return inContext ? [{ kind: "context", inside }] : [pieceOf(host, node, path, inside)];
}

/** What arrives from one node that is no directory made of others; of the checkout as a file that was put there. */
export function pieceOf(
  host: HostTree,
  node: Exclude<HostNode, { kind: "directory" }>,
  path: string,
  inside: string,
): Piece {
  switch (node.kind) {
    case "absent":
      return { kind: "missing", inside };
    case "archive":
      return { kind: "archive", node, inside };
    case "made":
      return { kind: "made", node, inside };
    case "image":
      return { kind: "flow", node, inside, hostPath: path };
    case "checkout":
      return { kind: "staged", node, inside, shape: shapeOf(host.files, node) };
  }
}

/** What was taken out of a directory by name. */
export function removedPiece(entry: HostNode, path: string, inside: string): Piece {
  const since = entry.kind === "absent" && entry.since !== undefined ? { since: entry.since } : {};
  return { kind: "removed", inside, hostPath: path, ...since };
}

/** What layers bring, then what was put in by name. What a container may have written into a directory is left out. */
function directoryPieces(
  host: HostTree,
  node: Extract<HostNode, { kind: "directory" }>,
  path: string,
  inside: string,
  whole: boolean,
): readonly Piece[] {
  const layers =
    isMaybe(node) || whole ? layersUpwards(node) : node.layers.filter((layer) => !isMaybe(layer) || isChosen(layer));
  const below = layers.flatMap((layer) => piecesOf(host, layer, path, inside, whole));
  const above = [...node.entries]
    .filter(([, entry]) => exists(entry))
    .flatMap(([name, entry]) => piecesOf(host, entry, posix.join(path, name), posix.join(inside, name), whole));
  const fromImage = below.some((piece) => piece.kind === "flow" && piece.inside === inside);
  const removed = [...node.entries]
    .filter(([, entry]) => fromImage && !exists(entry))
    .map(([name, entry]) => removedPiece(entry, posix.join(path, name), posix.join(inside, name)));
  return withoutRepeatedContext([...below, ...above, ...removed]);
}

/** The layers of a directory, with what a container may have written on top of what was there before. */
export function layersUpwards({ layers }: Extract<HostNode, { kind: "directory" }>): readonly HostNode[] {
  return [
    ...layers.filter((layer) => !isMaybe(layer)),
    ...layers.filter((layer) => isMaybe(layer) && layer.kind !== "made"),
  ];
}

/** A directory of the context brings what is in it, so nothing in it has to be named again. */
function withoutRepeatedContext(pieces: readonly Piece[]): readonly Piece[] {
  const whole = pieces.filter((piece) => piece.kind === "context").map((piece) => piece.inside);
  return pieces.filter(
    (piece) =>
      (piece.kind !== "context" && piece.kind !== "staged") ||
      !whole.some((above) => above !== piece.inside && (above === "" || piece.inside.startsWith(`${above}/`))),
  );
}

/** Whether what arrives is an archive whose members are not known, or that has to be a file in the image. */
export function isArchiveAdded({ kind }: CopyInstruction, { name, pieces }: Injection): boolean {
  const whole = pieces.some((piece) => piece.kind === "flow" && piece.inside === "" && piece.packed === undefined);
  return pieces.some((piece) => piece.kind === "archive") || (kind === "add" && whole && isArchiveName(name));
}
