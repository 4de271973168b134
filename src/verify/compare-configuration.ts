/**
 * Compares what containers of two images start with:
 *
 *     ENTRYPOINT, CMD, ENV …        equal, or a problem
 *     ENV NODE_VERSION is gone      expected: only the old base image set it
 *     ENV CGO_ENABLED is gone       expected: the migration lists it as left out
 *
 * Strict: what the user's instructions set has to be the same. What only the base images brought may differ, and is listed. The
 * label that restage itself puts on images is left out by the engine. What is not decided here: whether the image works without
 * what is gone (libraries, behaviour).
 */
import type { ImageConfiguration, InspectedImage } from "../model/image.ts";
import type { Check, FailureCause, Finding } from "../model/verification.ts";

/** Two images, each with the configuration of the base image of its last stage where that is known. */
export interface ComparedConfigurations {
  readonly before: InspectedImage;
  readonly after: InspectedImage;
  readonly beforeBase?: ImageConfiguration | undefined;
  readonly afterBase?: ImageConfiguration | undefined;
  /** Settings that the migration leaves out on purpose (`"ENV CGO_ENABLED"`), each with its reason. */
  readonly leftOut?: ReadonlyMap<string, string>;
  /** Settings that the migration sets anew on purpose, each with its reason. */
  readonly resettled?: ReadonlyMap<string, string>;
}

/** The check is ok when every difference comes from the base images alone, or is listed by the migration. */
export function compareConfiguration(compared: ComparedConfigurations): Check {
  const findings = [...differences(compared).flatMap(compareSetting), ...platform(compared)];
  const problems = findings.filter(({ level }) => level === "problem").length;
  return { ok: problems === 0, summary: summaryOf(problems, findings.length - problems), findings };
}

function summaryOf(problems: number, expected: number): string {
  const listed = expected === 0 ? "" : `${expected} expected ${expected === 1 ? "change" : "changes"}`;
  if (problems === 0) return listed === "" ? "equal" : `equal but for ${listed}`;
  return `${problems} ${problems === 1 ? "setting differs" : "settings differ"}${listed === "" ? "" : `, ${listed}`}`;
}

/** A setting that differs, as the four configurations have it; `undefined` where it is not set. */
interface Difference {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly beforeBase: string | undefined;
  readonly afterBase: string | undefined;
  /** Whether the base images are known, so that absent there means absent. */
  readonly basesKnown: boolean;
  readonly listed: string | undefined;
  readonly resettled: string | undefined;
}

function differences(compared: ComparedConfigurations): readonly Difference[] {
  const { before, after, beforeBase, afterBase, leftOut } = compared;
  const [old, now] = [tableOf(before.configuration), tableOf(after.configuration)];
  const [oldBase, newBase] = [beforeBase && tableOf(beforeBase), afterBase && tableOf(afterBase)];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
  return names.map((name) => ({
    name,
    before: old.get(name),
    after: now.get(name),
    beforeBase: oldBase?.get(name),
    afterBase: newBase?.get(name),
    basesKnown: oldBase !== undefined && newBase !== undefined,
    listed: leftOut?.get(name),
    resettled: compared.resettled?.get(name),
  }));
}

/** Every setting under the name that messages have for it; what has its default is not set. */
function tableOf(configuration: ImageConfiguration): ReadonlyMap<string, string> {
  const { entrypoint, cmd, workdir, user, healthcheck, stopSignal, shell, onbuild } = configuration;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ...Object.entries(configuration.env).map(([name, value]) => [`ENV ${name}`, value] as const),
    ["ENTRYPOINT", words(entrypoint)],
    ["CMD", words(cmd)],
    ["WORKDIR", workdir === "" || workdir === "/" ? undefined : workdir],
    ["USER", ROOT_USERS.has(user) ? undefined : user],
    ...configuration.ports.map((port) => [`EXPOSE ${port}`, port] as const),
    ...configuration.volumes.map((path) => [`VOLUME ${path}`, path] as const),
    ...Object.entries(configuration.labels).map(([name, value]) => [`LABEL ${name}`, value] as const),
    ["HEALTHCHECK", healthcheck && JSON.stringify(healthcheck)],
    ["STOPSIGNAL", stopSignal],
    ["SHELL", words(shell)],
    ["ONBUILD", onbuild.length === 0 ? undefined : onbuild.join("; ")],
  ];
  return new Map(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

const ROOT_USERS: ReadonlySet<string> = new Set(["", "root", "0", "0:0", "root:root", "root:0", "0:root"]);

function words(list: readonly string[] | undefined): string | undefined {
  return list === undefined || list.length === 0 ? undefined : JSON.stringify(list);
}

function compareSetting(setting: Difference): readonly Finding[] {
  const what = described(setting);
  const { listed, resettled, after, afterBase, basesKnown } = setting;
  if (fromBases(setting)) return [{ level: "expected", what, why: baseReason(setting) }];
  // What was left out may be in the new base image, and then has that one's value.
  const left = after === undefined || (basesKnown && after === afterBase);
  if (listed !== undefined && left) return [{ level: "expected", what, why: `Left out: ${listed}` }];
  if (resettled !== undefined) return [{ level: "expected", what, why: resettled }];
  if (setting.name === "ENV PATH") return comparePath(setting);
  const why = setting.basesKnown
    ? "An instruction of one of the builds sets it, so it has to be the same."
    : "The base images are not known, so that every difference counts.";
  return [{ level: "problem", what, why, ...goneVariable(setting) }];
}

/** Values of variables and labels may be secrets; their names say enough. */
function described({ name, before, after }: Difference): string {
  const isShown = !name.startsWith("ENV ") && !name.startsWith("LABEL ");
  if (after === undefined) return `${name} is gone${isShown ? ` (it was ${before})` : ""}`;
  if (before === undefined) return `${name} is new${isShown ? ` (${after})` : ""}`;
  return `${name} differs${isShown ? ` (it was ${before}, and is ${after})` : ""}`;
}

function goneVariable({ name, before, after }: Difference): { readonly cause?: FailureCause } {
  if (!name.startsWith("ENV ") || before === undefined || after !== undefined) return {};
  return { cause: { kind: "environment-missing", name: name.slice("ENV ".length), value: before } };
}

/** Both sides have it as their base image has it, so that no instruction of either build set it. */
function fromBases({ before, after, beforeBase, afterBase, basesKnown }: Difference): boolean {
  return basesKnown && before === beforeBase && after === afterBase;
}

function baseReason({ before, after }: Difference): string {
  if (after === undefined) return "Only the old base image set it.";
  return before === undefined ? "The new base image sets it." : "Each base image sets it to its own value.";
}

/** Directories that the user's instructions put on PATH have to be there; those of the base images may differ. */
function comparePath(setting: Difference): readonly Finding[] {
  const own = minus(directories(setting.before), directories(setting.beforeBase));
  const lost = minus(own, directories(setting.after));
  const gained = minus(minus(directories(setting.after), directories(setting.afterBase)), directories(setting.before));
  const parts = [
    ...(lost.length === 0 ? [] : [`lacks ${lost.join(", ")}`]),
    ...(gained.length === 0 ? [] : [`has ${gained.join(", ")} besides`]),
  ];
  if (setting.basesKnown && parts.length === 0)
    return [{ level: "expected", what: "ENV PATH differs", why: baseReason(setting) }];
  const what = `ENV PATH ${parts.length === 0 ? "differs" : parts.join(" and ")}`;
  const value = setting.before ?? "";
  const cause = lost.length === 0 ? {} : { cause: { kind: "environment-missing", name: "PATH", value } as const };
  return [{ level: "problem", what, why: "Programs are looked for there.", ...cause }];
}

function directories(value: string | undefined): readonly string[] {
  return (value ?? "").split(":").filter((directory) => directory !== "");
}

function minus(list: readonly string[], taken: readonly string[]): readonly string[] {
  return list.filter((item) => !taken.includes(item));
}

function platform({ before, after }: ComparedConfigurations): readonly Finding[] {
  const wants = `${before.os}/${before.architecture}`;
  const has = `${after.os}/${after.architecture}`;
  if (wants === has) return [];
  const cause = { kind: "architecture", file: "the image", wants, has } as const;
  return [
    { level: "problem", what: `the platform was ${wants}, and is ${has}`, why: "It runs on other machines.", cause },
  ];
}
