/**
 * Lines of a Makefile that may make rules which are not read.
 *
 *     $(eval $(call IMAGE,app))      where IMAGE, or the line itself, names an engine
 *     include generated.mk           where the checkout has no such file
 *     image: $$(deps)                after .SECONDEXPANSION
 */
import type { UnreadPlace } from "../driver.ts";
import { withoutHoles } from "./holes.ts";
import type { LogicalLine } from "./logical-lines.ts";

/** An engine, by its name or as people call the variable for it. */
const ENGINE = /docker|podman|nerdctl|buildah/i;

function placeOf({ source, start, end }: LogicalLine, reason: string): UnreadPlace {
  return { source, range: { start, end }, reason };
}

/** `$(eval …)` makes lines; `valueOf` gives the definitions that it calls. */
export function evaluatedRules(
  text: string,
  line: LogicalLine,
  valueOf: (name: string) => string | undefined,
): readonly UnreadPlace[] {
  if (!/\$[({]eval\s/.test(text)) return [];
  const named = [...text.matchAll(/\$[({](?:call[ \t]+|value[ \t]+)?([\w.-]+)/g)].map(([, name = ""]) => name);
  const calls = [text, ...named.map((name) => valueOf(name) ?? "")].some((body) => ENGINE.test(body));
  return calls ? [placeOf(line, "the rules that $(eval …) makes are not read")] : [];
}

/** Rules may stand in a file that is made, or that another repository has; one that may be missing has none that are needed. */
export function missingInclude(name: string, line: LogicalLine): readonly UnreadPlace[] {
  const optional = /^[ \t]*(?:-|s)/.test(line.source.text.slice(line.start, line.end));
  if (optional || !/\.(?:mk|make|mak)$|[Mm]akefile/.test(name)) return [];
  return [placeOf(line, `"${withoutHoles(name)}" is not in the checkout`)];
}

/** Prerequisites that make works out for each target. */
export function expandedTwice(prerequisites: string, line: LogicalLine): readonly UnreadPlace[] {
  return prerequisites.includes("$$") ? [placeOf(line, "what make expands a second time is not read")] : [];
}
