/**
 * Package repositories that are not the distribution's own, and what installs them:
 *
 *     curl -fsSL https://deb.nodesource.com/setup_20.x | bash -          the repository of "nodejs"
 *     echo "deb https://dl.yarnpkg.com/debian stable main" > /etc/apt/sources.list.d/yarn.list     the one of "yarn"
 *     curl … | gpg --dearmor -o /usr/share/keyrings/other.gpg            some repository, of packages that nobody can tell
 *
 * A repository is there for the packages that are installed after it. It goes where they go: which ones those are is the importer's
 * to say.
 */
import { type ImagePath, isWithin } from "../../text/paths.ts";
import { changedPaths } from "../changed-paths.ts";
import type { Effect } from "../ecosystem.ts";

type Repository = Extract<Effect, { readonly kind: "repository" }>;

/**
 * Addresses of vendors and the packages that they are installed for. Sources: https://github.com/nodesource/distributions,
 * https://classic.yarnpkg.com/en/docs/install, https://docs.docker.com/engine/install/debian/, https://www.google.com/linuxrepositories/,
 * https://github.com/cli/cli/blob/trunk/docs/install_linux.md, https://developer.hashicorp.com/well-architected-framework (apt.releases),
 * https://docs.sbt.sh (scala-sbt), https://packages.sury.org/php/README.txt, https://cloud.google.com/sdk/docs/install.
 */
const VENDORS: readonly { readonly address: RegExp; readonly packages: RegExp }[] = [
  { address: /\b(?:deb|rpm)\.nodesource\.com\b/, packages: /^(?:nodejs|nsolid)/ },
  { address: /\bdl\.yarnpkg\.com\b/, packages: /^yarn$/ },
  { address: /\bdownload\.docker\.com\b/, packages: /^(?:docker|containerd)/ },
  {
    address: /\bdl(?:-ssl)?\.google\.com\/linux\/(?:chrome|direct)|\bdl-ssl\.google\.com\b/,
    packages: /^google-chrome/,
  },
  { address: /\bcli\.github\.com\b/, packages: /^gh$/ },
  {
    address: /\b(?:apt|rpm)\.releases\.hashicorp\.com\b/,
    packages: /^(?:terraform|vault|consul|nomad|packer|boundary|waypoint|vagrant)/,
  },
  { address: /\brepo\.scala-sbt\.org\b|\bscala\.jfrog\.io\b/, packages: /^sbt$/ },
  { address: /\bpackages\.sury\.org\/php\b/, packages: /^(?:php|libapache2-mod-php)/ },
  {
    address: /\bpackages\.cloud\.google\.com\/(?:apt|yum)\b/,
    packages: /^(?:google-cloud|kubectl|kubelet|kubeadm|app-engine)/,
  },
  { address: /\bpkgs\.k8s\.io\b/, packages: /^(?:kubectl|kubelet|kubeadm|cri-tools)/ },
];

/** The packages that a text with an address of a known vendor is about; `undefined` where it names none, or several. */
export function vendorPackages(text: string): RegExp | undefined {
  const found = VENDORS.filter(({ address }) => address.test(text));
  return found.length === 1 ? found[0]?.packages : undefined;
}

/**
 * Where package managers look for repositories and their keys (https://manpages.debian.org/bookworm/apt/sources.list.5.en.html,
 * https://man.archlinux.org/man/apk-repositories.5, https://dnf.readthedocs.io/en/latest/conf_ref.html). `/usr/share/keyrings` and
 * `/etc/apt/keyrings` are for what `signed-by` names.
 */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  apt: [
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d",
    "/etc/apt/keyrings",
    "/etc/apt/trusted.gpg.d",
    "/etc/apt/preferences.d",
    "/etc/apt/preferences",
    "/etc/apt/auth.conf.d",
    "/usr/share/keyrings",
  ],
  apk: ["/etc/apk/repositories", "/etc/apk/keys"],
  dnf: ["/etc/yum.repos.d", "/etc/pki/rpm-gpg"],
  zypper: ["/etc/zypp/repos.d"],
};

/** The manager whose repositories or keys stand at a path. */
export function repositoryManager(path: ImagePath): string | undefined {
  return Object.entries(PLACES).find(([, places]) => places.some((place) => isWithin(path, place)))?.[0];
}

/** A file of repositories or keys that a command makes, changes or removes, as the repository itself. */
export function asRepository(effect: Effect, text: string): Repository | undefined {
  if (effect.kind === "repository") return effect;
  const paths = effect.kind === "copies" ? [effect.to] : changedPaths(effect);
  const managers = new Set(paths.map(repositoryManager));
  const [manager] = managers;
  if (managers.size !== 1 || manager === undefined) return undefined;
  return repository(manager, text);
}

/** The repository that a command's text tells of. */
export function repository(manager: string, text: string): Repository {
  const packages = vendorPackages(text);
  return { kind: "repository", manager, ...(packages === undefined ? {} : { packages }) };
}
