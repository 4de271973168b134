/**
 * Commands that run a file of the checkout in another language, which calls a container engine.
 *
 *     node scripts/build.js        scripts/build.js: execSync("docker build .")
 *     ./tools/image.py             by its own first line
 *     rake image                   Rakefile: sh "docker build ."
 *
 * What the file does is not followed, which is said at the command.
 */
import { posix } from "node:path";
import { firstEngineCall } from "../../shell/engine-text.ts";
import type { Field } from "../../shell/symbolic.ts";
import type { CommandContext } from "./command-context.ts";
import { unread } from "./engine-calls.ts";
import { look } from "./host-tree.ts";
import { fileText } from "./standard-input.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, fieldKey } from "./values.ts";

/** Programs that run the file that is their first operand. */
const RUNS_FILE =
  /^(?:ansible-playbook|bun|deno|fish|go|groovy|node|nodejs|perl|php|pwsh|powershell|python[\d.]*|ruby|ts-node|tsx)$/;

/** Programs that run a file which they find by its name, each by its own documentation. */
const FINDS_FILE: Readonly<Record<string, readonly string[]>> = {
  ant: ["build.xml"],
  fab: ["fabfile.py"],
  gradle: ["build.gradle", "build.gradle.kts"],
  gradlew: ["build.gradle", "build.gradle.kts"],
  grunt: ["Gruntfile.js"],
  gulp: ["gulpfile.js"],
  inv: ["tasks.py"],
  invoke: ["tasks.py"],
  just: ["justfile", "Justfile", ".justfile"],
  mage: ["magefile.go"],
  rake: ["Rakefile", "rakefile"],
  task: ["Taskfile.yml", "Taskfile.yaml"],
  vagrant: ["Vagrantfile"],
};

/** What is said of such a command; `undefined` where the file calls no engine. */
export function foreignProgram(name: string, operands: readonly Field[], context: CommandContext): Effect | undefined {
  const named = RUNS_FILE.test(name) ? operands.map(fieldKey).filter((word) => !word.startsWith("-")) : [];
  const own = context.fields.map(fieldKey).filter((word) => posix.basename(word) === name && word.includes("/"));
  const files = [...named, ...own, ...(FINDS_FILE[name] ?? [])];
  // `python -c "…"`: the program itself stands among the words.
  const written = RUNS_FILE.test(name) && operands.some((field) => firstEngineCall(fieldKey(field)) !== undefined);
  return written || files.some((file) => callsEngine(file, context)) ? unread(context.fields) : undefined;
}

function callsEngine(file: string, { world, shell }: CommandContext): boolean {
  const path = absolutePath(shell.cwd, file);
  if (look(world.host, path).kind !== "checkout") return false;
  const text = fileText(world.host, path);
  return text !== undefined && firstEngineCall(text) !== undefined;
}
