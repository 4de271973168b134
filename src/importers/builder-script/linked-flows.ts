/**
 * What a linked build copies, piece by piece.
 *
 *     COPY . /srv     ← docker cp x:/out/app .       a piece of the context, and a flow of "/out/app"
 */
import { imagesAt } from "./host-tree.ts";
import type { Injection, Piece } from "./injection.ts";
import type { LinkedBuild } from "./links.ts";

/** A piece that comes out of an image. */
export type Flow = Extract<Piece, { kind: "flow" }>;

/** All that the COPYs of a build bring. */
export function piecesOf(linked: LinkedBuild): readonly Piece[] {
  return linked.copies
    .flatMap((copy) => copy.sources)
    .flatMap((source) => source.injections)
    .flatMap((injection) => injection.pieces);
}

/** What of it comes out of images. */
export function flowsOf(linked: LinkedBuild): readonly Flow[] {
  return piecesOf(linked).flatMap((piece) => (piece.kind === "flow" ? [piece] : []));
}

/** Whether anything comes in out of an image that was extracted from. */
export function hasFlow(linked: LinkedBuild): boolean {
  return piecesOf(linked).some((piece) => "node" in piece && imagesAt(piece.node).length > 0);
}

/** Builds by the keys of their images. */
export type Builds = ReadonlyMap<string, LinkedBuild>;

/** The builds with each injection changed. */
export function mapInjections(builds: Builds, change: (injection: Injection) => Injection): Builds {
  return new Map(
    [...builds].map(([id, linked]) => {
      const copies = linked.copies.map((copy) => ({
        ...copy,
        sources: copy.sources.map((source) => ({ ...source, injections: source.injections.map(change) })),
      }));
      return [id, { ...linked, copies }];
    }),
  );
}

/** The builds with each piece of their injections changed. */
export function mapPieces(builds: Builds, change: (piece: Piece) => Piece): Builds {
  return mapInjections(builds, (injection) => ({ ...injection, pieces: injection.pieces.map(change) }));
}

/** What comes in from other builds, and as what the file is built. */
export function intakeOf(linked: LinkedBuild): string {
  const { bases, references, build } = linked;
  const flows = flowsOf(linked).map(({ node, hostPath }) => [node.image, node.path, hostPath]);
  const images = [...bases, ...[...references.values()].map((image) => [image])];
  return flows.length + images.length === 0 ? "" : JSON.stringify([build.id, flows, images]);
}
