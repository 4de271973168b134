/**
 * Commands that run another command: where in a command's words does the real one start?
 *
 *     sudo -E -u ci env DOCKER_BUILDKIT=1 docker build .     the real command starts at "docker"
 *
 * Sources, checked 2026-11-24: sudo(8) https://www.sudo.ws/docs/man/sudo.man/, doas(1) https://man.openbsd.org/doas, GNU coreutils
 * (env, nice, nohup, stdbuf, timeout) https://www.gnu.org/software/coreutils/manual/coreutils.html, GNU time(1), xargs(1)
 * https://www.gnu.org/software/findutils/manual/, cross-env
 * https://www.npmjs.com/package/cross-env, bash builtins (command, exec) https://www.gnu.org/software/bash/manual/bash.html.
 */
import { type Field, fieldText } from "./symbolic.ts";

interface Wrapper {
  /** Letters of the options whose value is the next word, or the rest of the word. */
  readonly valueLetters: string;
  /** Long options whose value is the next word when it does not follow `=`. */
  readonly valueNames?: readonly string[];
  /** Takes `NAME=value` words before the command. */
  readonly assignments?: boolean;
  /** Operands of its own before the command. */
  readonly operands?: number;
  /** Letters that make it do something else than run a command. */
  readonly notRunning?: string;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  command: { valueLetters: "", notRunning: "vV" },
  "cross-env": { valueLetters: "", assignments: true },
  doas: { valueLetters: "aCu", notRunning: "Ls" },
  env: { valueLetters: "uC", valueNames: ["unset", "chdir"], assignments: true, notRunning: "S" },
  exec: { valueLetters: "a" },
  ionice: { valueLetters: "cnpPu", valueNames: ["class", "classdata"] },
  nice: { valueLetters: "n", valueNames: ["adjustment"] },
  nohup: { valueLetters: "" },
  setsid: { valueLetters: "" },
  stdbuf: { valueLetters: "ioe", valueNames: ["input", "output", "error"] },
  sudo: {
    valueLetters: "CDghpRrTtUu",
    valueNames: [
      "chdir",
      "chroot",
      "close-from",
      "command-timeout",
      "group",
      "host",
      "other-user",
      "prompt",
      "role",
      "type",
      "user",
    ],
    assignments: true,
    notRunning: "eklvV",
  },
  time: { valueLetters: "fo", valueNames: ["format", "output"] },
  timeout: { valueLetters: "ks", valueNames: ["kill-after", "signal"], operands: 1 },
  winpty: { valueLetters: "" },
  xargs: {
    valueLetters: "adEILnPs",
    valueNames: ["arg-file", "delimiter", "max-args", "max-chars", "max-lines", "max-procs", "replace"],
  },
};

/** How many words stand before the real command; all of them where no command follows. */
export function prefixLength(fields: readonly Field[]): number {
  let at = 0;
  for (;;) {
    const wrapper = wrapperAt(fields, at);
    if (wrapper === undefined) return at;
    const next = skipWrapper(fields, at + 1, wrapper);
    if (next === undefined) return fields.length;
    at = next;
  }
}

function wrapperAt(fields: readonly Field[], at: number): Wrapper | undefined {
  const field = fields[at];
  const name = field === undefined ? undefined : fieldText(field)?.replace(/^.*\//, "");
  return name !== undefined && Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
}

/** Where the command starts after a wrapper's options and operands; `undefined` where it runs none. */
function skipWrapper(fields: readonly Field[], start: number, wrapper: Wrapper): number | undefined {
  let at = start;
  let operands = wrapper.operands ?? 0;
  for (; at < fields.length; at += 1) {
    const field = fields[at];
    const word = field === undefined ? undefined : fieldText(field);
    if (word === "--") continue;
    if (wrapper.assignments === true && field !== undefined && isAssignment(field)) continue;
    if (word?.startsWith("-") && word.length > 1) {
      const taken = wordsTaken(word, wrapper);
      if (taken === undefined) return undefined;
      at += taken - 1;
    } else if (operands > 0) operands -= 1;
    else return at;
  }
  return at;
}

/** How many words an option takes, its own included; `undefined` where it says not to run a command. */
function wordsTaken(word: string, wrapper: Wrapper): number | undefined {
  if (word.startsWith("--")) return wrapper.valueNames?.includes(word.slice(2)) === true ? 2 : 1;
  const letters = [...word.slice(1)];
  for (const [index, letter] of letters.entries()) {
    if (wrapper.notRunning?.includes(letter) === true) return undefined;
    if (wrapper.valueLetters.includes(letter)) return index === letters.length - 1 ? 2 : 1;
  }
  return 1;
}

function isAssignment(field: Field): boolean {
  const [first] = field.parts;
  return first?.kind === "text" && /^[A-Za-z_]\w*=/.test(first.text);
}
