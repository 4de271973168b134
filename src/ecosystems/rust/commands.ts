/**
 * What Cargo and rustup do to an image:
 *
 *     cargo build --release            an artifact target/release/<binary> for each binary of the package
 *     cargo install --path .           the same in CARGO_HOME/bin
 *     cargo install cargo-watch        a tool of the build
 *     cargo test, cargo clippy         a check
 *     cargo new --bin shop             writes the skeleton of a package
 *
 * Source: https://doc.rust-lang.org/cargo/commands/ and https://doc.rust-lang.org/cargo/guide/build-cache.html. Where the manifest is
 * not in the checkout, the target directory is said to be written.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, Linkage, ResolvedCommand } from "../ecosystem.ts";
import { type Operands, readOperands } from "../operands.ts";
import { type CargoPackage, type CargoProject, projectByManifest, projectOf, readToml, tableIn } from "./manifest.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const CACHE: readonly Effect[] = [{ kind: "cache" }];

const VALUED =
  `--bin --example --test --bench -p --package --exclude --features -F --target --target-dir --manifest-path --profile -j --jobs
  --color --message-format --config -Z --path --root --git --branch --tag --rev --version --vers --registry --index --name --edition --vcs
  --lockfile-path`.split(/\s+/);

/** `undefined` for commands of other toolchains. */
export function readRustCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name === "rustup") return readRustup(command);
  if (command.name !== "cargo") return undefined;
  // `cargo +nightly build` picks a toolchain.
  const [program, ...words] = command.argv.filter(({ text }, at) => !(at === 1 && text.startsWith("+")));
  const verb = words.find(({ text }) => !text.startsWith("-"))?.text;
  if (program === undefined || verb === undefined) return NOTHING;
  const read = readOperands([program, ...words], VALUED);
  switch (verb) {
    case "build":
    case "b":
      return readBuild(command, read, image);
    case "rustc":
      return readBuild(command, read, image);
    case "install":
      return readInstall(command, read, image);
    case "test":
    case "t":
    case "nextest":
      return [{ kind: "check", what: "test" }];
    case "clippy":
    case "check":
    case "c":
    case "audit":
    case "deny":
    case "bench":
      return [{ kind: "check", what: "lint" }];
    case "fmt":
      return read.options.has("--check") || words.some(({ text }) => text === "--check")
        ? [{ kind: "check", what: "lint" }]
        : [{ kind: "writes", path: command.workdir, form: "directory" }];
    case "fetch":
    case "clean":
    case "update":
    case "generate-lockfile":
    case "login":
    case "search":
      return verb === "clean" ? [{ kind: "removes", path: targetOf(command, read, image) }] : CACHE;
    case "doc":
      return [{ kind: "writes", path: imagePath("doc", targetOf(command, read, image)), form: "directory" }];
    case "vendor":
      return [{ kind: "writes", path: imagePath("vendor", command.workdir), form: "directory" }];
    case "new":
    case "init":
      return readNew(command, read);
    case "version":
    case "help":
    case "tree":
    case "metadata":
      return NOTHING;
    default:
      // Plug-ins such as cargo-chef, whose effects are their own, and `cargo run`.
      return [{ kind: "foreign", toolchain: "Cargo", what: "build" }];
  }
}

/** Toolchains and components go below RUSTUP_HOME, for the build alone. */
function readRustup(command: ResolvedCommand): readonly Effect[] {
  const verb = command.argv[1]?.text ?? "";
  return /^(?:target|component|toolchain|default|update|override|install|set|self)$/.test(verb) ? CACHE : NOTHING;
}

function readNew(command: ResolvedCommand, { operands }: Operands): readonly Effect[] {
  const [verb, name] = operands;
  const directory = imagePath(name?.text ?? ".", command.workdir);
  if (name?.known === false || (verb?.text === "new" && name === undefined)) return NOTHING;
  return [
    { kind: "writes", path: imagePath("Cargo.toml", directory), form: "file" },
    { kind: "writes", path: imagePath("src", directory), form: "directory" },
  ];
}

function projectFor(command: ResolvedCommand, { values }: Operands, image: ImageView): CargoProject | undefined {
  const manifest = values.get("--manifest-path");
  if (manifest === undefined) return projectOf(command.workdir, image);
  return manifest.known ? projectByManifest(imagePath(manifest.text, command.workdir), image) : undefined;
}

/** `--target-dir`, CARGO_TARGET_DIR, `build.target-dir` of a configuration, or `target` beside the lock file. */
function targetOf(command: ResolvedCommand, read: Operands, image: ImageView): ImagePath {
  const root = projectFor(command, read, image)?.root ?? command.workdir;
  const given = read.values.get("--target-dir") ?? command.environment.get("CARGO_TARGET_DIR");
  if (given?.known === true && given.text !== "") return imagePath(given.text, command.workdir);
  for (const name of [".cargo/config.toml", ".cargo/config"]) {
    const config = readToml(imagePath(name, root), image);
    const directory = config === undefined ? undefined : tableIn(config, "build")?.["target-dir"];
    if (typeof directory === "string") return imagePath(directory, root);
  }
  return imagePath("target", root);
}

/** The triple that is built for: `--target`, CARGO_BUILD_TARGET, or `build.target` of a configuration. */
function tripleOf(command: ResolvedCommand, read: Operands, image: ImageView): string | undefined {
  const given = read.values.get("--target") ?? command.environment.get("CARGO_BUILD_TARGET");
  if (given !== undefined && given.text !== "") return given.text;
  const root = projectFor(command, read, image)?.root ?? command.workdir;
  for (const name of [".cargo/config.toml", ".cargo/config"]) {
    const config = readToml(imagePath(name, root), image);
    const triple = config === undefined ? undefined : tableIn(config, "build")?.target;
    if (typeof triple === "string") return triple;
  }
  return undefined;
}

function profileOf({ options, values }: Operands): string {
  const named = values.get("--profile")?.text;
  if (named !== undefined) return named === "dev" || named === "test" ? "debug" : named;
  return options.has("--release") || options.has("-r") ? "release" : "debug";
}

function readBuild(command: ResolvedCommand, read: Operands, image: ImageView): readonly Effect[] {
  const triple = tripleOf(command, read, image);
  const target = targetOf(command, read, image);
  const given = [triple, read.values.get("--target-dir")?.text, profileOf(read)];
  if (given.some((text) => text?.includes("$") === true)) return [{ kind: "writes", path: target, form: "directory" }];
  const out = imagePath(`${triple === undefined ? "" : `${triple}/`}${profileOf(read)}`, target);
  const built = binariesOf(projectFor(command, read, image), read);
  // A library alone, or files of other names: `shop.exe`, `shop.wasm`.
  const others = /wasm|windows/.test(triple ?? "");
  if (built === undefined || built.length === 0 || others) return [{ kind: "writes", path: out, form: "directory" }];
  const linkage = linkageOf(command, triple, image);
  return [
    { kind: "cache" },
    ...built.map(([name, directory]) => artifact(imagePath(name, out), directory, linkage, command)),
  ];
}

function artifact(path: ImagePath, source: ImagePath, linkage: Linkage, { because }: ResolvedCommand): Effect {
  return {
    kind: "artifact",
    artifact: { path, form: "file", linkage, ecosystem: "rust", source, confidence: "certain", because },
  };
}

/** Names of binaries, each with its package's directory; `undefined` where the manifest is not known. */
function binariesOf(
  project: CargoProject | undefined,
  { options, values }: Operands,
): readonly (readonly [string, ImagePath])[] | undefined {
  if (project === undefined) return undefined;
  const chosen = values.get("-p")?.text ?? values.get("--package")?.text;
  const packages = chosenPackages(project, chosen, options);
  const bin = values.get("--bin")?.text;
  if (options.has("--lib")) return [];
  const all = packages.flatMap(({ binaries, directory }) => binaries.map((name) => [name, directory] as const));
  return bin === undefined ? all : all.filter(([name]) => name === bin);
}

function chosenPackages(
  { own, packages, defaults }: CargoProject,
  chosen: string | undefined,
  options: ReadonlySet<string>,
): readonly CargoPackage[] {
  if (chosen !== undefined) return packages.filter(({ name }) => name === chosen);
  if (options.has("--workspace") || options.has("--all")) return packages;
  return defaults ?? (own === undefined ? packages : [own]);
}

/** On Alpine, and for the musl targets elsewhere, Rust links statically (https://doc.rust-lang.org/reference/linkage.html). */
function linkageOf(command: ResolvedCommand, triple: string | undefined, image: ImageView): Linkage {
  const flags = command.environment.get("RUSTFLAGS")?.text ?? "";
  if (configured(command, image)) return { kind: "unknown" };
  if (/\+crt-static/.test(flags) || (triple?.includes("musl") === true && !/-crt-static/.test(flags)))
    return { kind: "static" };
  const { libc } = image.base;
  if (libc === "musl" && triple === undefined && !/-crt-static/.test(flags)) return { kind: "static" };
  return libc === undefined ? { kind: "unknown" } : { kind: "dynamic", libc };
}

/** Whether a configuration says how the C library is linked, for some target or other. */
function configured({ workdir }: ResolvedCommand, image: ImageView): boolean {
  const root = projectOf(workdir, image)?.root ?? workdir;
  return [".cargo/config.toml", ".cargo/config"].some((name) =>
    /crt-static|link-arg|\blinker\b/.test(image.read(imagePath(name, root)) ?? ""),
  );
}

function readInstall(command: ResolvedCommand, read: Operands, image: ImageView): readonly Effect[] {
  const { values, operands, options } = read;
  if (options.has("--list")) return NOTHING;
  const bin = binOf(command, read);
  const path = values.get("--path");
  if (path === undefined) {
    const names = operands.slice(1).flatMap(({ text, known }) => (known ? [text.replace(/@.*$/, "")] : []));
    return names.length === 0 && !values.has("--git")
      ? [{ kind: "unknown", why: "it is not known what it installs" }]
      : [{ kind: "tools", names, paths: names.map((name) => imagePath(name, bin)) }];
  }
  if (!path.known) return [{ kind: "writes", path: bin, form: "directory" }];
  const project = projectByManifest(imagePath("Cargo.toml", imagePath(path.text, command.workdir)), image);
  const built = binariesOf(project, read);
  if (built === undefined) return [{ kind: "writes", path: bin, form: "directory" }];
  const linkage = linkageOf(command, tripleOf(command, read, image), image);
  return built.map(([name, directory]) => artifact(imagePath(name, bin), directory, linkage, command));
}

/** `--root`, CARGO_INSTALL_ROOT, or CARGO_HOME (https://doc.rust-lang.org/cargo/commands/cargo-install.html). */
function binOf({ environment, workdir }: ResolvedCommand, { values }: Operands): ImagePath {
  const given = [values.get("--root"), environment.get("CARGO_INSTALL_ROOT"), environment.get("CARGO_HOME")];
  const root = given.find((one) => one?.known === true && one.text !== "")?.text ?? "/root/.cargo";
  return imagePath("bin", imagePath(root, workdir));
}
