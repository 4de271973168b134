/**
 * Programs that could be linked statically, and then run in an image with nothing else in it:
 *
 *     RUN go build -o /srv/shop .      →   RUN CGO_ENABLED=0 go build -o /srv/shop .
 *     RUN gcc -o /srv/shop shop.c      →   RUN gcc -o /srv/shop shop.c -static
 *
 * One decision for all that ships. The ecosystems know which programs can be; here is where their commands stand: only a command that a
 * RUN of the stage itself runs, alone in its unit, can be given more words.
 */
import type { Artifact, StaticLink } from "../../ecosystems/ecosystem.ts";
import type { Confidence, DecisionLog } from "../../model/decision.ts";
import { baseName, type ImagePath, isWithin } from "../../text/paths.ts";
import type { ImageReading } from "./read-image.ts";
import type { Wrapping } from "./rewrite-run.ts";
import type { Slice } from "./slice.ts";

/** What is linked in another way than the old file did. */
export interface Relinking {
  readonly programs: ReadonlySet<Artifact>;
  /** By instruction, then by unit. */
  readonly wraps: ReadonlyMap<number, ReadonlyMap<number, Wrapping>>;
  /** How sure it is that the programs work so. */
  readonly confidence: Confidence;
}

const NONE: Relinking = { programs: new Set(), wraps: new Map(), confidence: "certain" };

interface Candidate {
  readonly artifact: Artifact;
  readonly link: StaticLink;
  readonly at: number;
  readonly unit: number;
}

export function chooseLinkage(reading: ImageReading, slice: Slice, decisions: DecisionLog): Relinking {
  const ships = reading.image.artifacts.filter(
    ({ path, linkage }) =>
      !["none", "static"].includes(linkage.kind) && slice.supplies.some((supply) => isWithin(path, supply.path)),
  );
  const candidates = ships.flatMap((artifact) => candidateOf(artifact, reading, slice) ?? []);
  const [first] = candidates;
  // One program that stays dynamic needs the C library all the same.
  if (first === undefined || candidates.length < ships.length) return NONE;
  const advised = candidates.every(({ link }) => link.advised);
  const words = candidates.map(({ link }) => link.before ?? link.after ?? "");
  const chosen = decisions.decide({
    id: "linkage",
    question: "How are the programs that ship linked?",
    options: [
      {
        value: "static",
        label: `Statically, with ${[...new Set(words)].join(", ")}`,
        consequence: first.link.consequence,
      },
      {
        value: "as-built",
        label: "As the build links them",
        consequence: "They need the C library of their base image.",
      },
    ],
    recommended: advised ? "static" : "as-built",
    smallest: "static",
    confidence: "likely",
    because: candidates.map(({ artifact }) => artifact.because),
  });
  if (chosen !== "static") return NONE;
  const wraps = new Map<number, Map<number, Wrapping>>();
  for (const { at, unit, link } of candidates) {
    const units = wraps.get(at) ?? new Map<number, Wrapping>();
    wraps.set(at, units.set(unit, link));
  }
  const confidence = advised ? "likely" : "guess";
  return { programs: new Set(candidates.map(({ artifact }) => artifact)), wraps, confidence };
}

/** The programs by path, with the reason why their content is another one. */
export function rebuiltFiles({ programs }: Relinking): Readonly<Record<ImagePath, string>> | undefined {
  if (programs.size === 0) return undefined;
  return Object.fromEntries([...programs].map(({ path }) => [path, "It is linked statically now."]));
}

/** The artifacts of an image as they will be linked. */
export function relinked(artifacts: readonly Artifact[], { programs }: Relinking): readonly Artifact[] {
  return artifacts.map((one) => (programs.has(one) ? { ...one, linkage: { kind: "static" } } : one));
}

function candidateOf(artifact: Artifact, reading: ImageReading, slice: Slice): Candidate | undefined {
  const { staticLink } = artifact;
  if (staticLink === undefined) return undefined;
  for (const { index, instruction, units, chain } of reading.instructions) {
    const plain = instruction.kind === "run" && instruction.command.form === "shell" && chain !== undefined;
    if (index < reading.inherited || !plain) continue;
    const unit = units.findIndex(({ effects }) =>
      // Where it was moved or copied since, it is the same program.
      effects.some((effect) => effect.kind === "artifact" && effect.artifact.staticLink === staticLink),
    );
    if (unit < 0 || slice.roles[index]?.[unit] !== "build") continue;
    const [node, ...others] = chain[unit]?.nodes ?? [];
    const link = others.length === 0 && node?.kind === "command" ? staticLink() : undefined;
    // `make`, `sh` and `sudo` have the effects of the commands that they run, which words before them do not reach.
    const own = node?.kind === "command" && baseName(node.words[0]?.text ?? "") === link?.command;
    return link !== undefined && own ? { artifact, link, at: index, unit } : undefined;
  }
  return undefined;
}
