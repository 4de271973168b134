/**
 * Variables that a CI file sets, as commands or as values.
 *
 *     variables:                      IMAGE="registry/$NAME"          where the CI system expands the value as a shell does
 *       IMAGE: registry/$NAME
 *     environment:
 *       TAG: v1                       TAG is v1                       where it takes it as it is
 */
import { parseMapped } from "../../shell/parse-mapped.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { type MappedText, mappedText } from "../../text/mapped.ts";
import type { ScriptText } from "../driver.ts";
import { scalarText } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";
import type { Dialect } from "./command-list.ts";

/** Assignments of a map's members, in which `$NAME` names another variable. */
export function assignments(node: YamlNode | undefined, { file, roots }: Dialect): ScriptText | undefined {
  const source = file.source;
  const statements = file.members(node).flatMap(([name, member]) => {
    // GitLab: `NAME: { value: …, description: … }`.
    const value = file.isMap(member) ? file.at(member, "value") : member;
    if (!file.isScalar(value) || !value.range || !/^[A-Za-z_]\w*$/.test(name)) return [];
    const from = { start: value.range[0], end: value.range[1] };
    const quoted = (file.text(value) ?? "").replace(/["\\`]/g, "\\$&").replace(/\$\$/g, "\\$");
    return parseMapped(mappedText([{ text: `export ${name}="${quoted}"`, from }]), source.text).statements;
  });
  return statements.length === 0 ? undefined : { source, statements, roots };
}

/** Items that are assignments as a shell writes them: `- A=b C="d e"`. */
export function assignmentLines(node: YamlNode | undefined, { file, roots }: Dialect): ScriptText | undefined {
  const source = file.source;
  const statements = file.items(node).flatMap((item) => {
    const line = file.isScalar(item) ? scalarText(source.text, item) : undefined;
    return line === undefined || !/^[A-Za-z_]\w*=/.test(line.text)
      ? []
      : parseMapped(exported(line), source.text).statements;
  });
  return statements.length === 0 ? undefined : { source, statements, roots };
}

/** What a CI system sets is there for programs too. */
function exported({ text: line, parts }: MappedText): MappedText {
  const at = parts[0]?.from.start ?? 0;
  return mappedText([
    { text: "export ", from: { start: at, end: at } },
    ...parts.map((part) => ({ text: line.slice(part.start, part.end), from: part.from })),
  ]);
}

/** Values of a map's members as they are written. */
export function literals(file: YamlFile, node: YamlNode | undefined): ReadonlyMap<string, SymbolicValue> {
  const values = new Map<string, SymbolicValue>();
  for (const item of file.isList(node) ? file.items(node) : [node]) {
    for (const [name, member] of file.members(item)) {
      const written = file.text(member);
      if (written !== undefined) values.set(name, text(written));
    }
  }
  return values;
}
