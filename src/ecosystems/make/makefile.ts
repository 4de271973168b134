/**
 * Makefiles, as far as simple ones go: variables, targets, prerequisites, recipes.
 *
 *     build: deps          makeRecipe(…, ["build"]) gives the recipe lines of deps, then of build,
 *     ⇥go build -o $(BIN)  with $(BIN) replaced, `@` and `-` taken off and `$$` turned into `$`
 *
 * `$(shell x)` becomes `$(x)`. Left alone: pattern rules, functions other than shell, and what conditionals decide: their
 * variables are not known.
 */
export interface MakeRule {
  readonly prerequisites: readonly string[];
  readonly recipe: readonly string[];
}

export interface Makefile {
  readonly variables: ReadonlyMap<string, string>;
  readonly exported: ReadonlySet<string>;
  readonly rules: ReadonlyMap<string, MakeRule>;
  /** The first target that is not special. */
  readonly first?: string;
}

/** Reads a makefile's text. `given` are variables from the command line and the environment; the first ones win over the file's. */
export function readMakefile(
  text: string,
  given: ReadonlyMap<string, string>,
  weak: ReadonlyMap<string, string>,
): Makefile {
  const variables = new Map([...BUILT_IN, ...weak, ...given]);
  const exported = new Set<string>();
  const rules = new Map<string, MakeRule>();
  let first: string | undefined;
  let open: readonly string[] = [];
  let depth = 0;
  for (const line of logicalLines(text)) {
    if (line.startsWith("\t")) {
      for (const target of open) addRecipe(rules, target, line.slice(1));
      continue;
    }
    const plain = line.replace(/(^|[^\\])#.*$/, "$1").trim();
    if (plain === "") continue;
    if (/^(?:ifeq|ifneq|ifdef|ifndef)\b/.test(plain)) depth++;
    else if (/^endif\b/.test(plain)) depth--;
    else if (!readAssignment(plain, variables, exported, given, depth > 0)) {
      const rule = readRule(plain, variables);
      if (rule === undefined) continue;
      open = rule.targets;
      for (const target of rule.targets) addRule(rules, target, rule);
      first ??= rule.targets.find((target) => !target.startsWith(".") && !target.includes("%"));
    }
  }
  return { variables, exported, rules, ...(first === undefined ? {} : { first }) };
}

/** Variables that make itself sets (https://www.gnu.org/software/make/manual/html_node/Implicit-Variables.html). */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ["AR", "ar"],
  ["AS", "as"],
  ["CC", "cc"],
  ["CPP", "cc -E"],
  ["CXX", "g++"],
  ["LD", "ld"],
  ["RM", "rm -f"],
]);

/** Joins lines that end in a backslash; a recipe's keep the backslash, which the shell reads. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let held: string | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line: string =
      held === undefined ? raw : `${held}${held.startsWith("\t") ? "\n" : " "}${raw.replace(/^\t/, "").trimStart()}`;
    if (raw.endsWith("\\")) held = line.startsWith("\t") ? line : line.slice(0, -1).trimEnd();
    else {
      lines.push(line);
      held = undefined;
    }
  }
  if (held !== undefined) lines.push(held);
  return lines;
}

function readAssignment(
  line: string,
  variables: Map<string, string>,
  exported: Set<string>,
  given: ReadonlyMap<string, string>,
  conditional: boolean,
): boolean {
  const [, prefix, name, operator, value] =
    /^((?:export|override|unexport)\s+)?([\w.-]+)\s*(:{1,3}=|\?=|\+=|!=|=)\s*(.*)$/.exec(line) ?? [];
  if (prefix?.startsWith("export") === true && name !== undefined) exported.add(name);
  if (name === undefined || operator === undefined) return readExport(line, exported);
  // `CC ?= clang` does nothing either: make has set it.
  if (given.has(name) || (operator === "?=" && variables.has(name))) return true;
  const text = operator === "!=" ? `$(shell ${value ?? ""})` : (value ?? "");
  const before = variables.get(name);
  if (conditional) variables.set(name, `$(shell make-conditional-${name})`);
  else if (operator === "+=" && before !== undefined) variables.set(name, `${before} ${text}`);
  else variables.set(name, operator.includes(":") ? keepOwn(text, name, before) : text);
  return true;
}

/** `X := $(X) y` refers to the value before. */
function keepOwn(text: string, name: string, before: string | undefined): string {
  return text.replaceAll(`$(${name})`, before ?? "").replaceAll(`\${${name}}`, before ?? "");
}

function readExport(line: string, exported: Set<string>): boolean {
  const names = /^export\s+([\w\s]+)$/.exec(line)?.[1];
  for (const name of names?.split(/\s+/) ?? []) exported.add(name);
  return names !== undefined || /^(?:export|unexport|include|-include|sinclude|define|endef|vpath|else)\b/.test(line);
}

interface RuleHead extends MakeRule {
  readonly targets: readonly string[];
}

function readRule(line: string, variables: ReadonlyMap<string, string>): RuleHead | undefined {
  const [, targets, rest] = /^([^:=]+?)\s*::?(?!=)\s*(.*)$/.exec(expandMake(line, variables)) ?? [];
  if (targets === undefined) return undefined;
  const [prerequisites = "", ...recipe] = (rest ?? "").split(";");
  return {
    targets: targets.split(/\s+/).filter((word) => word !== ""),
    prerequisites: prerequisites.split(/\s+/).filter((word) => word !== "" && word !== "|"),
    recipe: recipe.length === 0 ? [] : [recipe.join(";").trim()],
  };
}

function addRule(rules: Map<string, MakeRule>, target: string, rule: MakeRule): void {
  // `build: VAR = x` sets a variable for a target; it is no prerequisite.
  const prerequisites = rule.prerequisites.some((word) => /=$/.test(word)) ? [] : rule.prerequisites;
  const known = rules.get(target);
  rules.set(target, {
    prerequisites: [...(known?.prerequisites ?? []), ...prerequisites],
    recipe: [...(known?.recipe ?? []), ...rule.recipe],
  });
}

function addRecipe(rules: Map<string, MakeRule>, target: string, line: string): void {
  const known = rules.get(target);
  if (known !== undefined) rules.set(target, { ...known, recipe: [...known.recipe, line] });
}

const DEEPEST = 20;

/** Replaces `$(NAME)` and `${NAME}`; a call that is not followed becomes a shell substitution, whose value nobody knows. */
export function expandMake(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1];
    if (text[at] !== "$" || next === undefined) {
      out += text[at];
    } else if (next === "(" || next === "{") {
      const end = closing(text, at + 1);
      out += expandReference(text.slice(at + 2, end), variables, depth);
      at = end;
    } else {
      out += next === "$" ? "$" : (variables.get(next) ?? "");
      at++;
    }
  }
  return out;
}

function closing(text: string, open: number): number {
  const [opens, closes] = text[open] === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === opens) depth++;
    if (text[at] === closes && --depth === 0) return at;
  }
  return text.length;
}

function expandReference(body: string, variables: ReadonlyMap<string, string>, depth: number): string {
  const shell = /^shell\s+([\s\S]*)$/.exec(body)?.[1];
  if (shell !== undefined) return `$(${expandMake(shell, variables, depth + 1)})`;
  if (/^[\w-]+\s/.test(body)) return `$(make-function ${body.split(/\s/)[0]})`;
  if (body === "MAKE") return "make";
  if (body === "CURDIR" || body === "PWD") return "$PWD";
  const value = variables.get(body);
  if (value === undefined || depth > DEEPEST) return "";
  return expandMake(value, variables, depth + 1);
}

/** The recipe lines that making `targets` runs, each in its own shell; `undefined` when a target has no rule. */
export function makeRecipe(makefile: Makefile, targets: readonly string[]): readonly string[] | undefined {
  const done = new Set<string>();
  const lines: string[] = [];
  const wanted = targets.length > 0 ? targets : makefile.first === undefined ? [] : [makefile.first];
  if (wanted.length === 0 || wanted.some((target) => !makefile.rules.has(target))) return undefined;
  for (const target of wanted) visit(makefile, target, done, lines);
  return lines;
}

function visit(makefile: Makefile, target: string, done: Set<string>, lines: string[]): void {
  const rule = makefile.rules.get(target);
  if (rule === undefined || done.has(target)) return;
  done.add(target);
  for (const prerequisite of rule.prerequisites) visit(makefile, prerequisite, done, lines);
  const automatic = new Map(makefile.variables);
  automatic
    .set("@", target)
    .set("<", rule.prerequisites[0] ?? "")
    .set("^", rule.prerequisites.join(" "));
  for (const line of rule.recipe) {
    const text = expandMake(line.replace(/^[@+\s-]+/, ""), automatic);
    if (text.trim() !== "") lines.push(text);
  }
}
