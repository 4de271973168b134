/**
 * Commands that change files of the host where they stand.
 *
 *     chmod +x app                              their mode
 *     chown -R root dist                        their owner, which a build context does not keep
 *     sed -i s/DEV/PROD/ dist/index.html        their text
 *     find dist -name '*.map' -delete           which of them are left
 *
 * What is not decided here: what a stage does instead (stage-changes.ts).
 */
import type { Field } from "../../shell/symbolic.ts";
import { fieldText } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { absolute, done, readWords } from "./host-operands.ts";
import { containsImage, exists, type HostNode, look, place, touched } from "./host-tree.ts";
import type { ChangeWord, Effect } from "./trace.ts";
import { fieldKey } from "./values.ts";

/** Reads such a command; `undefined` where it is none, or changes nothing that came out of an image. */
export function readChangingCommand(
  name: string,
  operands: readonly Field[],
  context: CommandContext,
): Done | undefined {
  switch (name) {
    case "chmod":
      return changeMode(operands, context);
    case "chown":
    case "chgrp":
      return changeOwner(operands, context);
    case "sed":
      return operands.some((field) => /^(?:-[a-zA-Z]*i|--in-place)/.test(fieldKey(field)))
        ? changeText(operands, context)
        : undefined;
    case "find":
      return operands.some((field) => fieldKey(field) === "-delete") ? deleteFound(operands, context) : undefined;
    default:
      return undefined;
  }
}

function changeMode(operands: readonly Field[], context: CommandContext): Done {
  const [mode, ...targets] = operands.filter((field) => !/^-(?:R|v|c|f|-.*)$/.test(fieldKey(field)));
  const recursive = operands.some((field) => /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(fieldKey(field)));
  const paths = targets.map((field) => absolute(field, context));
  const reads = paths.map((path) => look(context.world.host, path));
  const text = mode === undefined ? "" : `${recursive ? "-R " : ""}${fieldKey(mode)}`;
  return touchedAll([{ kind: "mode", mode: text, paths, fields: targets, reads }], paths, context);
}

/** The commands' files, each with the command in its history. */
function touchedAll(effects: readonly Effect[], paths: readonly string[], context: CommandContext): Done {
  const host = paths.reduce((tree, path) => {
    const node = look(tree, path);
    const own = node.kind === "image" || node.kind === "made" || (node.kind === "directory" && containsImage(node));
    return own ? place(tree, path, touched(node, context.step)) : tree;
  }, context.world.host);
  return done(effects, host, context);
}

/** What comes from a context belongs to 0:0, whoever owns it there (https://docs.docker.com/reference/dockerfile/#copy---chown---chmod). */
function changeOwner(operands: readonly Field[], context: CommandContext): Done | undefined {
  const { operands: words, flags } = readWords(operands, { letters: "", names: [] });
  const named = [...flags].some((flag) => flag.startsWith("reference"));
  const reads = words.slice(named ? 0 : 1).map((field) => look(context.world.host, absolute(field, context)));
  const images = reads.filter(containsImage);
  return images.length === 0 ? undefined : done([{ kind: "look", reads: images }], context.world.host, context);
}

/** `sed -i SCRIPT FILE…`, with scripts by `-e` as well. */
function changeText(operands: readonly Field[], context: CommandContext): Done | undefined {
  const { values, operands: words } = readWords(operands, { letters: "e", names: ["expression"] });
  const files = values.size > 0 ? words : words.slice(1);
  return changing("sed", operands, new Set(files), context);
}

/** `find DIR… TESTS -delete`: the directories are what stands before the first test. */
function deleteFound(operands: readonly Field[], context: CommandContext): Done | undefined {
  const tests = operands.findIndex((field) => /^[-(!]/.test(fieldKey(field)));
  return changing("find", operands, new Set(operands.slice(0, Math.max(0, tests))), context);
}

function changing(
  name: string,
  operands: readonly Field[],
  files: ReadonlySet<Field>,
  context: CommandContext,
): Done | undefined {
  const words = operands.map((field): ChangeWord | undefined => {
    if (!files.has(field)) {
      const text = fieldText(field);
      return text === undefined ? undefined : { kind: "text", text };
    }
    const path = absolute(field, context);
    return { kind: "path", path, node: look(context.world.host, path) };
  });
  const known = words.flatMap((word) => word ?? []);
  const reads = known.flatMap((word): HostNode[] => (word.kind === "path" && exists(word.node) ? [word.node] : []));
  if (known.length < words.length || !reads.some(containsImage)) return undefined;
  const paths = known.flatMap((word) => (word.kind === "path" ? [word.path] : []));
  return touchedAll([{ kind: "change", words: [{ kind: "text", text: name }, ...known], reads }], paths, context);
}
