/**
 * What builds for the Java virtual machine make:
 *
 *     mvn -B package            target/ of each module
 *     ./gradlew bootJar         build/ of each project
 *     sbt assembly, lein uberjar     target/
 *     ant jar                   anything below the project
 *     javac -d out src/*.java   out/
 *     javac Main.java           *.class beside it
 *
 * Which file of an output runs is told by what starts (runtime.ts).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { projectsBelow } from "./projects.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];

export function readJavaCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  switch (command.name) {
    case "mvn":
    case "mvnw":
      return readMaven(command, image);
    case "gradle":
    case "gradlew":
      return readGradle(command, image);
    case "sbt":
    case "sbtn":
      return readSbt(command, image);
    case "lein":
      return readGoals(command, image, /^(?:uberjar|jar|compile|do|with-profile|ring|cljsbuild|install)$/, ["target"]);
    case "ant":
      return readAnt(command);
    case "javac":
    case "kotlinc":
    case "scalac":
      return readCompiler(command, image);
    case "jar":
      return readJar(command);
    case "java":
      return readJava(command);
    case "jlink":
    case "jpackage":
      return readLink(command);
    default:
      return undefined;
  }
}

function made(path: ImagePath, command: ResolvedCommand, form: "file" | "directory" = "directory"): Effect {
  const linkage = { kind: "none" } as const;
  const { because } = command;
  return {
    kind: "artifact",
    artifact: { path, form, linkage, ecosystem: "java", source: command.workdir, confidence: "likely", because },
  };
}

/** The words that are no options: goals and tasks. */
function goalsOf(command: ResolvedCommand, valued: readonly string[]): readonly string[] {
  return readOperands(command.argv, valued).operands.map(({ text }) => text);
}

const MAVEN_VALUED =
  "-f --file -P --activate-profiles -pl --projects -rf --resume-from -s --settings -gs -t -T --threads -l -b -D".split(
    " ",
  );

/** https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html */
function readMaven(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { values } = readOperands(command.argv, MAVEN_VALUED);
  const goals = goalsOf(command, MAVEN_VALUED);
  const file = values.get("-f") ?? values.get("--file");
  const directory = directoryOf(file, command.workdir, "pom.xml");
  const copies = goals.some((goal) =>
    /(?:^|:)dependency(?:-plugin)?(?::[\d.]+)?:(?:copy|copy-dependencies|unpack|unpack-dependencies)$/.test(goal),
  );
  const output = command.argv
    .map(({ text }) => /^-D(?:outputDirectory|mdep\.outputDirectory)=(.+)$/.exec(text)?.[1])
    .find((one) => one !== undefined);
  const builds = goals.some((goal) =>
    /^(?:compile|process-classes|package|verify|install|deploy|integration-test)$|:(?:repackage|single|shade|jar|war|native|build)$/.test(
      goal,
    ),
  );
  const copied = copies ? [made(imagePath(output ?? "target/dependency", directory), command)] : [];
  if (builds) return [...targets(directory, "pom.xml", "target", command, image), ...copied];
  if (goals.some((goal) => /^(?:test|surefire:test|failsafe:integration-test)$/.test(goal))) return TESTS;
  if (goals.some((goal) => /(?:^|:)(?:run|java|exec|start)$/.test(goal)))
    return [{ kind: "unknown", why: `it is not known what "${command.name} ${goals.join(" ")}" writes` }];
  return copied.length > 0 ? copied : NOTHING;
}

function directoryOf(file: Argument | undefined, workdir: ImagePath, manifest: string): ImagePath {
  if (file === undefined) return workdir;
  const path = imagePath(file.text, workdir);
  return path.endsWith(`/${manifest}`) || /\.(?:xml|gradle|kts)$/.test(path) ? imagePath("..", path) : path;
}

/** The output directory of a project and of each one below it. */
function targets(
  directory: ImagePath,
  manifest: string,
  output: string,
  command: ResolvedCommand,
  image: ImageView,
): readonly Effect[] {
  const projects = [directory, ...projectsBelow(directory, new RegExp(`^${manifest.replace(".", "\\.")}`), image)];
  return [...new Set(projects)].map((project) => made(imagePath(output, project), command));
}

const GRADLE_VALUED =
  "-p --project-dir -b --build-file -c --settings-file -g --gradle-user-home -I --init-script -x --exclude-task".split(
    " ",
  );

/** https://docs.gradle.org/current/userguide/java_plugin.html */
function readGradle(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { values } = readOperands(command.argv, GRADLE_VALUED);
  const tasks = goalsOf(command, GRADLE_VALUED).map((task) => task.slice(task.lastIndexOf(":") + 1));
  const directory = directoryOf(values.get("-p") ?? values.get("--project-dir"), command.workdir, "build.gradle");
  const idle =
    /^(?:clean|dependencies|tasks|help|wrapper|projects|properties|resolveDependencies|downloadDependencies|downloadDeps|--version)$/;
  if (tasks.every((task) => idle.test(task))) return NOTHING;
  if (
    tasks.every(
      (task) => idle.test(task) || /^(?:test|check|integrationTest|lint|spotlessCheck|ktlintCheck|detekt)$/.test(task),
    )
  )
    return TESTS;
  if (tasks.some((task) => /^(?:run|bootRun|runShadow|appRun|jettyRun)$/.test(task)))
    return [{ kind: "unknown", why: `it is not known what "${command.name} ${tasks.join(" ")}" writes` }];
  return targets(directory, "build.gradle", "build", command, image);
}

/** `sbt assembly`, `sbt stage` (https://www.scala-sbt.org/1.x/docs/Directories.html). */
function readSbt(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const tasks = goalsOf(command, [])
    .flatMap((word) => word.split(/[;\s]+/))
    .filter((word) => word !== "");
  const names = tasks.map((task) => task.slice(task.lastIndexOf("/") + 1));
  if (names.every((name) => /^(?:update|reload|clean|about|exit|version|sbtVersion)$/.test(name))) return NOTHING;
  if (names.every((name) => /^(?:test|clean|update|scalafmtCheck\w*|testOnly)$/.test(name))) return TESTS;
  return targets(command.workdir, "build.sbt", "target", command, image).concat(
    modulesOf(command.workdir, image).map((module) => made(imagePath("target", module), command)),
  );
}

/** Directories with sources of their own, as sbt's subprojects are. */
function modulesOf(directory: ImagePath, image: ImageView): readonly ImagePath[] {
  return image
    .children(directory)
    .map((name) => imagePath(name, directory))
    .filter((path) => image.kindOf(imagePath("src", path)) === "directory");
}

function readGoals(
  command: ResolvedCommand,
  image: ImageView,
  builds: RegExp,
  outputs: readonly string[],
): readonly Effect[] {
  const goals = goalsOf(command, []);
  if (goals[0] === "test" || goals[0] === "midje") return TESTS;
  if (!goals.some((goal) => builds.test(goal))) return NOTHING;
  return outputs.flatMap((output) => targets(command.workdir, "project.clj", output, command, image));
}

/** A build.xml may write anywhere below its project. */
function readAnt(command: ResolvedCommand): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, [
    "-f",
    "-file",
    "-buildfile",
    "-lib",
    "-logger",
    "-propertyfile",
  ]);
  const file = values.get("-f") ?? values.get("-file") ?? values.get("-buildfile");
  const goals = operands.map(({ text }) => text);
  if (goals.length > 0 && goals.every((goal) => /^(?:test|check|clean)$/.test(goal)))
    return goals.includes("clean") ? NOTHING : TESTS;
  return [made(directoryOf(file, command.workdir, "build.xml"), command)];
}

const COMPILER_VALUED =
  "-d -cp -classpath --class-path -sourcepath --source-path -source --source -target --target --release -encoding -processor -processorpath -s -h -A".split(
    " ",
  );

/** https://docs.oracle.com/en/java/javase/17/docs/specs/man/javac.html: without `-d` classes lie beside their sources. */
function readCompiler(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, COMPILER_VALUED);
  if (operands.length === 0) return NOTHING;
  const output = values.get("-d");
  if (output !== undefined) {
    if (!output.known) return [{ kind: "unknown", why: "the directory that it compiles into is not known" }];
    const path = imagePath(output.text, command.workdir);
    return [made(path, command, path.endsWith(".jar") ? "file" : "directory")];
  }
  if (command.name !== "javac") return [made(command.workdir, command)];
  const directories = operands.map(({ text, known }) =>
    known && !text.startsWith("@")
      ? imagePath("..", imagePath(text.replace(/\*+/g, "x"), command.workdir))
      : command.workdir,
  );
  return [...new Set(directories)].map((directory) => classesIn(directory, command, image));
}

/** Of sources in the working directory only the classes; a tree of packages is taken whole. */
function classesIn(directory: ImagePath, command: ResolvedCommand, image: ImageView): Effect {
  const plain = directory === command.workdir && directory !== "/";
  const packaged = image
    .children(directory)
    .some((name) => /^\s*package\s+[\w.]+\s*;/m.test(image.read(imagePath(name, directory)) ?? ""));
  if (!plain || packaged) return made(directory, command);
  return made(imagePath("*.class", directory), command, "file");
}

function readJar(command: ResolvedCommand): readonly Effect[] {
  const words = command.argv.slice(1).map(({ text }) => text);
  const [mode = ""] = words;
  const file = /^-?-?c/.test(mode)
    ? (words.find((word) => word.endsWith(".jar") || word.endsWith(".war")) ??
      /^--file=(.+)$/.exec(words.join("\n"))?.[1])
    : undefined;
  if (file !== undefined) return [made(imagePath(file, command.workdir), command, "file")];
  return /^-?x/.test(mode) ? [made(command.workdir, command)] : NOTHING;
}

/** `java -Djarmode=layertools -jar app.jar extract` unpacks a Spring Boot jar (https://docs.spring.io/spring-boot/reference/packaging/container-images/efficient-images.html). */
function readJava(command: ResolvedCommand): readonly Effect[] | undefined {
  const words = command.argv.map(({ text }) => text);
  if (words.some((word) => /^-Djarmode=(?:layer)?tools$/.test(word)) && words.includes("extract")) {
    const { values } = readOperands(command.argv, ["--destination"]);
    const target = values.get("--destination")?.text ?? ".";
    return [made(imagePath(target, command.workdir), command)];
  }
  return words.length === 2 && /^-{1,2}(?:version|showversion)$/.test(words[1] ?? "") ? NOTHING : undefined;
}

function readLink(command: ResolvedCommand): readonly Effect[] {
  const { values } = readOperands(command.argv, ["--output", "--dest", "-d", "--module-path", "-p", "--add-modules"]);
  const output = values.get("--output") ?? values.get("--dest") ?? values.get("-d");
  if (output === undefined) return NOTHING;
  return output.known
    ? [made(imagePath(output.text, command.workdir), command)]
    : [{ kind: "unknown", why: "the directory that it writes is not known" }];
}
