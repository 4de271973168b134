/**
 * A script as a chain of units that can be left out one by one, and the text that remains.
 *
 *     adduser app && apk add gcc && make || exit 1         one unit: what stands left of `||` belongs together
 *     adduser app && apk add gcc && make                   three units; the first and the last kept: "adduser app && make"
 *
 * A unit that is left out is taken to have succeeded. In go a text and ranges in it, so that the text may be a file with
 * continuations and comment lines where the script that was parsed had neither. What is not decided here: which units to keep.
 */
import type { Range } from "../text/source.ts";
import { innerNodes } from "./inner-nodes.ts";
import type { Redirection, ShellNode, ShellScript } from "./syntax.ts";

/** Commands that stay or go together. */
export interface ChainUnit {
  readonly nodes: readonly ShellNode[];
  /** From the first command to the last, with the bodies of here-documents. */
  readonly range: Range;
  /** What stands before it; `;` also for a line end. */
  readonly connector: "start" | "&&" | ";" | "&";
}

/** Splits a script at the `&&`, `;`, `&` and line ends of its top level. */
export function chainUnits(script: ShellScript): readonly ChainUnit[] {
  const units = script.statements.flatMap((statement, index) => {
    const before = script.statements[index - 1];
    const connector = before === undefined ? "start" : before.background === true ? "&" : ";";
    return statementUnits(statement, connector);
  });
  return withHereDocuments(units);
}

/** `a && b || c && d` is `((a && b) || c) && d`: only what follows the last `||` stands alone. */
function statementUnits(statement: ShellNode, connector: ChainUnit["connector"]): readonly ChainUnit[] {
  if (statement.kind !== "and-or" || statement.background === true) return [unitOf([statement], connector)];
  const { items, operators } = statement;
  const bound = operators.lastIndexOf("||") + 1;
  const head = bound === 0 ? [] : [unitOf(items.slice(0, bound + 1), connector)];
  const rest = items.slice(bound === 0 ? 0 : bound + 1);
  return [...head, ...rest.map((item, index) => unitOf([item], bound === 0 && index === 0 ? connector : "&&"))];
}

function unitOf(nodes: readonly ShellNode[], connector: ChainUnit["connector"]): ChainUnit {
  const start = nodes[0]?.range.start ?? 0;
  return { nodes, connector, range: { start, end: nodes.at(-1)?.range.end ?? start } };
}

/** Makes units that share the line of a here-document one, and takes its body in. */
function withHereDocuments(units: readonly ChainUnit[]): readonly ChainUnit[] {
  const joined: ChainUnit[] = [];
  for (const unit of units) {
    const last = joined.at(-1);
    const range = { start: unit.range.start, end: Math.max(unit.range.end, ...unit.nodes.map(hereDocumentEnd)) };
    if (last !== undefined && last.range.end > range.start) {
      const end = Math.max(last.range.end, range.end);
      joined[joined.length - 1] = {
        ...last,
        nodes: [...last.nodes, ...unit.nodes],
        range: { start: last.range.start, end },
      };
    } else joined.push({ ...unit, range });
  }
  return joined;
}

/** Where the last here-document body in a node ends; 0 without one. */
function hereDocumentEnd(node: ShellNode): number {
  const own = "redirections" in node ? redirectionsEnd(node.redirections) : 0;
  return Math.max(own, ...innerNodes(node).map(hereDocumentEnd));
}

function redirectionsEnd(redirections: readonly Redirection[]): number {
  return Math.max(0, ...redirections.map(({ body }) => (body === undefined ? 0 : (body.closing ?? body.range).end)));
}

/** How the ranges of units map to the text that is to be cut, and what continues a line there. */
export interface ChainText {
  readonly text: string;
  /** From an offset in the parsed script to one in `text`; absent where they are the same. */
  readonly toText?: (offset: number) => number;
  readonly escape?: "\\" | "`";
}

/**
 * The text with only the units for which `keep` holds. What stands before the first and after the last unit stays, unless the last
 * one goes; the comment lines above a unit stay and go with it. `""` where nothing is kept.
 */
export function keepUnits(
  source: ChainText,
  units: readonly ChainUnit[],
  keep: (unit: ChainUnit, index: number) => boolean,
): string {
  const places = units.map((unit) => placeIn(source, unit));
  const kept = places.flatMap((place, index) => (keep(place.unit, index) ? [index] : []));
  const [first] = kept;
  const last = kept.at(-1);
  if (first === undefined || last === undefined) return "";
  const pieces = kept.flatMap((index, order) => {
    const before = order === 0 ? opening(source, places, index) : joint(source, places, kept[order - 1] ?? 0, index);
    return [before, textAt(source, places[index])];
  });
  return pieces.join("") + closing(source, places, last);
}

interface Place extends Range {
  readonly unit: ChainUnit;
}

function placeIn(source: ChainText, unit: ChainUnit): Place {
  const to = source.toText ?? ((offset: number) => offset);
  // The last character and one more, since a continuation may stand between it and the next one.
  return { unit, start: to(unit.range.start), end: to(unit.range.end - 1) + 1 };
}

function textAt({ text }: ChainText, place: Place | undefined): string {
  return place === undefined ? "" : text.slice(place.start, place.end);
}

/** What stands between a unit and the one before it. */
function gapBefore({ text }: ChainText, places: readonly Place[], index: number): string {
  return text.slice(places[index - 1]?.end ?? 0, places[index]?.start ?? 0);
}

const COMMENT_LINE = /^[ \t]*#/;

/** The text before the first unit, and below it the comment lines of the unit that is now the first. */
function opening(source: ChainText, places: readonly Place[], index: number): string {
  const lead = gapBefore(source, places, 0);
  if (index === 0) return lead;
  const lines = gapBefore(source, places, index).split("\n");
  const comments = lines.filter((line) => COMMENT_LINE.test(line));
  if (comments.length === 0) return lead;
  const indent = lines.at(-1)?.replace(/[^ \t].*$/, "") ?? "";
  const lineEnd = comments[0]?.endsWith("\r") ? "\r\n" : "\n";
  const onOwnLine = lead === "" || /\n[ \t]*$/.test(lead);
  return `${lead}${onOwnLine ? "" : `${source.escape ?? "\\"}${lineEnd}`}${comments.map((line) => `${line}\n`).join("")}${indent}`;
}

/** The gap before `index` as it stands, with the connector that holds between it and the kept unit `from`. */
function joint(source: ChainText, places: readonly Place[], from: number, index: number): string {
  const gap = gapBefore(source, places, index);
  if (from === index - 1) return gap;
  // A comment on the line of the unit that went away goes with it.
  const own = gap.replace(/^[ \t]+#[^\n]*/, "");
  const wanted = connectorBetween(places.slice(from + 1, index + 1).map((place) => place.unit.connector));
  if (wanted === "&&" || places[index]?.unit.connector !== "&&") return own;
  return replaceAnd(own, wanted);
}

/** Writes another connector for the `&&` in a gap; at the end of the line above where `&&` began a line. */
function replaceAnd(gap: string, connector: ";" | "&"): string {
  const text = connector === "&" ? " &" : ";";
  const lines = gap.split("\n");
  const at = lines.findIndex((line) => line.includes("&&") && !COMMENT_LINE.test(line));
  const line = lines[at] ?? "";
  if (at <= 0) return [line.replace(/[ \t]*&&/, text), ...lines.slice(1)].join("\n");
  return [text + lines.slice(0, at).join("\n"), line.replace(/&&[ \t]*/, ""), ...lines.slice(at + 1)].join("\n");
}

/** `a; b && c` without b is `a; c`; `a & b && c` without b still has a in the background. */
function connectorBetween(connectors: readonly ChainUnit["connector"][]): "&&" | ";" | "&" {
  if (connectors[0] === "&") return "&";
  return connectors.every((connector) => connector === "&&") ? "&&" : ";";
}

function closing({ text }: ChainText, places: readonly Place[], last: number): string {
  if (last === places.length - 1) return text.slice(places[last]?.end ?? text.length);
  const next = places[last + 1]?.unit.connector;
  return next === "&" ? " &" : "";
}
