/**
 * Starts a container as it is configured, and looks at what it does:
 *
 *     stays up, listens on 8080, answers GET / with 200            a server
 *     ends with code 0 and prints "hello"                          a program
 *
 * Nothing is assumed: EXPOSE only says which ports may be published, the open ones are those that its processes hold. What is not
 * decided here: whether two observations mean the same (compare-behaviour.ts).
 */
import type { ContainerState, Engine, ListeningSocket, Network } from "../engine/engine.ts";
import type { ImageConfiguration } from "../model/image.ts";
import type { Observation, ProbeAnswer } from "../model/verification.ts";
import type { ImagePath } from "../text/paths.ts";

/** How a container is tried; what is absent is found out. */
export interface ProbePlan {
  readonly network: Network;
  readonly port?: number;
  readonly paths: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until a server has to listen, and a program has to end. */
  readonly patience: number;
}

export interface ObserveWorld {
  readonly engine: Engine;
  readonly digest: (bytes: Uint8Array) => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Called while the container runs, more than once. */
  readonly look?: (container: string) => Promise<void>;
}

/** More than an observation keeps: bodies, to look at what differs. */
export interface Observed {
  readonly observation: Observation;
  readonly bodies: ReadonlyMap<string, string>;
  readonly state: ContainerState | undefined;
  /** Set where the container could not even be created or started. */
  readonly problem?: string;
}

export interface Hidden {
  readonly path: ImagePath;
  readonly kind: "file" | "directory";
}

const STEP = 250;
/** How long the open ports have to stay the same. */
const STABLE = 1500;

/**
 * What a container of an image does. One that ends without a word is run again: a busy engine may lose what a short-lived container prints,
 * since it waits two seconds for its streams (https://github.com/moby/moby/blob/v26.1.5/daemon/monitor.go, handleContainerExit).
 */
export async function observe(
  world: ObserveWorld,
  image: string,
  configuration: ImageConfiguration,
  plan: ProbePlan,
  hidden: readonly Hidden[] = [],
): Promise<Observed> {
  const first = await observeOnce(world, image, configuration, plan, hidden);
  const { staysUp, stdout, stderr } = first.observation;
  const silent = first.problem === undefined && !staysUp && stdout === "" && stderr === "";
  return silent ? observeOnce(world, image, configuration, plan, hidden) : first;
}

async function observeOnce(
  world: ObserveWorld,
  image: string,
  configuration: ImageConfiguration,
  plan: ProbePlan,
  hidden: readonly Hidden[] = [],
): Promise<Observed> {
  const { engine } = world;
  const exposed = configuration.ports.flatMap((port) => (port.endsWith("/tcp") ? [Number.parseInt(port, 10)] : []));
  const published = [...new Set([...exposed, ...(plan.port === undefined ? [] : [plan.port])])];
  let container: string;
  try {
    container = await engine.start({
      image,
      network: plan.network,
      hidden,
      ...(plan.args === undefined ? {} : { command: plan.args }),
      ...(plan.env === undefined ? {} : { env: plan.env }),
      ...(plan.network === "default" && published.length > 0 ? { publish: published } : {}),
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name === "EngineLostError") throw error;
    return notStarted(error.message);
  }
  try {
    return await watch(world, container, configuration, plan);
  } finally {
    await engine.remove(container);
  }
}

function notStarted(problem: string): Observed {
  const observation = { staysUp: false, ports: [], answers: [], stdout: "", stderr: problem };
  return { observation, bodies: new Map(), state: undefined, problem };
}

async function watch(
  world: ObserveWorld,
  container: string,
  configuration: ImageConfiguration,
  plan: ProbePlan,
): Promise<Observed> {
  const { engine } = world;
  const settled = await settle(world, container, configuration, plan);
  const answers: ProbeAnswer[] = [];
  const bodies = new Map<string, string>();
  for (const port of settled.state?.running === true ? settled.ports : [])
    for (const answer of await ask(world, container, port, plan, bodies)) answers.push(answer);
  await world.look?.(container);
  const state = (await engine.state(container)) ?? settled.state;
  const { stdout, stderr } = await engine.logs(container);
  return {
    observation: {
      staysUp: state?.running === true,
      ...(state?.exitCode === undefined ? {} : { exitCode: state.exitCode }),
      ...(state?.health === undefined ? {} : { health: state.health }),
      ports: settled.ports,
      answers,
      stdout,
      stderr: state?.error === undefined ? stderr : `${stderr}${state.error}\n`,
    },
    bodies,
    state,
  };
}

interface Settled {
  readonly state: ContainerState | undefined;
  readonly ports: readonly number[];
}

/** Until it ends, or its ports are open and stay the same, and its health is known; no longer than the plan has patience. */
async function settle(
  { engine, sleep, signal, look }: ObserveWorld,
  container: string,
  { healthcheck }: ImageConfiguration,
  plan: ProbePlan,
): Promise<Settled> {
  let ports: readonly number[] = [];
  let since = 0;
  for (let waited = 0; waited < plan.patience; waited += STEP) {
    if (signal?.aborted === true) break;
    await sleep(STEP);
    const state = await engine.state(container);
    if (state?.running !== true) return { state, ports };
    await look?.(container);
    const open = wanted(await engine.listening(container), plan.port) ?? (await published(engine, container, plan));
    if (open.join() !== ports.join()) [ports, since] = [open, waited];
    const healthy = healthcheck === undefined || healthcheck.test[0] === "NONE" || state.health !== "starting";
    if (ports.length > 0 && waited - since >= STABLE && healthy) return { state, ports };
  }
  return { state: await engine.state(container), ports };
}

function wanted(
  sockets: readonly ListeningSocket[] | undefined,
  port: number | undefined,
): readonly number[] | undefined {
  const open = sockets?.map((socket) => socket.port);
  return port === undefined || open === undefined ? open : open.filter((one) => one === port);
}

/** Where nobody can see the sockets, a port that takes connections is open. */
async function published(engine: Engine, container: string, { port, network }: ProbePlan): Promise<readonly number[]> {
  // On the host's network anybody could be the one who answers.
  if (network === "host") return [];
  return port !== undefined && (await engine.connects(container, port)) ? [port] : [];
}

async function ask(
  { engine, digest, sleep }: ObserveWorld,
  container: string,
  port: number,
  { paths }: ProbePlan,
  bodies: Map<string, string>,
): Promise<readonly ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  for (const path of paths) {
    const request = `GET http://:${port}${path}`;
    let answer = await engine.request(container, port, path);
    // A port may be open before what stands behind it is ready.
    for (let tries = 0; answer === undefined && tries < 3; tries += 1) {
      await sleep(500);
      answer = await engine.request(container, port, path);
    }
    if (answer === undefined) {
      const taken = await engine.connects(container, port);
      answers.push({ port, request: `connect :${port}`, ...(taken ? {} : { status: 0 }) });
      break;
    }
    bodies.set(request, new TextDecoder().decode(answer.body));
    answers.push({
      port,
      request,
      status: answer.status,
      ...(answer.contentType === undefined ? {} : { contentType: answer.contentType }),
      bytes: answer.body.length,
      digest: digest(answer.body),
    });
  }
  return answers;
}
