/**
 * A command that starts make.
 *
 *     make -C images app TAG=dev     the recipes of app and of what it needs, in images/, with TAG set
 *     $(MAKE) push                   the same in a recipe
 *     make -f other.mk               undefined where the project has no such file; make is then a command like any other
 */
import { posix } from "node:path";
import { calledGoals, type MakeCall } from "../../drivers/makefile/makefile.ts";
import { describeField, type Field, fieldValue, knownText } from "../../shell/symbolic.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** Options of make that take a value as the next word (make, "Options Summary"); `-j` and `-l` may stand alone. */
const VALUE_OPTIONS =
  /^(?:-[CfIoW]|--(?:directory|file|makefile|include-dir|old-file|assume-old|what-if|new-file|assume-new))$/;

/** What make runs; `undefined` where the project does not say. */
export function readMake(operands: readonly Field[], { files, shell, checkoutAt }: CommandContext): Done | undefined {
  const words = readWords(operands);
  const cwd = words.directories.reduce((at, next) => absolutePath(at, next), shell.cwd);
  const directory = isPartlyUnknown(cwd) ? undefined : checkoutAt(cwd);
  if (directory === undefined || words.goals.some(isPartlyUnknown)) return undefined;
  const file = words.file === undefined ? {} : { file: relativeFile(words.file, cwd) };
  const units = calledGoals(files, { directory, ...file, goals: words.goals, variables: words.variables });
  return units === undefined ? undefined : { ...PLAIN, called: { units, apart: true, cwd } };
}

/** A call that is not followed, whose words say that images are built; `undefined` where they say nothing of the kind. */
export function unreadMake(operands: readonly Field[], { fields }: CommandContext): Done | undefined {
  const { file = "", goals } = readWords(operands);
  const tells = [file, ...goals].some((word) => /docker|podman|image|container/i.test(word));
  return tells
    ? { ...PLAIN, effects: [{ kind: "foreign", name: "make", reads: [], writes: [] }, unread(fields)] }
    : undefined;
}

/** A file inside the checkout as make sees it from where it runs. */
function relativeFile(file: string, cwd: string): string {
  return posix.relative(cwd, absolutePath(cwd, file));
}

interface MakeWords {
  readonly directories: readonly string[];
  readonly file: string | undefined;
  readonly goals: readonly string[];
  readonly variables: MakeCall["variables"];
}

function readWords(operands: readonly Field[]): MakeWords {
  const directories: string[] = [];
  const goals: string[] = [];
  const variables: MakeCall["variables"][number][] = [];
  let file: string | undefined;
  for (let at = 0; at < operands.length; at++) {
    const field = operands[at];
    if (field === undefined) continue;
    const word = fieldKey(field);
    const [, short, long, attached] = /^(?:-([A-Za-z])|(--[a-z-]+)=)(.+)$/s.exec(word) ?? [];
    const option = short === undefined ? (long ?? word) : `-${short}`;
    const value = attached ?? (VALUE_OPTIONS.test(word) ? fieldKey(operands[++at] ?? field) : undefined);
    if (/^(?:-C|--directory)$/.test(option) && value !== undefined) directories.push(value);
    else if (/^(?:-f|--file|--makefile)$/.test(option)) file = value;
    else if (!word.startsWith("-")) readPlain(field, word, goals, variables);
  }
  return { directories, file, goals, variables };
}

/** `NAME=value` sets a variable; every other word is a goal, unless an option's number or an empty variable left it there. */
function readPlain(field: Field, word: string, goals: string[], variables: MakeCall["variables"][number][]): void {
  const [, name] = /^([\w.-]+):{0,3}=/.exec(word) ?? [];
  if (name !== undefined) {
    const known = knownText(fieldValue(field));
    const text = (known ?? describeField(field)).replace(/^[\w.-]+:{0,3}=/, "");
    variables.push({ name, value: text, known: known !== undefined });
  } else if (!/^\d+$/.test(word) && !/^‹[^›]*›$/.test(word)) goals.push(word);
}
