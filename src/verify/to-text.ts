/**
 * A verification as text, a small table for each image:
 *
 *     fat-dockerfile:Dockerfile: verified
 *       production             replaces Dockerfile
 *       configuration  ok      equal but for 2 expected changes
 *       files          ok      1,204 equal, 18,211 left behind with a reason
 *
 * Problems stand in full below it, then what is expected, with at most so many lines. Nothing here is printed raw: control
 * characters are shown as escapes and secrets are masked.
 */
import { maskSecrets } from "../model/mask.ts";
import type {
  Check,
  Finding,
  ImageVerification,
  RepairRound,
  SizeAndTime,
  Verification,
} from "../model/verification.ts";
import { visibleLine } from "../text/visible.ts";
import { wrapLine } from "../text/wrap.ts";
import { causeInWords } from "./causes-in-words.ts";

/** How the text looks; the functions leave it as it is where there are no colours. */
export interface TextStyle {
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Expected changes and notes that are shown of one check; all of them are in the JSON document. */
const SHOWN = 12;

/** `id` is the setup's. Ends in a line end. */
export function verificationToText(id: string, verification: Verification, style: TextStyle): string {
  const { verdict, summary, images, rounds, log = [] } = verification;
  const paint = verdict === "verified" ? style.green : verdict === "nothing-to-verify" ? style.dim : style.red;
  const head = `${style.bold(safe(id))}: ${paint(verdict)}`;
  return [
    head,
    ...indented(summary, 2, style),
    ...rounds.flatMap((round, index) => roundLines(round, index + 1, style)),
    ...images.flatMap((image) => ["", ...imageLines(image, style)]),
    ...(log.length === 0 ? [] : ["", ...log.map((line) => `  ${style.dim("|")} ${safe(line)}`)]),
    "",
  ].join("\n");
}

function imageLines(image: ImageVerification, style: TextStyle): readonly string[] {
  const { target, replaces, configuration, files, libraries, behaviour, size } = image;
  const checks = { configuration, files, libraries, behaviour } as const;
  return [
    `  ${style.bold(safe(target))} replaces ${safe(replaces)}`,
    ...Object.entries(checks).map(([name, check]) => checkLine(name, check, style)),
    ...sizeLines(size),
    ...Object.entries(checks).flatMap(([name, check]) => findingLines(name, check.findings, style)),
  ];
}

function checkLine(name: string, { ok, summary }: Check, style: TextStyle): string {
  return `  ${name.padEnd(14)} ${ok ? style.green("ok    ") : style.red("FAILED")} ${safe(summary)}`;
}

function sizeLines({ bytes, layers, coldBuild, rebuild, largest }: SizeAndTime): readonly string[] {
  const row = (name: string, text: string): string => `  ${name.padEnd(14)} ${"".padEnd(6)} ${text}`;
  const share = bytes.before === 0 ? "" : ` (${((100 * bytes.after) / bytes.before).toFixed(1)} %)`;
  const size = `${megabytes(bytes.before)} -> ${megabytes(bytes.after)}${share}, ${layers.before} -> ${layers.after} layers`;
  const cold = coldBuild && `cold ${seconds(coldBuild.before)} -> ${seconds(coldBuild.after)}`;
  const again =
    rebuild && `after touching ${safe(rebuild.touched)} ${seconds(rebuild.before)} -> ${seconds(rebuild.after)}`;
  const build = [cold, again].filter((part) => part !== undefined).join(", ");
  const most = largest.slice(0, 3).map(({ path, bytes }) => `${safe(path)} ${megabytes(bytes)}`);
  return [
    row("size", size),
    ...(build === "" ? [] : [row("build time", build)]),
    ...(most.length === 0 ? [] : [row("largest", most.join(", "))]),
  ];
}

function findingLines(check: string, findings: readonly Finding[], style: TextStyle): readonly string[] {
  if (findings.length === 0) return [];
  const problems = findings.filter(({ level }) => level === "problem");
  const others = findings.filter(({ level }) => level !== "problem");
  const left = others.length - SHOWN;
  return [
    "",
    `  ${style.bold(check)}`,
    ...problems.flatMap((finding) => findingText(finding, style.red, style)),
    ...others.slice(0, SHOWN).flatMap((finding) => findingText(finding, style.dim, style)),
    ...(left > 0 ? [style.dim(`    … and ${left} more, all in the output of --json`)] : []),
  ];
}

function findingText({ level, what, why }: Finding, paint: (text: string) => string, style: TextStyle) {
  const lines = indented(`${level.padEnd(9)} ${what}`, 4, style, 14);
  return [...lines.map((line) => paint(line)), ...indented(why, 14, style).map((line) => style.dim(line))];
}

function roundLines({ causes, changes }: RepairRound, number: number, style: TextStyle): readonly string[] {
  return [
    "",
    `  ${style.yellow(`repair ${number}`)}`,
    ...causes.flatMap((cause) => indented(`because ${causeInWords(cause)}`, 4, style)),
    ...changes.flatMap((change) => indented(change, 4, style)),
  ];
}

function indented(text: string, by: number, { width }: TextStyle, hanging: number = by): readonly string[] {
  return wrapLine(`${" ".repeat(by)}${safe(text)}`, width, hanging);
}

/** `"12.4 MB"`: decimal megabytes, as engines show sizes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `"13.1 s"` of milliseconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function safe(text: string): string {
  return visibleLine(maskSecrets(text));
}
