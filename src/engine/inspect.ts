/**
 * Reads what `docker image inspect` and `podman image inspect` print:
 *
 *     [{ "Id": "sha256:…", "Config": { "Env": ["PATH=…"], "Cmd": ["node"] }, "RootFS": { "Layers": […] } }]
 */
import type { ImageConfiguration, InspectedImage } from "../model/image.ts";
import { LABEL } from "./engine.ts";

interface Raw {
  readonly Id?: string;
  readonly Architecture?: string;
  readonly Os?: string;
  readonly Size?: number;
  readonly RootFS?: { readonly Layers?: readonly string[] };
  readonly Config?: RawConfiguration;
}

interface RawConfiguration {
  readonly Env?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | string | null;
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Healthcheck?: {
    readonly Test?: readonly string[] | null;
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly Retries?: number;
  } | null;
  readonly StopSignal?: string;
  readonly Shell?: readonly string[] | null;
  readonly OnBuild?: readonly string[] | null;
}

/** The first image of the list; the label that marks what restage makes is left out. */
export function readInspected(json: string): InspectedImage | undefined {
  const [raw] = JSON.parse(json) as readonly Raw[];
  if (raw?.Id === undefined) return undefined;
  return {
    id: raw.Id.startsWith("sha256:") ? raw.Id : `sha256:${raw.Id}`,
    configuration: configurationOf(raw.Config ?? {}),
    architecture: raw.Architecture ?? "",
    os: raw.Os ?? "",
    size: raw.Size ?? 0,
    layers: raw.RootFS?.Layers ?? [],
  };
}

function configurationOf(raw: RawConfiguration): ImageConfiguration {
  const entrypoint = typeof raw.Entrypoint === "string" ? [raw.Entrypoint] : raw.Entrypoint;
  const labels = Object.entries(raw.Labels ?? {}).filter(([name]) => name !== LABEL);
  const health = raw.Healthcheck;
  return {
    env: Object.fromEntries((raw.Env ?? []).map(pairOf)),
    ...(entrypoint == null || entrypoint.length === 0 ? {} : { entrypoint }),
    ...(raw.Cmd == null || raw.Cmd.length === 0 ? {} : { cmd: raw.Cmd }),
    workdir: raw.WorkingDir ?? "",
    user: raw.User ?? "",
    ports: Object.keys(raw.ExposedPorts ?? {}).sort(),
    volumes: Object.keys(raw.Volumes ?? {}).sort(),
    labels: Object.fromEntries(labels.sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(health?.Test == null || health.Test.length === 0
      ? {}
      : {
          healthcheck: {
            test: health.Test,
            interval: health.Interval ?? 0,
            timeout: health.Timeout ?? 0,
            startPeriod: health.StartPeriod ?? 0,
            retries: health.Retries ?? 0,
          },
        }),
    ...(raw.StopSignal === undefined || raw.StopSignal === "" ? {} : { stopSignal: raw.StopSignal }),
    ...(raw.Shell == null || raw.Shell.length === 0 ? {} : { shell: raw.Shell }),
    onbuild: raw.OnBuild ?? [],
  };
}

function pairOf(entry: string): readonly [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}
