/**
 * Ways on which files reach the second image without the checkout or an extraction.
 *
 *     docker cp x:/app.war ci/  …  scp ci/app.war web:/releases/      over the network: refused, with both places
 *     Dockerfile:  RUN wget $WAR_URL
 *
 *     cp /usr/lib/libz.so.1 deploy/  …  COPY libz.so.1 /lib/          from the host's system: the step stays, and is named
 *     go build -o tool .             …  COPY tool /usr/bin/           compiled on the host: likewise
 *
 * An upload that no Dockerfile fetches from is a release, and nothing of ours.
 */

import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { DockerfileDocument, Instruction } from "../../dockerfile/syntax.ts";
import { oncePerProject } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, ROOT } from "../../text/paths.ts";
import { type Span, sourceFile } from "../../text/source.ts";
import { compilesIn } from "./host-compilers.ts";
import type { MadeNode } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { DOCKERFILE, SCRIPT } from "./references.ts";
import type { Visit } from "./trace.ts";

/** Reports artifacts that travel over the network into a build. */
export function checkNetwork(files: ProjectFiles, recognized: Recognized, reporter: Reporter): void {
  const carried = new Set(
    recognized.groups.flatMap((group) => [...group.builders, ...group.finals]).flatMap(stepsInto),
  );
  for (const { effect, visit } of recognized.extractions) {
    if (carried.has(visit.step) || effect.to === "-") continue;
    const name = baseName(effect.from);
    const upload = uploadOf(files, name);
    const fetch = upload && fetchOf(files, name);
    if (upload === undefined || fetch === undefined) continue;
    reporter.report("network-hand-over", { path: effect.from, command: upload.text, fetch: fetch.text }, upload.span, [
      { message: "it is taken out of the image here", span: spanOf(visit) },
      { message: "it is fetched here", span: fetch.span },
    ]);
    return;
  }
}

function stepsInto(linked: LinkedBuild): readonly number[] {
  const pieces = linked.copies.flatMap(({ sources }) => sources.flatMap(({ injections }) => injections));
  return pieces.flatMap((injection) => injection.pieces.flatMap((p) => (p.kind === "flow" ? p.node.by : [])));
}

interface Place {
  readonly text: string;
  readonly span: Span;
}

/** Commands that send a file to another machine. */
const UPLOAD =
  /^[ \t@+-]*(?:sudo\s+)?(?:scp|sftp|rsync|lftp|ncftpput|s3cmd\s+(?:put|sync)|aws\s+s3(?:api)?\s+(?:cp|mv|sync|put-object)|gsutil(?:\s+-m)?\s+(?:cp|mv|rsync)|gcloud\s+storage\s+cp|az\s+storage\s+blob\s+upload\S*|mc\s+(?:cp|mirror)|jfrog\s+rt\s+u(?:pload)?|rclone\s+copy\S*|curl\b.*\s(?:-T|--upload-file|-F|--form|--data-binary)\b)\b/;
const LARGEST = 512 * 1024;

function uploadOf(files: ProjectFiles, name: string): Place | undefined {
  const named = wordPattern(name);
  return uploads(files).find(({ line }) => named.test(line))?.place;
}

/** All lines that send something. */
const uploads = oncePerProject((files) => {
  const found: { readonly line: string; readonly place: Place }[] = [];
  for (const path of files.walk(ROOT)) {
    if (!SCRIPT.test(path) || (files.entry(path)?.size ?? LARGEST + 1) > LARGEST) continue;
    const read = files.read(path);
    if (!read.ok || !SENDS.test(read.text)) continue;
    let at = 0;
    for (const line of read.text.split("\n")) {
      const start = at + line.search(/\S|$/);
      at += line.length + 1;
      if (UPLOAD.test(line))
        found.push({ line, place: { text: short(line), span: { path, start, end: start + line.trim().length } } });
    }
  }
  return found;
});

/** A word that every such line begins with. */
const SENDS = /\b(?:scp|sftp|rsync|lftp|ncftpput|s3cmd|aws|gsutil|gcloud|az|mc|jfrog|rclone|curl)\b/;

/** A name that is not a part of a longer one. */
function wordPattern(name: string): RegExp {
  return new RegExp(`(?:^|[^\\w.-])${name.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}(?![\\w.-])`);
}

/** A Dockerfile's instruction that downloads the file: by its name, or from an address that only the call gives. */
function fetchOf(files: ProjectFiles, name: string): Place | undefined {
  for (const path of files.walk(ROOT)) {
    if (!DOCKERFILE.test(path) || (files.entry(path)?.size ?? LARGEST + 1) > LARGEST) continue;
    const read = files.read(path);
    if (!read.ok || !/\b(?:wget|curl)\b|^\s*ADD\s/im.test(read.text)) continue;
    const document = parseDockerfile(sourceFile(path, read.text));
    const found = document.instructions.find((instruction) => fetches(instruction, document, name));
    if (found !== undefined) return placeOf(path, read.text, found);
  }
  return undefined;
}

function placeOf(path: HostPath, text: string, { range }: Instruction): Place {
  const { start, end } = range;
  return { text: short(text.slice(start, end)), span: { path, start, end } };
}

function fetches(instruction: Instruction, document: DockerfileDocument, name: string): boolean {
  const { start, end } = instruction.range;
  const text = document.source.text.slice(start, end);
  if (instruction.kind === "add") {
    return (
      instruction.sources.some(
        (source) => /^(?:https?|ftp):\/\//.test(source.text) && wordPattern(name).test(source.text),
      ) || instruction.sources.some((source) => isGivenAddress(source.text, document))
    );
  }
  if (instruction.kind !== "run" || !/\b(?:wget|curl)\b/.test(text)) return false;
  const words = text.split(/[\s"']+/);
  return words.some((word) => (/:\/\//.test(word) && wordPattern(name).test(word)) || isGivenAddress(word, document));
}

/** `$WAR_URL`, where the ARG has no default: the caller knows the address. */
function isGivenAddress(word: string, { instructions }: DockerfileDocument): boolean {
  const [, name] = /^\$\{?(\w+)\}?$/.exec(word) ?? [];
  const declared = instructions.some(
    (one) => one.kind === "arg" && one.pairs.some((pair) => pair.key === name && pair.value === undefined),
  );
  return name !== undefined && /url|uri|link|address|location/i.test(name) && declared;
}

function short(text: string): string {
  const flat = text.replace(/\\?\s+/g, " ").trim();
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
}

/** Whether a command was told to make a file. */
function isMadeHere({ by }: MadeNode, { visits }: Recognized["run"]): boolean {
  return (
    visits[by[0] ?? -1]?.effects.some((effect) => effect.kind === "foreign" && effect.makes !== undefined) === true
  );
}

/** Says which files of a final the host still has to have: of its system, or of a compiler that runs there. */
export function sayHostFiles({ run, groups }: Recognized, reporter: Reporter): void {
  const makers = [...effectsOf(run, "move"), ...effectsOf(run, "foreign")].map(({ visit }) => visit);
  for (const final of groups.flatMap((group) => group.finals)) {
    const before = makers.filter((visit) => visit.step < final.build.step);
    for (const source of final.copies.flatMap((copy) => copy.sources)) {
      const pieces = source.injections.flatMap((injection) => injection.pieces);
      if (!pieces.some(isUnexplained)) continue;
      const brought = pieces.flatMap((piece) =>
        piece.kind === "made" && (piece.node.system !== undefined || isMadeHere(piece.node, run)) ? piece.node.by : [],
      );
      const folder = posix.join(final.build.context, posix.dirname(source.text));
      const maker =
        run.visits[brought[0] ?? -1] ??
        before.find((visit) => names(visit, baseName(source.text))) ??
        before.find((visit) => compilesIn(visit, folder));
      if (maker !== undefined)
        reporter.report("file-from-host", { source: source.text, command: shortText(maker) }, spanOf(maker));
    }
  }
}

/** Neither the checkout's nor out of an image. */
function isUnexplained(piece: Piece): boolean {
  return piece.kind === "missing" || (piece.kind === "made" && piece.node.image === undefined);
}

function names(visit: Visit, name: string): boolean {
  return visit.node.words.some(({ text }) => baseName(text.replace(/["']/g, "")) === name);
}
