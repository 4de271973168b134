/**
 * File name patterns in a command's words, against the abstract host.
 *
 *     for d in images/*; do …      one field for each thing that is known to stand in images/
 *
 * A pattern that matches nothing stays as it is written, as in a shell without `nullglob`.
 */
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import type { Field, FieldPart } from "../../shell/symbolic.ts";
import { exists, type HostTree, look, names, shapeOf, toCheckout } from "./host-tree.ts";
import { absolutePath } from "./values.ts";

/** The fields that a field becomes; itself when it holds no pattern, or an unknown part. */
export function expandPatterns(host: HostTree, cwd: string, field: Field): readonly Field[] {
  if (!field.parts.some((part) => part.kind === "glob") || field.parts.some((part) => part.kind === "unknown")) {
    return [field];
  }
  const found = matchSegments(host, cwd, "", splitSegments(field.parts as Pattern));
  const fields = withoutGuesses(host, cwd, found).map(
    (path): Field => ({ range: field.range, parts: [{ kind: "text", text: path }] }),
  );
  return fields.length > 0 ? fields : [field];
}

/** What was taken out of an image by its name counts where the checkout has it too: in which other directories it is, nobody knows. */
function withoutGuesses(host: HostTree, cwd: string, found: readonly string[]): readonly string[] {
  return found.filter((path) => {
    const at = absolutePath(cwd, path);
    const node = look(host, at);
    const known = toCheckout(at);
    return (
      node.kind !== "image" || node.only === undefined || (known !== undefined && host.files.entry(known) !== undefined)
    );
  });
}

/** The pattern between slashes; the slashes themselves are left out. */
function splitSegments(parts: Pattern): readonly Pattern[] {
  const segments: FieldPart[][] = [[]];
  for (const part of parts) {
    if (part.kind === "glob") segments.at(-1)?.push(part);
    else {
      const [first = "", ...rest] = part.text.split("/");
      if (first !== "") segments.at(-1)?.push({ kind: "text", text: first });
      for (const text of rest) segments.push(text === "" ? [] : [{ kind: "text", text }]);
    }
  }
  return segments as readonly Pattern[];
}

function matchSegments(host: HostTree, cwd: string, before: string, segments: readonly Pattern[]): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [before];
  const join = (name: string): string => (rest.length > 0 ? `${before}${name}/` : `${before}${name}`);
  if (segment.every((part) => part.kind === "text")) {
    const name = segment.map((part) => part.text).join("");
    const path = `${before}${name}`;
    const node = look(host, absolutePath(cwd, path));
    // A pattern that ends in a slash stands for directories only.
    const there = path === "" || (name === "" ? shapeOf(host.files, node) !== "file" : exists(node));
    return there ? matchSegments(host, cwd, join(name), rest) : [];
  }
  const directory = look(host, absolutePath(cwd, before === "" ? "." : before));
  const hidden = segment[0]?.kind === "text" && segment[0].text.startsWith(".");
  return names(host.files, directory)
    .filter((name) => (hidden || !name.startsWith(".")) && matchesPattern(segment, name))
    .flatMap((name) => matchSegments(host, cwd, join(name), rest));
}
