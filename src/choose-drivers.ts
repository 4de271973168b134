/**
 * Which of the drivers that build the same Dockerfiles count.
 *
 *     build.sh                the driver: scripts come first, then Makefiles, package.json, CI files, PowerShell and batch files
 *     build.bat               its twin, when it comes to the same Dockerfiles: both change, in one migration
 *     .travis.yml             runs build.sh: a caller only, since all that changes is in build.sh
 *     README.md               only says what build.sh does
 *
 * What is not decided here: which files may be drivers, and what each of them does.
 */
import type { ImportResult, Plan } from "./model/plan.ts";
import { writeDockerfile } from "./synth/write-dockerfile.ts";
import type { HostPath } from "./text/paths.ts";

/** Kinds of drivers in the order in which they count; scripts, which come before all of them, have their own list. */
const RANKS: readonly RegExp[] = [
  /(?:^|\/)(?:GNUm|[Mm])akefile$|\.mk$/,
  /(?:^|\/)package\.json$/,
  /\.ya?ml$|(?:^|\/)Jenkinsfile/,
  /\.(?:ps1|bat|cmd)$/,
  /^/,
];

/** The results of scripts, and those of other drivers that are no mere callers or descriptions of what is there already. */
export function chooseDrivers(
  scripts: readonly ImportResult[],
  others: readonly ImportResult[],
): readonly ImportResult[] {
  const ranked = [...others].sort((a, b) => rankOf(a) - rankOf(b));
  const chosen = [...scripts];
  for (const one of ranked) if (counts(one, chosen)) chosen.push(one);
  return chosen;
}

function rankOf({ setup }: ImportResult): number {
  const [driver] = setup.sources;
  return RANKS.findIndex((rank) => rank.test(driver?.path ?? ""));
}

function counts(one: ImportResult, chosen: readonly ImportResult[]): boolean {
  const sharing = chosen.filter((other) => shareDockerfiles(one, other));
  return sharing.length === 0 || sharing.every((other) => areTwins(one, other));
}

function dockerfilesOf({ setup }: ImportResult): readonly HostPath[] {
  return setup.sources.flatMap(({ path, role }) => (role === "dockerfile" ? [path] : []));
}

function shareDockerfiles(a: ImportResult, b: ImportResult): boolean {
  const taken = new Set<string>(b.setup.sources.map(({ path }) => path));
  return dockerfilesOf(a).some((path) => taken.has(path));
}

/** Whether two plans come to the same Dockerfiles, and each changes a file that the other leaves alone. */
export function areTwins(a: ImportResult, b: ImportResult): boolean {
  if (a.verdict !== "plan" || b.verdict !== "plan") return false;
  const [edited, alsoEdited] = [editedFiles(a.plan), editedFiles(b.plan)];
  const own = edited.some((path) => !alsoEdited.includes(path));
  return own && writtenText(a.plan) === writtenText(b.plan);
}

/** The files whose commands a plan changes. */
export function editedFiles({ callerEdits }: Plan): readonly HostPath[] {
  return [...new Set(callerEdits.map(({ path }) => path))];
}

function writtenText({ dockerfiles }: Plan): string {
  return JSON.stringify(dockerfiles.map((planned) => [planned.path, planned.context, writeDockerfile(planned).text]));
}

/** For each result, the drivers that change together with it, since they build the same Dockerfiles. */
export function companionsOf(result: ImportResult, all: readonly ImportResult[]): readonly HostPath[] {
  if (result.verdict !== "plan") return [];
  const twins = all.filter((other) => other !== result && shareDockerfiles(result, other) && areTwins(result, other));
  return twins.flatMap((other) => (other.verdict === "plan" ? editedFiles(other.plan) : []));
}
