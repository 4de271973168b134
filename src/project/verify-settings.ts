/**
 * What `.restage.yml` says of verifying; options of the command line win over it:
 *
 *     verify:
 *       build-network: host               # default, host or none
 *       run-network: none
 *       budget: 60%                       # or 120MB
 *       timeout: 900                      # seconds for one build
 *       probe: { port: 8080, path: /health, status: 200, contains: ok }
 *       probes:
 *         "fat-dockerfile:Dockerfile": { args: [--version], env: { MODE: test } }
 *
 * Values are texts here, apart from the lists and mappings; whether a text is a network or a budget is for the command to check.
 */
import type { YamlTree } from "./yaml-tree.ts";

/** How a container is tried, as the user wants it; what is absent is found out. */
export interface ProbeSettings {
  readonly port?: number;
  /** What is asked for over HTTP. */
  readonly path?: string;
  readonly status?: number;
  /** A part of the answer's body, or of the output. */
  readonly contains?: string;
  /** In the place of CMD. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface VerifySettings {
  readonly "build-network"?: string;
  readonly "run-network"?: string;
  readonly budget?: string;
  readonly timeout?: string;
  /** For every setup. */
  readonly probe?: ProbeSettings;
  /** By setup id; wins over `probe`. */
  readonly probes?: Readonly<Record<string, ProbeSettings>>;
}

const TEXTS = ["build-network", "run-network", "budget", "timeout"] as const;

/** Reads the value of `verify:`; what is wrong is reported with its place. */
export function readVerifySettings(tree: YamlTree, value: unknown): VerifySettings {
  let settings: VerifySettings = {};
  for (const [key, entry] of tree.entries(value, '"verify"')) {
    const text = TEXTS.find((name) => name === key.name);
    if (text !== undefined) settings = { ...settings, [text]: tree.text(key, entry) };
    else if (key.name === "probe") settings = { ...settings, probe: readProbe(tree, entry, '"probe"') };
    else if (key.name === "probes") {
      const probes = tree
        .entries(entry, '"probes"')
        .map(([setup, probe]) => [setup.name, readProbe(tree, probe, `"${setup.name}"`)] as const);
      settings = { ...settings, probes: Object.fromEntries(probes) };
    } else tree.fail(`"${key.name}" is not known here`, key.range);
  }
  return settings;
}

function readProbe(tree: YamlTree, value: unknown, name: string): ProbeSettings {
  let probe: ProbeSettings = {};
  for (const [key, entry] of tree.entries(value, name)) {
    switch (key.name) {
      case "port":
      case "status": {
        const number = Number(tree.text(key, entry));
        const most = key.name === "port" ? 65535 : 599;
        if (Number.isInteger(number) && number > 0 && number <= most) probe = { ...probe, [key.name]: number };
        else tree.fail(`"${key.name}" is not a number from 1 to ${most}`, key.range);
        break;
      }
      case "path":
      case "contains":
        probe = { ...probe, [key.name]: tree.text(key, entry) };
        break;
      case "args":
        probe = { ...probe, args: tree.texts(key, entry) };
        break;
      case "env": {
        const pairs = tree
          .entries(entry, '"env"')
          .map(([variable, text]) => [variable.name, tree.text(variable, text)]);
        probe = { ...probe, env: Object.fromEntries(pairs) };
        break;
      }
      default:
        tree.fail(`"${key.name}" is not known here`, key.range);
    }
  }
  return probe;
}
