/**
 * Commands that compress and decompress on the host.
 *
 *     gzip app                            app.gz: the image's file, compressed by itself
 *     gunzip app.gz                       app: the image's file again
 *     docker run b gzip -c /app | gunzip  the same through a pipe
 *     gunzip -c app.tar.gz | tar x        an archive stays the same archive, whatever compresses it
 *
 * Names and options: https://www.gnu.org/software/gzip/manual/gzip.html#Invoking-gzip, https://www.sourceware.org/bzip2/manual/manual.html#options,
 * https://man7.org/linux/man-pages/man1/xz.1.html and https://man7.org/linux/man-pages/man1/zstd.1.html. What is not decided here: what
 * a stage does for a file that is compressed in the end (stage-preparations.ts). Files of the checkout are left to the script.
 */
import { posix } from "node:path";
import type { Field } from "../../shell/symbolic.ts";
import { imagePath } from "../../text/paths.ts";
import { contentsOf } from "./archives.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { directoriesOf, done, gone, readWords, type Words } from "./host-operands.ts";
import {
  type ArchiveNode,
  type Compression,
  containsImage,
  exists,
  type HostNode,
  type HostTree,
  type ImageNode,
  look,
  place,
  type Step,
  touched,
} from "./host-tree.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, fieldKey } from "./values.ts";

interface Program {
  readonly format: Compression["program"];
  readonly unpacks?: true;
  readonly prints?: true;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  bunzip2: { format: "bzip2", unpacks: true },
  bzcat: { format: "bzip2", unpacks: true, prints: true },
  bzip2: { format: "bzip2" },
  gunzip: { format: "gzip", unpacks: true },
  gzcat: { format: "gzip", unpacks: true, prints: true },
  gzip: { format: "gzip" },
  pigz: { format: "gzip" },
  unpigz: { format: "gzip", unpacks: true },
  unxz: { format: "xz", unpacks: true },
  unzstd: { format: "zstd", unpacks: true },
  xz: { format: "xz" },
  xzcat: { format: "xz", unpacks: true, prints: true },
  zcat: { format: "gzip", unpacks: true, prints: true },
  zstd: { format: "zstd" },
  zstdcat: { format: "zstd", unpacks: true, prints: true },
};

const SUFFIXES: Readonly<Record<Compression["program"], string>> = {
  bzip2: ".bz2",
  gzip: ".gz",
  xz: ".xz",
  zstd: ".zst",
};

/** Options that do not change which file becomes which; `T` and `threads` are followed by how many. */
const PLAIN_FLAGS =
  /^(?:[0-9cdefknqTvz]|best|compress|decompress|extreme|fast|force|keep|no-name|quiet|rm|rsyncable|stdout|threads|to-stdout|uncompress|verbose)$/;

/** Reads such a command; `undefined` where it is none, or not followed. */
export function readCompressCommand(
  name: string,
  operands: readonly Field[],
  context: CommandContext,
): Done | undefined {
  const program = PROGRAMS[name];
  if (program === undefined) return undefined;
  const words = readWords(operands, { letters: "S", names: ["suffix"] });
  const { flags, operands: files } = words;
  if (["t", "test", "l", "list"].some((flag) => flags.has(flag))) return lookAt(files, context);
  if (words.values.size > 0 || ![...flags].every((flag) => PLAIN_FLAGS.test(flag))) return undefined;
  const unpacks = program.unpacks === true || ["d", "decompress", "uncompress"].some((flag) => flags.has(flag));
  const call: Call = { ...program, unpacks, words, operands };
  const named = files.filter((field) => fieldKey(field) !== "-");
  const prints = program.prints === true || ["c", "stdout", "to-stdout"].some((flag) => flags.has(flag));
  if (named.length === 0) return files.length > 1 ? undefined : print(call, undefined, context);
  return prints ? print(call, named, context) : replaceAll(call, named, context);
}

interface Call {
  readonly format: Compression["program"];
  readonly unpacks: boolean;
  readonly words: Words;
  /** All words behind the program. */
  readonly operands: readonly Field[];
}

/** `gzip -t app.gz` changes nothing. */
function lookAt(files: readonly Field[], { world, shell }: CommandContext): Done {
  const reads = files.map((field) => look(world.host, absolutePath(shell.cwd, fieldKey(field)))).filter(containsImage);
  const effect: Effect = reads.length === 0 ? { kind: "plain" } : { kind: "look", reads };
  return { effects: [effect], truth: true, doubtful: true, output: undefined };
}

/** What is read from standard input or one file, and goes to standard output. */
function print(call: Call, files: readonly Field[] | undefined, context: CommandContext): Done | undefined {
  const [field, ...others] = files ?? [];
  if (others.length > 0) return undefined;
  const found = field === undefined ? undefined : existing(call, field, context);
  const node = field === undefined ? context.input : found?.node;
  const stream = node && changed(call, node, true, context);
  if (node === undefined || stream === undefined) return undefined;
  const effect: Effect = { kind: "move", reads: [node], from: found === undefined ? [] : [found.path], to: [] };
  return { effects: [effect], truth: true, stream, world: context.world };
}

/** A file that an operand names; `gunzip app` takes app.gz where there is no app. */
function existing(
  { unpacks, format }: Call,
  field: Field,
  { world, shell }: CommandContext,
): { readonly path: string; readonly node: HostNode } {
  const path = absolutePath(shell.cwd, fieldKey(field));
  const node = look(world.host, path);
  if (exists(node) || !unpacks) return { path, node };
  const longer = path + SUFFIXES[format];
  return { path: longer, node: look(world.host, longer) };
}

/** Each file by itself, in place of what it was unless that is kept. */
function replaceAll(call: Call, files: readonly Field[], context: CommandContext): Done | undefined {
  let host: HostTree = context.world.host;
  const reads: HostNode[] = [];
  const from: string[] = [];
  const to: string[] = [];
  const { flags } = call.words;
  const keeps = flags.has("k") || flags.has("keep") || (call.format === "zstd" && !flags.has("rm"));
  for (const field of files) {
    const { path, node } = existing(call, field, context);
    const target = targetName(call, path);
    const after = changed(call, node, false, context);
    if (target === undefined || after === undefined) return undefined;
    host = place(host, target, after);
    if (!keeps) host = place(host, path, gone(node, context.step));
    reads.push(node);
    from.push(path);
    to.push(target);
  }
  const into = directoriesOf(context.world.host, to);
  return done([{ kind: "move", reads, from, to, into, moves: !keeps }], host, context);
}

/** The name that a file gets; `undefined` where the program would not take it. */
function targetName({ unpacks, format }: Call, path: string): string | undefined {
  const suffix = SUFFIXES[format];
  if (!unpacks) return path.endsWith(suffix) ? undefined : path + suffix;
  if (path.endsWith(suffix)) return path.slice(0, -suffix.length);
  const short: Readonly<Record<Compression["program"], RegExp>> = {
    bzip2: /\.tbz2?$/,
    gzip: /\.(?:tgz|taz)$/,
    xz: /\.txz$/,
    zstd: /\.tzst$/,
  };
  return short[format].test(path) ? path.replace(short[format], ".tar") : undefined;
}

/** What a file or stream becomes; `undefined` where that is not known. */
function changed(call: Call, node: HostNode, prints: boolean, context: CommandContext): HostNode | undefined {
  const { step } = context;
  if (node.kind === "image" && node.compressed !== undefined && call.unpacks)
    return node.compressed.program === call.format ? { ...node.compressed.of, by: withStep(node, step) } : undefined;
  if (node.kind === "made" && node.saved !== undefined) return touched(node, step);
  if (node.kind === "image" && !call.unpacks) return compressed(call, node, prints, context);
  const contents = contentsOf(context.world.host.files, node);
  if (contents === undefined) return undefined;
  const packedOnHost = node.kind === "archive" && node.packedOnHost === true;
  const by = "by" in node ? withStep(node, step) : [step];
  return {
    kind: "archive",
    members: new Map([[".", touched(contents, step)]]),
    packedOnHost,
    by,
  } satisfies ArchiveNode;
}

function withStep({ by }: { readonly by: readonly Step[] }, step: Step): readonly Step[] {
  return [...by, step];
}

/** Where a stage puts what it compresses for others, apart from what the image has. */
const COMPRESSED = "/compressed";

function compressed(call: Call, node: ImageNode, prints: boolean, { step }: CommandContext): ImageNode | undefined {
  if (node.shape === "directory" || /[*?[]/.test(node.path)) return undefined;
  const path = imagePath(posix.join(COMPRESSED, node.path + SUFFIXES[call.format]));
  const compression: Compression = { of: node, program: call.format, options: levels(call.operands), prints, step };
  const { only: _, unpacked: __, ...plain } = node;
  return { ...plain, path, shape: "file", presumed: false, compressed: compression, by: withStep(node, step) };
}

/** How hard it tries: `-9`, `--best`; other options do not reach the file. */
function levels(operands: readonly Field[]): readonly string[] {
  return operands.map(fieldKey).flatMap((word) => {
    if (/^--(?:best|fast)$/.test(word)) return [word];
    const level = /^-[a-z]*?(\d+)[a-z]*$/.exec(word)?.[1];
    return level === undefined ? [] : [`-${level}`];
  });
}
