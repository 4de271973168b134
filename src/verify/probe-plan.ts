/**
 * How a container is tried, out of its image and the user's wishes:
 *
 *     HEALTHCHECK CMD curl -f http://localhost:8080/live     asks for "/" and "/live"
 */
import type { Network } from "../engine/engine.ts";
import type { ReadImage } from "../model/image.ts";
import type { ProbePlan } from "./observe.ts";

/** What the user wants of a container; what is absent is found out. */
export interface ProbeWish {
  readonly port?: number;
  readonly path?: string;
  readonly status?: number;
  readonly contains?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProbeSetting {
  readonly probe: ProbeWish;
  readonly runNetwork: Network;
}

/** A server has this long until it listens, a program until it ends. */
const PATIENCE = 30_000;

export function probePlan({ image }: Pick<ReadImage, "image">, { probe, runNetwork }: ProbeSetting): ProbePlan {
  const { healthcheck } = image.configuration;
  const asked = (healthcheck?.test ?? []).join(" ").match(/https?:\/\/[^/\s'"]+(\/[^\s'"|;&)]*)/)?.[1];
  const paths = [...new Set([probe.path ?? "/", ...(asked === undefined ? [] : [asked])])];
  return {
    network: runNetwork,
    paths,
    patience: PATIENCE,
    ...(probe.port === undefined ? {} : { port: probe.port }),
    ...(probe.args === undefined ? {} : { args: probe.args }),
    ...(probe.env === undefined ? {} : { env: probe.env }),
  };
}
