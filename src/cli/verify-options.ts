/**
 * What a verification builds and runs with, out of the command line and `.restage.yml`:
 *
 *     --run-network none  over  verify: { run-network: host }      →  { runNetwork: "none", … }
 *     --budget huge                                                →  'the budget "huge" is no size (120MB) and no share (60%)'
 *
 * Nothing is built from here.
 */
import type { Network } from "../engine/engine.ts";
import type { ProbeSettings, VerifySettings } from "../project/verify-settings.ts";
import { type Budget, parseBudget } from "../verify/budget.ts";
import type { VerifyArguments } from "./arguments.ts";

/** Checked settings. */
export interface VerifyChoices {
  readonly buildNetwork: Network;
  readonly runNetwork: Network;
  /** Milliseconds for one build. */
  readonly timeout: number;
  readonly budget?: Budget;
  /** The probe of a setup, by its id, as far as the user says. */
  readonly probeOf: (setup: string) => ProbeSettings;
}

const HALF_AN_HOUR = 1800;

/** What is wrong with the options among themselves; `undefined` when nothing is. */
export function optionConflict(command: VerifyArguments): string | undefined {
  const { write, repair, prune, yes, json, given, runScript } = command;
  if (write && !repair) return 'the option "--write" goes with "--repair": only a repaired plan is applied here';
  if (prune && (repair || runScript || Object.keys(given).length > 0))
    return 'the option "--prune" removes leftovers and does nothing else';
  if (json && !yes && !prune) return 'the option "--json" leaves nowhere to ask: give "--yes" too';
  if (repair && (given.after !== undefined || given.before !== undefined))
    return 'the option "--repair" makes a new plan, so it does not go with "--before" and "--after"';
  return undefined;
}

/** A problem as text, or the choices. */
export function verifyChoices(
  { given }: Pick<VerifyArguments, "given">,
  settings: VerifySettings,
): VerifyChoices | string {
  const values = { ...settings, ...given };
  const [build, run] = [values["build-network"] ?? "default", values["run-network"] ?? "default"];
  const wrong = [build, run].find((name) => !isNetwork(name));
  if (wrong !== undefined) return `the network "${wrong}" is none of default, host and none`;
  const timeout = Number(values.timeout ?? HALF_AN_HOUR);
  if (!(timeout > 0 && timeout <= 86_400)) return `the timeout "${values.timeout}" is no number of seconds up to 86400`;
  const budget = values.budget === undefined ? undefined : parseBudget(values.budget);
  if (values.budget !== undefined && budget === undefined)
    return `the budget "${values.budget}" is no size (120MB) and no share of the old image (60%)`;
  const port = given.port === undefined ? undefined : Number(given.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    return `the port "${given.port}" is no number from 1 to 65535`;
  if (given.request !== undefined && !given.request.startsWith("/"))
    return `the request "${given.request}" does not begin with "/"`;
  const typed = {
    ...(port === undefined ? {} : { port }),
    ...(given.request === undefined ? {} : { path: given.request }),
  };
  return {
    buildNetwork: build as Network,
    runNetwork: run as Network,
    timeout: timeout * 1000,
    ...(budget === undefined ? {} : { budget }),
    probeOf: (setup) => ({ ...settings.probe, ...settings.probes?.[setup], ...typed }),
  };
}

function isNetwork(name: string): name is Network {
  return name === "default" || name === "host" || name === "none";
}
