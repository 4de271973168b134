/**
 * Scripts that vendors tell people to fetch and run, by their addresses:
 *
 *     curl -fsSL https://deb.nodesource.com/setup_20.x | bash -      adds the repository of "nodejs"
 *     curl https://sh.rustup.rs -sSf | sh -s -- -y                   brings cargo and rustc
 *     wget https://get.docker.com -O /tmp/d.sh && sh /tmp/d.sh       the same of a file that was fetched
 *     bash -c "$(curl -fsSL …)", bash <(curl -s …)                   the same
 *
 * Any other script that is fetched may do anything. What an installed tool does is its ecosystem's to say.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { repository } from "../os-packages/repositories.ts";

/** `path`: where its program is put when it goes into one file. `-b DIR`: the convention of godownloader's scripts. */
interface Installer {
  readonly address: RegExp;
  /** Programs that it brings; none: it adds a package repository. */
  readonly programs: readonly string[];
  readonly path?: ImagePath;
  readonly takesDirectory?: true;
}

const local = (name: string): ImagePath => imagePath(name, imagePath("/usr/local/bin"));

/**
 * By the page that names the address. Repositories: https://github.com/nodesource/distributions,
 * https://packagecloud.io/docs#install_repo, https://help.cloudsmith.io/docs/debian-repository.
 */
const INSTALLERS: readonly Installer[] = [
  { address: /\/\/(?:deb|rpm)\.nodesource\.com\/setup_/, programs: [] },
  {
    address: /\/\/(?:packagecloud\.io|packages\.gitlab\.com)\/install\/repositories\/\S+\/script\.(?:deb|rpm)\.sh/,
    programs: [],
  },
  { address: /\/\/dl\.cloudsmith\.io\/\S+\/setup\.(?:deb|rpm)\.sh/, programs: [] },
  // https://rust-lang.github.io/rustup/installation/other.html
  {
    address: /\/\/(?:sh\.rustup\.rs|static\.rust-lang\.org\/rustup)\b/,
    programs: ["cargo", "rustc", "rustup", "rustfmt", "cargo-clippy"],
  },
  // https://python-poetry.org/docs/#installing-with-the-official-installer
  {
    address: /\/\/install\.python-poetry\.org\b|\/python-poetry\/poetry\/\S*\/(?:get-poetry|install-poetry)\.py/,
    programs: ["poetry"],
  },
  // https://pdm-project.org/en/latest/#recommended-installation-method
  { address: /install-pdm\.py\b|\bpdm-project\.org\//, programs: ["pdm"] },
  // https://docs.astral.sh/uv/getting-started/installation/
  { address: /\/\/astral\.sh\/(?:uv\/\S*|\S+\/uv\/)?install\.sh/, programs: ["uv", "uvx"] },
  // https://github.com/nvm-sh/nvm#install--update-script
  { address: /\/(?:nvm-sh|creationix)\/nvm\/\S+\/install\.sh/, programs: ["nvm", "node", "npm", "npx"] },
  // https://github.com/Schniz/fnm#installation, https://docs.volta.sh/guide/getting-started
  { address: /\/\/fnm\.vercel\.app\/install|\/\/get\.volta\.sh\b/, programs: ["fnm", "volta", "node", "npm", "npx"] },
  // https://classic.yarnpkg.com/en/docs/install, https://pnpm.io/installation, https://bun.sh/docs/installation
  { address: /\/\/yarnpkg\.com\/install\.sh/, programs: ["yarn", "yarnpkg"] },
  { address: /\/\/get\.pnpm\.io\/(?:v\d+\.js|install\.sh)/, programs: ["pnpm", "pnpx"] },
  { address: /\/\/bun\.(?:sh|com)\/install\b/, programs: ["bun", "bunx"] },
  // https://docs.deno.com/runtime/getting_started/installation/
  { address: /\/\/deno\.land(?:\/x)?(?:\/install)?\/install\.sh/, programs: ["deno"] },
  // https://docs.meteor.com/about/install.html
  { address: /\/\/install\.meteor\.com\b/, programs: ["meteor"] },
  // https://docs.haskellstack.org/en/stable/install_and_upgrade/, https://www.haskell.org/ghcup/install/
  { address: /\/\/get\.haskellstack\.org\b/, programs: ["stack"] },
  {
    address: /\/\/(?:get-ghcup\.haskell\.org|www\.haskell\.org\/ghcup)\b/,
    programs: ["ghcup", "ghc", "cabal", "stack"],
  },
  // https://sdkman.io/install/
  { address: /\/\/get\.sdkman\.io\b/, programs: ["sdk", "java", "javac", "gradle", "mvn", "kotlin", "sbt"] },
  // https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-install-script
  { address: /\/\/dot\.net\/v1\/dotnet-install\.sh|\/dotnet\/\S*dotnet-install\.sh/, programs: ["dotnet"] },
  // https://docs.docker.com/engine/install/debian/#install-using-the-convenience-script
  { address: /\/\/get\.docker\.com\b/, programs: ["docker", "dockerd", "containerd"] },
  // https://helm.sh/docs/intro/install/#from-script
  { address: /\/helm\/helm\/\S+\/get-helm-3|\/helm\/\S+\/scripts\/get\b/, programs: ["helm"], path: local("helm") },
  // https://golangci-lint.run/docs/welcome/install/, https://trivy.dev/latest/getting-started/installation/, https://github.com/air-verse/air
  {
    address: /\/golangci-lint\/\S*install\.sh|\/\/install\.goreleaser\.com\/github\.com\/golangci/,
    programs: ["golangci-lint"],
    takesDirectory: true,
  },
  { address: /\/aquasecurity\/trivy\/\S+\/install\.sh/, programs: ["trivy"], takesDirectory: true },
  { address: /\/(?:cosmtrek|air-verse)\/air\/\S+\/install\.sh/, programs: ["air"], takesDirectory: true },
  // https://taskfile.dev/installation/, https://just.systems/man/en/
  { address: /\/\/taskfile\.dev\/install\.sh/, programs: ["task"], takesDirectory: true },
  { address: /\/\/just\.systems\/install\.sh/, programs: ["just"] },
  // https://rustwasm.github.io/wasm-pack/installer/
  { address: /\/\/rustwasm\.github\.io\/wasm-pack\/installer\/init\.sh/, programs: ["wasm-pack"] },
  // https://docs.sentry.io/cli/installation/
  { address: /\/\/sentry\.io\/get-cli\b/, programs: ["sentry-cli"], path: local("sentry-cli") },
  // https://dlang.org/install.html, https://nim-lang.org/install_unix.html, https://opam.ocaml.org/doc/Install.html
  { address: /\/\/dlang\.org\/install\.sh/, programs: ["dmd", "ldc2", "dub"] },
  { address: /\/\/nim-lang\.org\/choosenim\/init\.sh/, programs: ["choosenim", "nim", "nimble"] },
  { address: /\/\/opam\.ocaml\.org\/install\.sh|\/ocaml\/opam\/\S+\/install\.sh/, programs: ["opam"] },
  // https://pip.pypa.io/en/stable/installation/#get-pip-py
  { address: /\/\/bootstrap\.pypa\.io\/\S*get-pip\.py/, programs: ["pip", "pip3"] },
];

const SHELL = /^(?:ba|da|a|z|k)?sh$/;
const INTERPRETER = /^(?:ba|da|a|z|k)?sh$|^python[\d.]*$|^(?:perl|ruby|php|node)$/;

/**
 * What running a script of the network does; `undefined` where the command runs none. A shell that reads a script nobody knows is
 * told to be unknown.
 */
export function readInstaller(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const text = scriptAddress(command, image);
  const installer = text === undefined ? undefined : INSTALLERS.find(({ address }) => address.test(text));
  if (text !== undefined && installer !== undefined) return effectsOf(installer, text, command);
  if (!readsInput(command) || !SHELL.test(command.name)) return undefined;
  return [{ kind: "unknown", why: `"${command.name}" runs a script that is fetched or computed` }];
}

/** The text that holds the address of the script which a command runs. */
function scriptAddress(command: ResolvedCommand, image: ImageView): string | undefined {
  const [program, ...words] = command.argv;
  if (program === undefined) return undefined;
  // A fetched file that is started itself: `./install.sh`.
  if (program.known && program.text.includes("/")) {
    const own = image.fetchedFrom(imagePath(program.text, command.workdir));
    if (own !== undefined) return own;
  }
  if (!INTERPRETER.test(command.name)) return undefined;
  if (readsInput(command)) return command.input;
  const text = words.find((word) => !word.text.startsWith("-"));
  if (text === undefined) return undefined;
  if (/\$\(|`|^<\(/.test(text.text))
    return /^(?:["']?(?:\$\(|`|<\())\s*(?:curl|wget)\b/.test(text.text) ? text.text : undefined;
  return text.known ? image.fetchedFrom(imagePath(text.text, command.workdir)) : undefined;
}

/** `… | sh`, `… | bash -s -- -y --profile minimal`, `… | python3 -`: the script comes through the pipe. */
function readsInput({ input, argv }: ResolvedCommand): boolean {
  if (input === undefined) return false;
  const words = argv.slice(1).map(({ text }) => text);
  const first = words.findIndex((word) => !/^-[a-z]+$/i.test(word) || /^-[a-z]*s$/.test(word));
  const word = words[first];
  return word === undefined || word === "-" || word === "--" || /^-[a-z]*s$/.test(word) || word === "/dev/stdin";
}

function effectsOf(installer: Installer, text: string, command: ResolvedCommand): readonly Effect[] {
  const { programs, path, takesDirectory } = installer;
  if (programs.length === 0) return [repository(/\brpm\b/.test(text) ? "dnf" : "apt", text)];
  const at = command.argv.findIndex((word) => word.text === "-b");
  const directory = takesDirectory === true ? (at < 0 ? "./bin" : command.argv[at + 1]?.text) : undefined;
  const known = at < 0 || command.argv[at + 1]?.known === true;
  const placed =
    directory !== undefined && known
      ? programs.map((name) => imagePath(name, imagePath(directory, command.workdir)))
      : [];
  return [{ kind: "tools", names: programs, paths: path === undefined ? placed : [path] }];
}

/** Commands that such an installer brings as functions of the shell, and the file that defines them. */
export function readVersionManager(command: ResolvedCommand): readonly Effect[] | undefined {
  const [first, verb] = command.argv;
  const sourced = first?.text === "." || first?.text === "source" ? baseName(command.argv[1]?.text ?? "") : "";
  // https://github.com/nvm-sh/nvm#usage, https://sdkman.io/usage/
  if (sourced === "nvm.sh" || first?.text === "nvm")
    return [{ kind: "tools", names: ["nvm", "node", "npm", "npx"], paths: [] }];
  if (sourced === "sdkman-init.sh") return [{ kind: "tools", names: ["sdk"], paths: [] }];
  if (first?.text === "sdk" && verb !== undefined)
    return [{ kind: "tools", names: [command.argv[2]?.text ?? "sdk", "java", "javac"], paths: [] }];
  return sourced === "env" && /\.cargo\/env$/.test(command.argv[1]?.text ?? "") ? [{ kind: "nothing" }] : undefined;
}
