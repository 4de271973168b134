/**
 * What a program on the Java virtual machine needs where it runs:
 *
 *     java -jar target/shop.jar          the jar; the whole of target/ where the jar may name others beside it
 *     java -cp out:lib/* Main            out and lib
 *     build/install/shop/bin/shop        the distribution around the script
 *     mvn spring-boot:run                everything, since it compiles
 */
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { serverImage } from "../base-servers.ts";
import type { Argument, Artifact, ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { customaryData } from "../program-files.ts";
import { holdsLibraries } from "./projects.ts";
import { sourceUse } from "./sources.ts";

export function javaNeeds(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const { command } = root;
  if (command.name === "java") return programNeeds(command, image);
  if (/^(?:mvnw?|gradlew?|sbt|lein|ant)$/.test(command.name)) return toolNeeds(command);
  return serverNeeds(root, image) ?? distributionNeeds(command, image);
}

/** https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html */
interface Launch {
  readonly jar?: Argument;
  readonly classPath?: Argument;
  readonly main?: Argument;
  /** Files and directories that other options name. */
  readonly files: readonly string[];
  /** What the program is given. */
  readonly rest: readonly Argument[];
}

const VALUED =
  /^(?:-cp|-classpath|--class-path|-p|--module-path|--upgrade-module-path|--add-modules|--add-exports|--add-opens|--add-reads|--enable-native-access|-m|--module|-d)$/;

function readLaunch({ argv, environment }: ResolvedCommand): Launch {
  const files: string[] = [];
  let classPath: Argument | undefined =
    environment.get("CLASSPATH") === undefined
      ? undefined
      : { ...(environment.get("CLASSPATH") as Argument), glob: false };
  for (let at = 1; at < argv.length; at++) {
    const field = argv[at];
    if (field === undefined) break;
    const { text } = field;
    const next = argv[at + 1];
    if (text === "-jar") return { ...(next === undefined ? {} : { jar: next }), files, rest: argv.slice(at + 2) };
    if (/^(?:-cp|-classpath|--class-path)$/.test(text) && next !== undefined) classPath = next;
    else if (/^(?:-p|--module-path)$/.test(text) && next !== undefined) files.push(...next.text.split(":"));
    if (VALUED.test(text)) {
      at++;
      continue;
    }
    const named =
      /^-javaagent:([^=]+)/.exec(text)?.[1] ??
      /^-D[\w.]+=(?:file:(?:\/\/)?)?(\/?[\w.-]+\/[\w./-]+)$/.exec(text)?.[1] ??
      /^@(.+)/.exec(text)?.[1];
    if (named !== undefined) files.push(named);
    // Options in variables, as `$JAVA_OPTS`.
    if (text.startsWith("-") || text.startsWith("@") || (!field.known && text.startsWith("$"))) continue;
    return { ...(classPath === undefined ? {} : { classPath }), main: field, files, rest: argv.slice(at + 1) };
  }
  return { ...(classPath === undefined ? {} : { classPath }), files, rest: [] };
}

function programNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const launch = readLaunch(command);
  const because = [command.because];
  const first = command.argv[0]?.text ?? "java";
  const java: RuntimeNeed = {
    kind: "executable",
    name: first,
    reason: "The image starts Java.",
    confidence: "certain",
    because,
  };
  const path = (at: ImagePath, reason: string, confidence: "certain" | "likely" = "certain"): RuntimeNeed => ({
    kind: "path",
    path: at,
    reason,
    confidence,
    because,
  });
  const named = launch.files
    .map((file) => imagePath(file.replace(/\/?\*$/, ""), command.workdir))
    .filter((one) => one !== "/" && isKnown(one, image))
    .map((one) => path(one, `An option of Java names "${one}".`, "likely"));
  // `java -jar jetty-runner.jar shop.war`
  const archives = launch.rest
    .filter(({ text, known }) => known && /\.(?:war|ear|jar)$/.test(text) && !text.startsWith("-"))
    .map(({ text }) => imagePath(text, command.workdir))
    .filter((one) => isKnown(one, image))
    .map((one): RuntimeNeed => {
      const reason = "The program is given this archive.";
      return { kind: "path", path: one, alone: true, reason, confidence: "certain", because };
    });
  const programs =
    launch.jar === undefined ? classPathNeeds(launch, command, image) : jarNeeds(launch.jar, command, image);
  const needs = programs.map((one) =>
    one.kind === "whole"
      ? everything(one.path, command)
      : { ...path(one.path, one.reason, one.confidence), ...(one.alone === true ? { alone: true } : {}) },
  );
  return [
    java,
    ...needs,
    ...named,
    ...archives,
    ...dataNeeds(
      command,
      programs.map((one) => one.path),
      image,
    ),
  ];
}

type Place = {
  readonly kind: "path" | "whole";
  readonly path: ImagePath;
  readonly alone?: boolean;
  readonly reason: string;
  readonly confidence: "certain" | "likely";
};

function jarNeeds(jar: Argument, { workdir }: ResolvedCommand, image: ImageView): readonly Place[] {
  // A part that is not known may be any text, so every jar there may be the one.
  const text = jar.known ? jar.text : jar.text.replace(/\$\{?\w+\}?/g, "*");
  const path = imagePath(text, workdir);
  const output = outputAbove(path, image);
  const reason = `Java starts "${jar.text}".`;
  if (output === undefined || holdsLibraries(path, image))
    return [{ kind: "path", path, alone: true, reason, confidence: "certain" }];
  const directory = imagePath("..", path);
  const around = isWithin(directory, output.path) ? directory : output.path;
  return [
    {
      kind: "path",
      path: around,
      reason: `Java starts "${jar.text}", which may name other jars beside it.`,
      confidence: "likely",
    },
  ];
}

function outputAbove(path: ImagePath, image: ImageView): Artifact | undefined {
  return image.artifacts.find(
    (one) => one.ecosystem === "java" && one.form === "directory" && one.path !== path && isWithin(path, one.path),
  );
}

function isKnown(path: ImagePath, image: ImageView): boolean {
  return image.kindOf(path) !== undefined || outputAbove(path, image) !== undefined;
}

/** Each entry of the class path; without one it is the working directory. `lib/*` is every jar of `lib`. */
function classPathNeeds({ classPath, main }: Launch, command: ResolvedCommand, image: ImageView): readonly Place[] {
  const { workdir } = command;
  const entries = (classPath?.text ?? ".").split(":").filter((entry) => entry !== "");
  const program = main?.text ?? "the program";
  // `java Main.java` compiles the source.
  if (main?.text.endsWith(".java") === true)
    return [{ kind: "whole", path: workdir, reason: "", confidence: "likely" }];
  return entries.flatMap((entry): readonly Place[] => {
    const path = imagePath(entry.replace(/\/?\*(?:\.jar)?$/, "") || ".", workdir);
    const reason = `Java looks for "${program}" there.`;
    if (path === "/" || entry.includes("$")) return [{ kind: "whole", path: workdir, reason, confidence: "likely" }];
    const classes = image.artifacts.filter(
      (one) => one.ecosystem === "java" && one.path === imagePath("*.class", path),
    );
    if (classes.length > 0) return [{ kind: "path", path: imagePath("*.class", path), reason, confidence: "certain" }];
    return isKnown(path, image) || image.artifacts.some((one) => isWithin(one.path, path))
      ? [{ kind: "path", path, reason, confidence: "certain" }]
      : [];
  });
}

/** Spring Boot reads its settings from the working directory (https://docs.spring.io/spring-boot/reference/features/external-config.html). */
function dataNeeds(command: ResolvedCommand, programs: readonly ImagePath[], image: ImageView): readonly RuntimeNeed[] {
  const { workdir } = command;
  const because = [command.because];
  if (workdir === "/") return [];
  const settings = ["application.properties", "application.yml", "application.yaml", "config"]
    .map((name) => imagePath(name, workdir))
    .filter((path) => image.kindOf(path) !== undefined && image.hostOf(path) !== undefined);
  const sources = [
    ...new Set(
      image.artifacts.flatMap((one) => (one.ecosystem === "java" && one.source !== undefined ? [one.source] : [])),
    ),
  ];
  const uses = sources.map((source) => sourceUse(source, workdir, image));
  const paths = [...new Set([...settings, ...uses.flatMap((use) => use.paths)])].filter(
    (path) => !programs.some((program) => isWithin(path, program)),
  );
  const customary = customaryData(workdir, [...paths, ...programs], image, /\.(?:java|kt|scala|xml|gradle|md|class)$/);
  return [
    ...paths.map(
      (path): RuntimeNeed => ({
        kind: "path",
        path,
        reason: `The program reads "${path}".`,
        confidence: "likely",
        because,
      }),
    ),
    ...customary.map(
      (path): RuntimeNeed => ({
        kind: "path",
        path,
        reason: `Programs open files in a directory with the name of "${path}", though the sources do not mention it.`,
        confidence: "guess",
        because,
      }),
    ),
    ...[...new Set(uses.flatMap((use) => use.programs))].map(
      (name): RuntimeNeed => ({
        kind: "executable",
        name,
        reason: `The sources start "${name}".`,
        confidence: "likely",
        because,
      }),
    ),
  ];
}

function everything(directory: ImagePath, command: ResolvedCommand): RuntimeNeed {
  const reason = "What Java starts there is not known.";
  return { kind: "everything", directory, reason, confidence: "likely", because: [command.because] };
}

/** A build tool that runs the program compiles it first. */
function toolNeeds(command: ResolvedCommand): readonly RuntimeNeed[] {
  const words = command.argv.map(({ text }) => text).join(" ");
  // `mvn -v` only asks whether it is there.
  if (command.argv.slice(1).every(({ text }) => /^-{1,2}(?:v|version)$/.test(text))) {
    const reason = `A script asks for the version of "${command.name}".`;
    return [{ kind: "executable", name: command.name, reason, confidence: "likely", because: [command.because] }];
  }
  const reason = `"${command.name}" compiles the sources when the image runs.`;
  return [
    {
      kind: "everything",
      directory: command.workdir,
      worksOnSources: words,
      reason,
      confidence: "likely",
      because: [command.because],
    },
  ];
}

/** An application server deploys what lies in its directories, whatever a Dockerfile says that it starts with. */
function serverNeeds({ command, origin }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const server = serverImage(image.base.prefix, image.base.repository);
  if (server === undefined || origin === "healthcheck" || !server.starts.test(command.name)) return undefined;
  const [first] = command.argv;
  const because = [command.because];
  const own: RuntimeNeed = {
    kind: "executable",
    name: first?.text ?? command.name,
    reason: "The image starts the server of its base.",
    confidence: "certain",
    because,
  };
  const deployed = server.deploys
    .map((path) => imagePath(path))
    .filter((path) => image.kindOf(path) !== undefined)
    .map(
      (path): RuntimeNeed => ({
        kind: "path",
        path,
        reason: `The server deploys what lies in "${path}".`,
        confidence: "certain",
        because,
      }),
    );
  return [own, ...deployed];
}

/** `build/install/NAME/bin/NAME` and `target/universal/stage/bin/NAME` run what lies beside `bin`. */
function distributionNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] | undefined {
  const [first] = command.argv;
  if (first === undefined || !first.known || !first.text.includes("/")) return undefined;
  const script = imagePath(first.text, command.workdir);
  const bin = imagePath("..", script);
  if (baseName(bin) !== "bin" || outputAbove(script, image) === undefined || image.read(script) !== undefined)
    return undefined;
  const because = [command.because];
  const reason = `The start script "${script}" runs the jars beside it.`;
  return [
    {
      kind: "path",
      path: imagePath("..", bin),
      alone: true,
      form: "directory",
      reason,
      confidence: "certain",
      because,
    },
    { kind: "shell", reason, confidence: "certain", because },
    { kind: "executable", name: "java", reason, confidence: "certain", because },
  ];
}
