/**
 * Scripts that are fetched and given to a shell, and that only install a tool of a build:
 *
 *     curl -LsSf https://astral.sh/uv/install.sh | sh       uv and uvx in ~/.local/bin
 *
 * What any other such script does is not known.
 */
interface Installer {
  readonly address: RegExp;
  readonly tools: readonly string[];
  readonly source: string;
}

const INSTALLERS: readonly Installer[] = [
  {
    address: /\bastral\.sh\/(?:uv|[\w.]+\/uv)?\/?\S*install\.sh\b/,
    tools: ["uv", "uvx"],
    source: "https://docs.astral.sh/uv/reference/installer/",
  },
  {
    address: /\bget\.pnpm\.io\/install\.sh\b/,
    tools: ["pnpm"],
    source: "https://pnpm.io/installation#using-a-standalone-script",
  },
];

/** The tools that a script brings, by the command that fetches it; `undefined` for one that is not known. */
export function toolsFetched(input: string | undefined): readonly string[] | undefined {
  return INSTALLERS.find(({ address }) => address.test(input ?? ""))?.tools;
}
