/**
 * A service that develops in an image which ships:
 *
 *     web:                                    web:
 *       build: .                       →        build:
 *       command: npm run dev                      context: .
 *                                                 target: development
 *                                               command: npm run dev
 *
 * The old image stays, unchanged, as a stage of that name, and nothing else builds it
 * (https://docs.docker.com/reference/compose-file/build/#target). Not decided here: what an image that itself develops comes to.
 */
import { isMap, isScalar, parseDocument, type Scalar, type YAMLMap } from "yaml";
import type { DecisionLog } from "../../model/decision.ts";
import type { CallerEdit, Stage, StageStep } from "../../model/plan.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import type { HostPath } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { baseOf, refOf } from "./build-stages.ts";
import { commandsElsewhere, type ElsewhereCommand, startText } from "./elsewhere.ts";
import type { ImageReading } from "./read-image.ts";
import { worksOnSources } from "./runtime-needs.ts";

export interface DevelopmentTarget {
  readonly stage: Stage;
  readonly edits: readonly CallerEdit[];
}

/** A service that develops, and the edit that lets it build the old image. */
export interface DevelopmentService {
  readonly command: ElsewhereCommand;
  readonly service: string;
  readonly edit: CallerEdit;
}

/** The services of compose files that develop in an image, where their files can be changed safely. */
export function developmentServices(reading: ImageReading, name: string): readonly DevelopmentService[] {
  return commandsElsewhere(reading.image.project, reading.document.source.path).flatMap((command) => {
    const { service, file } = command;
    if (service === undefined || !worksOnSources(startText(command), reading)) return [];
    const edit = targetEdit({ service, file }, name, reading);
    return edit === undefined ? [] : [{ command, service, edit }];
  });
}

/** The stage and the edits of compose files; `undefined` where no service develops, or the answers want none. */
export function developmentTarget(
  reading: ImageReading,
  name: string,
  candidates: readonly DevelopmentService[],
  decisions: DecisionLog,
): DevelopmentTarget | undefined {
  const because = candidates.flatMap(({ edit }) => edit.because);
  if (candidates.length === 0 || decide(candidates, name, because, decisions) !== "target") return undefined;
  return {
    stage: oldImage(reading, name, because),
    edits: candidates.map(({ edit }) => edit),
  };
}

function decide(
  candidates: readonly DevelopmentService[],
  name: string,
  because: readonly Provenance[],
  decisions: DecisionLog,
): string {
  const services = candidates.map(({ service }) => `"${service}"`).join(", ");
  return decisions.decide({
    id: "development",
    question: `Where do the services ${services} of compose files develop?`,
    options: [
      {
        value: "target",
        label: "In a target of their own",
        consequence: `The old image stays as the stage "${name}", which only these services build.`,
      },
      {
        value: "leave",
        label: "In the image that ships",
        consequence: "Compose files stay as they are; the services lack sources and tools that do not ship.",
      },
    ],
    recommended: "target",
    confidence: "certain",
    because,
  });
}

function oldImage(reading: ImageReading, name: string, because: readonly Provenance[]): Stage {
  const own = reading.instructions.filter(({ index }) => index >= reading.inherited);
  return {
    name,
    role: "development",
    base: baseOf(reading),
    steps: own.map(
      (one): StageStep => ({
        kind: "original",
        source: refOf(reading, one.instruction),
        reason: "The image for development is what it was.",
        because: [one.because],
        confidence: "certain",
      }),
    ),
    reason: "Services of compose files develop in the old image, unchanged.",
    because,
    confidence: "certain",
  };
}

/** `target` in the service's `build`; `undefined` where it has one, or where the text cannot be changed safely. */
function targetEdit(
  command: { readonly service: string; readonly file: HostPath },
  name: string,
  reading: ImageReading,
): CallerEdit | undefined {
  const read = reading.image.project.read(command.file);
  if (!read.ok) return undefined;
  const document = parseDocument(read.text, { logLevel: "silent" });
  const service = document.getIn(["services", command.service], true);
  if (document.errors.length > 0 || !isMap(service)) return undefined;
  const pair = service.items.find(({ key }) => isScalar(key) && key.value === "build");
  const at = pair === undefined ? undefined : insertion(pair.key, pair.value, name, read.text);
  if (at === undefined) return undefined;
  const source = sourceFile(command.file, read.text);
  return {
    path: command.file,
    ...at,
    reason: `The service "${command.service}" develops in the image as it was.`,
    because: [provenance(source, at.range)],
    confidence: "certain",
  };
}

type Insertion = Pick<CallerEdit, "range" | "text">;

function insertion(key: unknown, build: unknown, name: string, text: string): Insertion | undefined {
  if (isScalar(build)) return ofShortForm(key, build, name, text);
  if (!isMap(build) || build.has("target") || build.anchor !== undefined) return undefined;
  return ofMap(build, name, text);
}

/** `build: ./api` */
function ofShortForm(key: unknown, build: Scalar, name: string, text: string): Insertion | undefined {
  if (!isScalar(key) || !key.range || !build.range || build.anchor !== undefined) return undefined;
  const [start, end] = build.range;
  const indent = indentAt(key.range[0], text);
  if (indent === undefined || start <= key.range[1] || text.slice(start, end).includes("\n")) return undefined;
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text.slice(0, start).replace(/[ \t]+$/, "").length;
  const lines = [`context: ${text.slice(start, end)}`, `target: ${name}`].map((line) => `${lineEnd}${indent}  ${line}`);
  return { range: { start: before, end }, text: lines.join("") };
}

/** `build:` with `context:` and its like below it, or between braces. */
function ofMap(build: YAMLMap, name: string, text: string): Insertion | undefined {
  const first = build.items[0]?.key;
  if (!isScalar(first) || !first.range) return undefined;
  const [start] = first.range;
  if (build.flow === true) return { range: { start, end: start }, text: `target: ${name}, ` };
  const indent = indentAt(start, text);
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return indent === undefined
    ? undefined
    : { range: { start, end: start }, text: `target: ${name}${lineEnd}${indent}` };
}

/** The spaces before a key that is the first of its line. */
function indentAt(offset: number, text: string): string | undefined {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^ *$/.test(line) ? line : undefined;
}
