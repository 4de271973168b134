/**
 * Commands that bring another repository to the host.
 *
 *     git clone -b v2.1 https://example.com/lib.git "$TMP"      $TMP is a checkout of lib.git, at v2.1
 *     git clone https://example.com/lib.git                     the same in lib/
 *
 * What is in it is not known. What is not decided here: whether a build may have it as its context (obstacles.ts).
 */
import { posix } from "node:path";
import { describeField, type Field } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { done, readWords } from "./host-operands.ts";
import { checkoutSeen, type HostNode, look, type MadeNode, place } from "./host-tree.ts";
import type { Build } from "./trace.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** A repository that is cloned, and the branch or tag that is asked for, as the script writes them. */
export interface Repository {
  readonly url: string;
  readonly ref?: string;
}

/** Options of `git clone` with a value of their own (https://git-scm.com/docs/git-clone#_options). */
const OPTIONS = {
  letters: "bcjou",
  names: [
    "branch",
    "bundle-uri",
    "config",
    "depth",
    "filter",
    "jobs",
    "origin",
    "reference",
    "reference-if-able",
    "separate-git-dir",
    "server-option",
    "shallow-exclude",
    "shallow-since",
    "template",
    "upload-pack",
  ],
};

/** Reads `git clone`; `undefined` for what else git does. */
export function readCloningCommand(name: string, words: readonly Field[], context: CommandContext): Done | undefined {
  const [verb, ...rest] = words;
  if (name !== "git" || verb === undefined || fieldKey(verb) !== "clone") return undefined;
  const { operands, values } = readWords(rest, OPTIONS);
  const [source, directory, ...others] = operands;
  if (source === undefined || others.length > 0) return undefined;
  const { world, shell, step } = context;
  const own = posix.basename(fieldKey(source)).replace(/\.git$/, "");
  const path = absolutePath(shell.cwd, directory === undefined ? own : fieldKey(directory));
  const branch = values.get("b") ?? values.get("branch");
  const repository = {
    url: describeField(source),
    ...(branch === undefined ? {} : { ref: describeField(branch) }),
  };
  const cloned: MadeNode = { kind: "made", shape: "directory", presumed: false, repository, by: [step] };
  return done(
    [{ kind: "foreign", name, reads: [], writes: [path] }],
    place(world.host, path, ownCheckout(source, context) ?? cloned),
    context,
  );
}

/** A clone of the project itself, by its path, holds what a clean checkout holds. */
function ownCheckout(source: Field, { world, shell, step }: CommandContext): HostNode | undefined {
  const key = fieldKey(source);
  if (!/^\.{0,2}\//.test(key) || isPartlyUnknown(key)) return undefined;
  const seen = checkoutSeen(look(world.host, absolutePath(shell.cwd, key)));
  return seen === ROOT ? { kind: "checkout", path: ROOT, by: [step] } : undefined;
}

/** The repository that a build has for its context, where that is a clone of one and no part of the checkout. */
export function clonedContext({ host, context }: Build): Repository | undefined {
  return context === undefined ? undefined : repositoryAt(look(host, context));
}

function repositoryAt(node: HostNode): Repository | undefined {
  if (node.kind === "made") return node.repository;
  if (node.kind !== "directory") return undefined;
  return node.layers.map(repositoryAt).find((repository) => repository !== undefined);
}
