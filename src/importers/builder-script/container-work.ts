/**
 * What kind of work a container did, by the words of its command.
 *
 *     make dist, go build, cp -r …       makes files, and ends
 *     npm test, rails server             tests, or serves
 *
 * What is not decided here: which files the work made (container-run.ts).
 */
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import type { Build } from "./trace.ts";

/** Words of commands that make files and end, and of those that serve or only look. */
const MAKES =
  /(?:^|[\s/;&("',[=_-])(?:ant|bazel|build|bundle|cabal|cargo|cmake|compile|cp|deb|dist|g?make|gcc|generate|go|gox|gradlew?|install|jlink|lein|mvnw?|ninja|package|pack|publish|pyinstaller|release|rpmbuild|sbt|setup\.py|stack|tar|webpack|zip)(?:$|[\s;&)"',\]:._-])/i;
const SERVES =
  /(?:^|[\s/;&("',:_-])(?:check|dev|e2e|lint|pytest|run-?server|runserver|serve|server|start|test|tests|watch)(?:$|[\s;&)"',\]:_-])/i;

/** Whether a container is there for the files that it makes: its command says so, and it is no service. */
export function makesFiles(build: Build): boolean {
  return makesInText(workOf(build)) && !isRunning(build);
}

/** Whether a command line has a word of those that make files. */
export function makesInText(line: string): boolean {
  return MAKES.test(line);
}

/** Whether a Dockerfile makes files out of what it copies. */
export function compiles({ instructions, source }: DockerfileDocument): boolean {
  return instructions.some(
    ({ kind, range }) => kind === "run" && makesInText(source.text.slice(range.start, range.end)),
  );
}

/** Whether a container serves, or runs tests, so that a build should not do its work. */
export function isRunning(build: Build): boolean {
  return build.derived?.serves === true || SERVES.test(workOf(build));
}

/** The last RUN of its Dockerfile, which is ours: what the container ran. */
function workOf({ file }: Build): string {
  const text = file.kind === "found" ? file.document.source.text : "";
  return text.slice(text.lastIndexOf("\nRUN ") + "\nRUN ".length);
}
