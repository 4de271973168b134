/**
 * What the go command and its companions do to an image:
 *
 *     go build -o /bin/server ./cmd/server     the artifact /bin/server
 *     go install ./...                         an artifact in GOPATH/bin for each program
 *     go test ./...                            a check
 *     go mod download                          only the module cache
 *
 * Where the name of a built file cannot be told, the working directory is said to be written.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import { compareVersions } from "../base-releases.ts";
import type { Argument, Artifact, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { linkageOf, staticLinkOf } from "./linkage.ts";
import { executableName, goBin, initializeModule, mainsBelow, nameOfDirectory, packageDirectory } from "./module.ts";
import { readEmbedded } from "./sources.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const CACHE: readonly Effect[] = [{ kind: "cache" }];

/** Build flags that take a value (`go help build`). Go reads `-x` and `--x` alike. */
const VALUED = new Set(
  `asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile o overlay p pgo pkgdir tags toolexec C
   covermode coverpkg`.split(/\s+/),
);

const LINTERS = new Set(
  "golangci-lint golint staticcheck gosec errcheck revive gofmt goimports megacheck gometalinter govulncheck".split(
    " ",
  ),
);
const TESTERS = new Set(["ginkgo", "gotestsum", "richgo"]);
/** They write sources or vendored packages below the working directory. */
const GENERATORS = new Set(
  `dep glide govendor godep packr packr2 statik rice go-bindata go-bindata-assetfs swag wire mockgen protoc buf sqlc templ gqlgen
   stringer easyjson esc`.split(/\s+/),
);

interface GoArguments {
  readonly flags: ReadonlyMap<string, Argument>;
  readonly bare: ReadonlySet<string>;
  readonly all: readonly Argument[];
  readonly operands: readonly Argument[];
}

function readArguments(argv: readonly Argument[]): GoArguments {
  const flags = new Map<string, Argument>();
  const bare = new Set<string>();
  let at = 0;
  for (; at < argv.length; at++) {
    const field = argv[at];
    if (field === undefined || !field.text.startsWith("-")) break;
    const [, name = "", value] = /^--?([^=]+)(?:=(.*))?$/s.exec(field.text) ?? [];
    const next = argv[at + 1];
    if (value !== undefined) flags.set(name, { ...field, text: value });
    else if (VALUED.has(name) && next !== undefined) {
      flags.set(name, next);
      at++;
    } else bare.add(name);
  }
  return { flags, bare, all: argv.slice(0, at), operands: argv.slice(at) };
}

/** The effects of a command of the Go toolchain, or `undefined` when it is none. */
export function readGoCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name === "go") return readGo(command, image);
  // `godep go install` is `go install` with the workspace that godep saved (https://github.com/tools/godep#build-a-project).
  if (command.name === "godep" && command.argv[1]?.text === "go")
    return readGo({ ...command, name: "go", argv: command.argv.slice(1) }, image);
  if (LINTERS.has(command.name)) return [{ kind: "check", what: "lint" }];
  if (TESTERS.has(command.name)) return [{ kind: "check", what: "test" }];
  if (GENERATORS.has(command.name)) return [{ kind: "writes", path: command.workdir, form: "directory" }];
  if (command.name === "upx" || command.name === "strip") return readPacker(command);
  return undefined;
}

function readGo(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const [, verb, ...rest] = command.argv;
  const go = readArguments(rest);
  switch (verb?.text) {
    case "build":
      return readBuild(command, go, image);
    case "install":
      return readInstall(command, go, image);
    case "get":
      return readGet(command, go, image);
    case "test":
      return go.bare.has("c") ? readBuild(command, go, image) : [{ kind: "check", what: "test" }];
    case "vet":
      return [{ kind: "check", what: "lint" }];
    case "clean":
      return CACHE;
    case "mod":
    case "work":
      return readMod(command, rest, image);
    case "generate":
    case "fmt":
    case "fix":
    case "run":
      return [{ kind: "writes", path: command.workdir, form: "directory" }];
    default:
      return NOTHING;
  }
}

function readMod(command: ResolvedCommand, [first, name]: readonly Argument[], image: ImageView): readonly Effect[] {
  const verb = first?.text;
  if (verb === "init") {
    if (name?.known === true) initializeModule(command.workdir, name.text, image);
    return [{ kind: "writes", path: imagePath("go.mod", command.workdir), form: "file" }];
  }
  if (verb === "vendor") return [{ kind: "writes", path: imagePath("vendor", command.workdir), form: "directory" }];
  if (verb === "download" || verb === "verify" || verb === "graph" || verb === "why") return CACHE;
  return [{ kind: "writes", path: imagePath("go.sum", command.workdir), form: "file" }, { kind: "cache" }];
}

function startDirectory(command: ResolvedCommand, go: GoArguments): ImagePath {
  const changed = go.flags.get("C");
  return changed === undefined ? command.workdir : imagePath(changed.text, command.workdir);
}

/** One program: where its package lies, and what it is called when `-o` does not say. */
interface Program {
  readonly directory: ImagePath | undefined;
  readonly name: string | undefined;
}

function programs(
  operands: readonly Argument[],
  workdir: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly Program[] {
  const files = operands.filter((field) => field.text.endsWith(".go"));
  const [first] = files;
  if (first !== undefined) {
    const name = first.glob || !first.known ? undefined : baseName(first.text).replace(/\.go$/, "");
    return [{ directory: imagePath("..", imagePath(first.text, workdir)), name }];
  }
  const packages = operands.length === 0 ? [{ text: ".", known: true, glob: false }] : operands;
  return packages.flatMap((field) => programsOf(field, workdir, command, image));
}

function programsOf(
  field: Argument,
  workdir: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly Program[] {
  const { environment } = command;
  if (!field.known) return [{ directory: undefined, name: undefined }];
  const named = (directory: ImagePath): Program => ({
    directory,
    name: nameOfDirectory(directory, image, environment),
  });
  if (field.text.endsWith("...")) {
    const root = packageDirectory(field.text.replace(/\/?\.\.\.$/, "") || ".", workdir, image, environment);
    const found = root === undefined ? [] : mainsBelow(root, image);
    return found.length > 0 ? found.map(named) : [{ directory: root, name: undefined }];
  }
  const directory = packageDirectory(field.text, workdir, image, environment);
  if (directory !== undefined && /^[./]/.test(field.text)) return [named(directory)];
  return [{ directory, name: executableName(field.text) }];
}

function artifact(
  path: ImagePath,
  program: Program,
  command: ResolvedCommand,
  go: GoArguments,
  image: ImageView,
): Effect {
  const holds = readEmbedded(program.directory, image, command.environment);
  const linkage = linkageOf(command, go.all, image);
  const made: Artifact = {
    path,
    form: "file",
    linkage,
    ...(linkage.kind === "static" ? {} : { staticLink: () => staticLinkOf(command, go, program.directory, image) }),
    ecosystem: "go",
    ...(program.directory === undefined ? {} : { source: program.directory }),
    ...(holds.length === 0 ? {} : { holds }),
    confidence: "certain",
    because: command.because,
  };
  return { kind: "artifact", artifact: made };
}

const NO_NAME: Effect = { kind: "unknown", why: "the name of the file that it builds is not known" };

function readBuild(command: ResolvedCommand, go: GoArguments, image: ImageView): readonly Effect[] {
  const workdir = startDirectory(command, go);
  const found = programs(go.operands, workdir, command, image);
  const output = go.flags.get("o");
  if (output?.known === false) return [NO_NAME];
  if (output !== undefined) return buildInto(output.text, found, workdir, command, go, image);
  // "When compiling multiple packages or a single non-main package, build compiles the packages but discards the resulting object".
  if (found.length > 1) return CACHE;
  const [program] = found;
  if (program?.name === undefined) return [{ kind: "writes", path: workdir, form: "directory" }];
  return [artifact(imagePath(program.name, workdir), program, command, go, image)];
}

/** "If the named output is an existing directory or ends with a slash, then any resulting executables will be written to that directory." */
function buildInto(
  output: string,
  found: readonly Program[],
  workdir: ImagePath,
  command: ResolvedCommand,
  go: GoArguments,
  image: ImageView,
): readonly Effect[] {
  const path = imagePath(output, workdir);
  const [program] = found;
  if (path === "/dev/null") return CACHE;
  if (!output.endsWith("/") && image.kindOf(path) !== "directory")
    return [artifact(path, program ?? { directory: undefined, name: undefined }, command, go, image)];
  return found.map((one) =>
    one.name === undefined
      ? { kind: "writes", path, form: "directory" }
      : artifact(imagePath(one.name, path), one, command, go, image),
  );
}

function readInstall(command: ResolvedCommand, go: GoArguments, image: ImageView): readonly Effect[] {
  const bin = goBin(command.environment);
  const found = programs(go.operands, startDirectory(command, go), command, image);
  return found.map((program) =>
    program.name === undefined
      ? { kind: "writes", path: bin, form: "directory" }
      : artifact(imagePath(program.name, bin), program, command, go, image),
  );
}

/** "go get no longer builds or installs packages in module-aware mode" since 1.18 (https://go.dev/doc/go1.18#go-get). */
function readGet(command: ResolvedCommand, go: GoArguments, image: ImageView): readonly Effect[] {
  const { version } = image.base;
  const builds =
    version === undefined || !version.includes(".")
      ? image.base.toolchain !== "go"
      : compareVersions(version, "1.18") < 0;
  const modules = command.environment.get("GO111MODULE");
  if (go.bare.has("d") || (!builds && modules?.text !== "off")) return CACHE;
  const installed = readInstall(command, go, image);
  return [...installed.filter((effect) => effect.kind === "artifact"), { kind: "cache" }];
}

function readPacker(command: ResolvedCommand): readonly Effect[] {
  const paths = command.argv
    .slice(1)
    .filter((field) => !field.text.startsWith("-") && field.known)
    .map((field) => imagePath(field.text, command.workdir));
  return [{ kind: "attributes", paths, recursive: false }];
}
