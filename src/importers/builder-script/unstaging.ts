/**
 * What a script put together for a build, seen as the pieces that it is made of.
 *
 *     mkdir deploy && cp conf/app.ini deploy/ && docker cp x:/bin/app deploy/      COPY . /opt  in a build of deploy
 *     COPY conf/app.ini /opt/app.ini
 *     COPY --from=builder /bin/app /opt/app
 *
 *     tar czf app.tgz -C out .                                                     ADD app.tgz /srv
 *     COPY --from=builder /src/out /srv
 *
 * ADD unpacks tar archives, whatever their compression (https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives).
 * What is not decided here: whether the commands that staged it go (dispositions.ts).
 */
import { posix } from "node:path";
import { isArchiveName } from "../../dockerfile/copy-semantics.ts";
import type { CopyInstruction } from "../../dockerfile/syntax.ts";
import { hasWildcard } from "../../dockerfile/wildcards.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { contextPath } from "../../text/paths.ts";
import { contentsOf } from "./archives.ts";
import { child, exists, type HostNode, type HostTree, isMaybe, look, names, toCheckout } from "./host-tree.ts";
import { type Injection, layersUpwards, type Piece, pieceOf, removedPiece } from "./injection.ts";
import type { Build } from "./trace.ts";

interface Place extends Pick<Build, "host"> {
  readonly context: string;
  readonly file: Extract<Build["file"], { kind: "found" }>;
}

/** An injection with its pieces from where they truly are, where that can be said and is of use; else as it is. */
export function unstaged(build: Place, instruction: CopyInstruction, source: string, injection: Injection): Injection {
  if (hasWildcard(source)) return injection;
  const { host, context } = build;
  const path = posix.join(context, contextPath(source));
  const node = look(host, path);
  const archive = instruction.kind === "add" ? addedArchive(host, node, injection) : undefined;
  if (archive !== undefined) return archive;
  if (!isStaging(host, context) && !needsUnstaging(host, path, injection)) return injection;
  const own = build.file.by !== undefined && build.file.by.length > 0 ? build.file.path : undefined;
  // The Dockerfile that the script put into the context is another one now, and no part of what is built.
  const pieces = truePieces(host, node, path, "").filter((piece) => piece.kind !== "staged" || piece.node.path !== own);
  return pieces.every(isExpressible) ? { ...injection, pieces, unstaged: true } : injection;
}

/** Whether a build's context is a directory that only the script makes. */
export function isStaging(host: HostTree, context: string): boolean {
  const own = toCheckout(context);
  return own === undefined || host.files.entry(own) === undefined;
}

/** A directory that an extraction makes, and that the script adds to, is not there for what it adds any more. */
function needsUnstaging(host: HostTree, path: string, { pieces }: Injection): boolean {
  const flow = pieces.some((piece) => piece.kind === "flow" && piece.inside === "");
  const more = pieces.some((piece) => piece.kind === "staged");
  return flow && more && isStaging(host, path);
}

function isExpressible({ kind }: Piece): boolean {
  return kind === "staged" || kind === "flow" || kind === "removed";
}

function truePieces(host: HostTree, node: HostNode, path: string, inside: string): readonly Piece[] {
  return node.kind === "directory" ? directoryPieces(host, node, path, inside) : [pieceOf(host, node, path, inside)];
}

/** Layers, then what was put in by name; a directory of the checkout that something was taken out of, name by name. */
function directoryPieces(
  host: HostTree,
  node: Extract<HostNode, { kind: "directory" }>,
  path: string,
  inside: string,
): readonly Piece[] {
  const at = (name: string, inner: HostNode): readonly Piece[] =>
    truePieces(host, inner, posix.join(path, name), posix.join(inside, name));
  const gone = [...node.entries].filter(([, entry]) => !exists(entry)).map(([name]) => name);
  const cut = node.layers.some((layer) => gone.some((name) => isKnownIn(host.files, layer, name)));
  const layers = isMaybe(node) ? layersUpwards(node) : node.layers.filter((layer) => !isMaybe(layer));
  if (cut) return names(host.files, node).flatMap((name) => at(name, child(host.files, node, name)));
  const below = layers.flatMap((layer) => truePieces(host, layer, path, inside));
  const above = [...node.entries].filter(([, entry]) => exists(entry)).flatMap(([name, entry]) => at(name, entry));
  const taken = gone.flatMap((name) => {
    const entry = node.entries.get(name);
    return entry === undefined ? [] : [removedPiece(entry, posix.join(path, name), posix.join(inside, name))];
  });
  const flows = below.some((piece) => piece.kind === "flow");
  const all = [...below, ...above, ...(flows ? taken : [])];
  return all.length > 0
    ? all
    : [{ kind: "made", node: { kind: "made", shape: "directory", presumed: false, by: node.by }, inside }];
}

function isKnownIn(files: ProjectFiles, layer: HostNode, name: string): boolean {
  return layer.kind === "checkout" && exists(child(files, layer, name));
}

// ---- ADD of an archive

/** What ADD unpacks: the members of an archive, each where it lands. */
function addedArchive(host: HostTree, node: HostNode, { name, pieces }: Injection): Injection | undefined {
  const [piece, ...others] = pieces;
  const whole = others.length === 0 && piece?.inside === "" && (piece.kind === "archive" || piece.kind === "flow");
  const archive =
    node.kind === "archive" || (node.kind === "image" && (isArchiveName(name) || isArchiveName(node.path)));
  const contents = whole && archive ? contentsOf(host.files, node) : undefined;
  if (contents === undefined) return undefined;
  const keepsOwner = !(node.kind === "archive" && node.packedOnHost === true);
  const inner = truePieces(host, contents, "", "").map(
    (one): Piece => (one.kind === "flow" ? { ...one, packed: { keepsOwner } } : one),
  );
  return inner.every(isExpressible) ? { name, pieces: inner, unstaged: true } : undefined;
}
