/**
 * Runs a user's own build script with an engine whose images and containers we find again:
 *
 *     sh build.sh      its `docker build …` becomes  docker build --label org.restage=… --network host …
 *
 * The script runs on this machine with the user's rights, in a copy of the checkout; whoever calls this has asked first.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LABEL, type Network } from "./engine.ts";
import { type Finished, runProcess } from "./process.ts";

export interface ScriptRunOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** A directory for the program that stands in for the engine's; it is made. */
  readonly folder: string;
  readonly program: string;
  readonly runId: string;
  readonly buildNetwork: Network;
  readonly runNetwork: Network;
  readonly timeout: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

export function runScript(options: ScriptRunOptions): Promise<Finished> {
  const { argv, cwd, folder, program, env, timeout, signal } = options;
  mkdirSync(folder);
  const wrapper = join(folder, program);
  writeFileSync(wrapper, wrapperText(options));
  chmodSync(wrapper, 0o755);
  const path = `${folder}${delimiter}${env.PATH ?? ""}`;
  return runProcess(argv, { cwd, env: { ...env, PATH: path, RESTAGE_PATH: env.PATH ?? "" }, timeout, signal });
}

function wrapperText({ program, runId, buildNetwork, runNetwork }: ScriptRunOptions): string {
  const network = (name: Network): string => (name === "default" ? "" : ` --network ${name}`);
  const label = `--label ${LABEL}=${runId}`;
  return `#!/bin/sh
PATH=$RESTAGE_PATH
case "$1 $2" in
  "image build" | "buildx build" | "builder build" | "container create" | "container run") shift ;;
esac
case "$1" in
  build) verb=$1; shift; exec ${program} "$verb" ${label}${network(buildNetwork)} "$@" ;;
  create | run) verb=$1; shift; exec ${program} "$verb" ${label}${network(runNetwork)} "$@" ;;
esac
exec ${program} "$@"
`;
}
