/**
 * Commands in a CI file: lists of them, blocks, and single values.
 *
 *     script:                                one shell for the whole list; an item goes with its dash
 *       - docker rm x
 *       - |                                  a block of several commands is one item
 *         docker build -t a .
 *     - name: build                          a step has a shell of its own, and goes as a whole
 *       run: docker build .
 *
 * What is not decided here: which keys of a file hold commands.
 */
import type { Scalar } from "yaml";
import { parseMapped } from "../../shell/parse-mapped.ts";
import type { SymbolicValue } from "../../shell/symbolic.ts";
import type { Frame, ShellNode, ShellScript } from "../../shell/syntax.ts";
import type { MappedText } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";
import type { ScriptText } from "../driver.ts";
import type { ForeignShell } from "../windows/batch.ts";
import { scalarRange, scalarText, writtenIn } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";

/** How a kind of CI file runs what it lists. */
export interface Dialect {
  readonly file: YamlFile;
  /** Variables that hold the path of the checkout. */
  readonly roots: readonly string[];
  /** What the CI system fills in before a shell sees the text. */
  readonly fill?: (text: MappedText) => MappedText;
  /** Reads the commands of another shell; without it they are a POSIX shell's. */
  readonly shell?: ForeignShell | undefined;
}

/** What stands around a value that holds commands. */
export interface Surroundings {
  /** What goes with the commands, such as the step; absent where something has to stay. */
  readonly whole?: Range | undefined;
  readonly variables?: ReadonlyMap<string, SymbolicValue>;
  readonly cwd?: SymbolicValue | undefined;
}

const NO_COMMAND = '":"';

/**
 * The commands of a list, or of a single value, in one shell; as subshells each item has its own. `undefined` where there
 * are none.
 */
export function commandList(
  node: YamlNode | undefined,
  dialect: Dialect,
  kind: "group" | "subshell" = "group",
): ScriptText | undefined {
  if (node === undefined) return undefined;
  const known = LISTS.get(node);
  const script = known ?? readList(node, dialect, kind);
  if (script !== undefined) LISTS.set(node, script);
  return script;
}

/** A list that several jobs share by an anchor or a template is read once, so that its commands stay the same ones. */
const LISTS = new WeakMap<YamlNode, ScriptText>();

function readList(node: YamlNode, dialect: Dialect, kind: "group" | "subshell"): ScriptText | undefined {
  const { file } = dialect;
  const list = file.isList(node) && file.isBlockList(node) ? node : undefined;
  const scalars = file.items(node).filter((item) => file.isScalar(item));
  const read = scalars.map((scalar) => readScalar(scalar, dialect, kind, list && file.item(scalar)));
  const body = read.flatMap(({ nodes }) => nodes);
  if (body.length === 0) return undefined;
  const range = list?.range ? rangeOf(file.source.text, list.range) : undefined;
  const statements: readonly ShellNode[] =
    range === undefined
      ? body
      : [{ kind: "group", range, body, redirections: [], frame: { inside: range, empty: '- "true"' } }];
  return scriptOf(dialect, scalars, statements, read);
}

/** The commands of one value, in a shell of their own. */
export function commandBlock(scalar: Scalar, dialect: Dialect, around: Surroundings): ScriptText | undefined {
  const read = readScalar(scalar, dialect, "subshell", around.whole);
  if (read.nodes.length === 0) return undefined;
  const { variables, cwd } = around;
  return {
    ...scriptOf(dialect, [scalar], read.nodes, [read]),
    ...(variables === undefined ? {} : { variables }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

interface ReadScalar {
  readonly nodes: readonly ShellNode[];
  readonly problems: ShellScript["problems"];
}

function readScalar(
  scalar: Scalar,
  dialect: Dialect,
  kind: "group" | "subshell",
  whole: Range | undefined,
): ReadScalar {
  const file = dialect.file.source.text;
  const inside = scalarRange(file, scalar);
  const mapped = scalarText(file, scalar);
  if (inside === undefined || inside.start === inside.end) return { nodes: [], problems: [] };
  if (mapped === undefined)
    return { nodes: [], problems: [{ message: "this text cannot be followed character by character", range: inside }] };
  const parse = dialect.shell?.parse ?? parseMapped;
  const { statements, problems } = parse(dialect.fill?.(mapped) ?? mapped, file);
  const empty = dialect.shell === undefined ? NO_COMMAND : JSON.stringify(dialect.shell.nothing);
  const frame: Frame = { inside, empty, ...(whole === undefined ? {} : { whole }) };
  const range = whole ?? inside;
  const nodes: readonly ShellNode[] =
    statements.length === 0 ? [] : [{ kind, range, body: statements, redirections: [], frame }];
  return { nodes, problems };
}

function scriptOf(
  { file, roots, shell }: Dialect,
  scalars: readonly Scalar[],
  statements: readonly ShellNode[],
  read: readonly ReadScalar[],
): ScriptText {
  const places = scalars.flatMap((scalar) =>
    scalar.range ? [{ scalar, start: scalar.range[0], end: scalar.range[1] }] : [],
  );
  return {
    source: file.source,
    statements,
    problems: read.flatMap(({ problems }) => problems),
    roots,
    write: (text, at) => {
      const place = places.find(({ start, end }) => start <= at && at <= end);
      const own = shell?.written(text) ?? text;
      return place === undefined ? own : writtenIn(place.scalar, own);
    },
  };
}

function rangeOf(file: string, [start, end]: readonly [number, number, number]): Range {
  return { start, end: start + file.slice(start, end).trimEnd().length };
}

/** Units in order, of which all but the first go on in the shell of the first. */
export function oneShell(units: readonly (ScriptText | undefined)[]): readonly ScriptText[] {
  const found = units.filter((unit) => unit !== undefined);
  return found.map((unit, index) => (index === 0 ? unit : continued(unit)));
}

const CONTINUED = new WeakMap<ScriptText, ScriptText>();

/** One unit, however often it is read, stays one object, so that its commands are judged once. */
function continued(unit: ScriptText): ScriptText {
  const known = CONTINUED.get(unit) ?? { ...unit, continues: true };
  CONTINUED.set(unit, known);
  return known;
}
