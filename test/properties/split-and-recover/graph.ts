/**
 * Random multi-stage builds as data, joined only by COPY --from:
 *
 *     stage 0  golang:1.22   COPY go.mod go.mod · RUN make part0          artifact /out/app0
 *     stage 1  alpine:3.19   COPY --from=0 /out/app0 /usr/bin/ · CMD …    (ships)
 *
 * The same graph is written as one Dockerfile here, and taken apart in split.ts.
 */
import { posix } from "node:path";
import fc from "fast-check";

export type Form = "file" | "directory";

/** A path that a stage makes. Last names are unique in a graph. */
export interface MadePath {
  readonly path: string;
  readonly form: Form;
}

/** A COPY from the build context; `source` is relative to the stage's own context. */
export interface ContextCopy {
  readonly source: string;
  readonly form: Form;
  readonly destination: string;
}

/** A COPY --from: which artifact of which stage goes where. */
export interface Import {
  readonly stage: number;
  readonly artifact: MadePath;
  readonly destination: string;
}

export interface GeneratedStage {
  readonly base: string;
  /** The earlier stage that this one begins with, in place of `base`. */
  readonly parent?: number;
  /** `ARG NAME=tag` before the first FROM, where the base is `image:${NAME}`. */
  readonly global?: string;
  /** The directory that the old build of this stage used as its context. */
  readonly context: string;
  readonly workdir?: string;
  /** Build arguments: every build passes the same value for a name. */
  readonly args: readonly string[];
  readonly contextCopies: readonly ContextCopy[];
  readonly imports: readonly Import[];
  /** What RUN makes here. */
  readonly made: readonly MadePath[];
  /** Whether a stage that makes nothing still runs something. */
  readonly runs: boolean;
  readonly settings: readonly string[];
}

/** Stages in build order; the last one ships, or the last ones. */
export interface Graph {
  readonly stages: readonly GeneratedStage[];
  readonly finals: number;
}

/** Whether a stage's image is one that people use. */
export const ships = (graph: Graph, index: number): boolean => index >= graph.stages.length - graph.finals;

const BUILDER_BASES = [
  "golang:1.22",
  "node:20",
  "rust:1.82-slim",
  "gcc:12",
  "debian:bookworm",
  "registry.example.com:5000/tools/builder:7",
];
const FINAL_BASES = [
  "alpine:3.19",
  "debian:bookworm-slim",
  "nginx:stable",
  "node:20-slim",
  "gcr.io/distroless/static",
  "scratch",
];
const BUILD_ARGS = ["VERSION", "CHANNEL"];
const SETTINGS = [
  "EXPOSE 8080",
  "ENV MODE=production",
  'LABEL org.example.part="final"',
  "USER 1000:1000",
  "STOPSIGNAL SIGQUIT",
  'ENTRYPOINT ["/entry"]',
  'CMD ["--serve"]',
];

const someOf = (values: readonly string[], maxLength: number) => fc.subarray([...values], { maxLength });

/** Where an artifact lands. A file's destination may be a directory (`/usr/bin/`); a directory's is where its contents go. */
function destination(name: string, hasWorkdir: boolean): fc.Arbitrary<string> {
  const absolute = fc.constantFrom(`/opt/${name}`, `/srv/web/${name}-x`, "/opt/parts/", `/${name}`);
  return hasWorkdir ? fc.oneof(absolute, fc.constantFrom(`./${name}`, `lib/${name}`, "bin/", `./${name}/`)) : absolute;
}

function artifact(stage: number, index: number): fc.Arbitrary<MadePath> {
  return fc
    .record({
      form: fc.constantFrom<Form>("file", "directory"),
      folder: fc.constantFrom("/out", "/src/build", "/usr/local/lib/part", ""),
    })
    .map(({ form, folder }) => ({ form, path: `${folder}/${form === "file" ? "app" : "dist"}${stage}${index}` }));
}

function contextCopy(stage: number, index: number, hasWorkdir: boolean): fc.Arbitrary<ContextCopy> {
  // What was built before anything was extracted may take the whole context: nothing of ours lies in it yet.
  const whole = fc.record({
    source: fc.constant("."),
    form: fc.constant<Form>("directory"),
    destination: hasWorkdir ? fc.constantFrom(".", "./", "/src") : fc.constant("/src"),
  });
  const part = fc.constantFrom<Form>("file", "directory").chain((form) => {
    const source = form === "file" ? `input${stage}${index}.txt` : `sources${stage}${index}`;
    return destination(source, hasWorkdir).map((to) => ({ source, form, destination: to }));
  });
  return stage === 0 ? fc.oneof(whole, part) : part;
}

const hasShell = (base: string): boolean => base !== "scratch" && !base.includes("distroless");

/** `golang:1.22` as `golang:${TAG0}` with `ARG TAG0=1.22`. */
function parametrisedBase(base: string, index: number): { readonly base: string; readonly global?: string } {
  const [, image, tag] = /^(.+):([^:/]+)$/.exec(base) ?? [];
  return image === undefined ? { base } : { base: `${image}:\${TAG${index}}`, global: `ARG TAG${index}=${tag}` };
}

type BareStage = Omit<GeneratedStage, "imports" | "made">;

/** What every stage has, but for what it makes and imports. */
function bareStage(index: number, last: boolean): fc.Arbitrary<BareStage> {
  return fc.constantFrom(undefined, "/work", "/srv/app").chain((workdir) =>
    fc
      .record({
        base: fc.constantFrom(...(last ? FINAL_BASES : BUILDER_BASES)),
        context: fc.constantFrom(".", ".", "app", "release"),
        args: someOf(BUILD_ARGS, 2),
        copies: fc.integer({ min: 0, max: 2 }),
        settings: last ? someOf(SETTINGS, 4) : fc.constant([]),
        runs: fc.boolean(),
        parametrised: fc.boolean(),
      })
      .chain(({ copies, parametrised, ...stage }) =>
        fc
          .tuple(...Array.from({ length: copies }, (_, n) => contextCopy(index, n, workdir !== undefined)))
          .map((contextCopies) => ({
            ...stage,
            ...(parametrised ? parametrisedBase(stage.base, index) : {}),
            ...(workdir === undefined ? {} : { workdir }),
            args: hasShell(stage.base) ? stage.args : [],
            runs: hasShell(stage.base) && stage.runs,
            contextCopies,
          })),
      ),
  );
}

type Arrival = Import & { readonly consumer: number };

/** Each artifact is imported by one or two later stages, so that no stage is left over. */
function arrivalsOf(
  bare: readonly BareStage[],
  made: readonly (readonly MadePath[])[],
): fc.Arbitrary<readonly Arrival[]> {
  const arrivals = made.flatMap((artifacts, stage) =>
    artifacts.map((artifact) =>
      fc
        .subarray(
          Array.from({ length: bare.length - 1 - stage }, (_, n) => stage + 1 + n),
          { minLength: 1, maxLength: Math.min(2, bare.length - 1 - stage) },
        )
        .chain((consumers) => fc.tuple(...consumers.map((consumer) => arrival(bare, consumer, stage, artifact)))),
    ),
  );
  return fc.tuple(...arrivals).map((all) => all.flat());
}

function arrival(
  bare: readonly BareStage[],
  consumer: number,
  stage: number,
  artifact: MadePath,
): fc.Arbitrary<Arrival> {
  const hasWorkdir = bare[consumer]?.workdir !== undefined;
  return destination(posix.basename(artifact.path), hasWorkdir).map((to) => ({
    consumer,
    stage,
    artifact,
    destination: to,
  }));
}

function withImports(
  bare: readonly BareStage[],
  made: readonly (readonly MadePath[])[],
  arrivals: readonly Arrival[],
): Graph {
  const stages = bare.map((stage, index) => ({
    ...stage,
    made: made[index] ?? [],
    imports: arrivals.filter((one) => one.consumer === index).map(({ consumer: _, ...one }) => one),
  }));
  return { stages, finals: 1 };
}

const madeBy = (stage: number): fc.Arbitrary<readonly MadePath[]> =>
  fc
    .integer({ min: 1, max: 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => artifact(stage, n))));

/** Random graphs of one to three builders and what ships. */
export const graphs: fc.Arbitrary<Graph> = fc
  .integer({ min: 1, max: 3 })
  .chain((builders) =>
    fc
      .tuple(
        fc.tuple(...Array.from({ length: builders + 1 }, (_, index) => bareStage(index, index === builders))),
        fc.tuple(...Array.from({ length: builders }, (_, stage) => madeBy(stage))),
      )
      .chain(([bare, made]) => arrivalsOf(bare, made).map((arrivals) => withImports(bare, made, arrivals))),
  )
  .chain((graph) =>
    fc
      .record({ second: oneIn(6), parents: fc.tuple(...graph.stages.map((_, index) => parentOf(index))) })
      .map(({ second, parents }) => withSecondFinal(withParents(graph, parents), second)),
  );

const oneIn = (count: number): fc.Arbitrary<boolean> => fc.nat({ max: count - 1 }).map((n) => n === count - 1);

function parentOf(index: number): fc.Arbitrary<number | undefined> {
  if (index === 0) return fc.constant(undefined);
  return oneIn(6).chain((has) => (has ? fc.nat({ max: index - 1 }) : fc.constant(undefined)));
}

/** Stages that begin with an earlier one. They say their working directory themselves, or it would be inherited. */
function withParents(graph: Graph, parents: readonly (number | undefined)[]): Graph {
  const stages = graph.stages.map((stage, index) => {
    const parent = parents[index];
    if (parent === undefined) return stage;
    const { global: _, ...rest } = stage;
    return { ...rest, base: "", parent, workdir: stage.workdir ?? "/work" };
  });
  return { ...graph, stages };
}

/** A second image that ships, around the first artifact of the first builder. */
function withSecondFinal(graph: Graph, wanted: boolean): Graph {
  const artifact = graph.stages[0]?.made[0];
  if (!wanted || artifact === undefined) return graph;
  const second: GeneratedStage = {
    base: "alpine:3.19",
    context: graph.stages.at(-1)?.context ?? ".",
    args: [],
    contextCopies: [],
    imports: [{ stage: 0, artifact, destination: `/second/${posix.basename(artifact.path)}` }],
    made: [],
    runs: false,
    settings: ['LABEL org.example.image="second"'],
  };
  return { stages: [...graph.stages, second], finals: 2 };
}

/** The context of the one build that remains: the only one that was used, else the project's root. */
export function commonContext(graph: Graph): string {
  const used = new Set(graph.stages.map((stage) => stage.context));
  const [only] = used;
  return used.size === 1 && only !== undefined ? only : ".";
}

/** A stage's context path seen from the common context. */
export function fromCommon(graph: Graph, stage: GeneratedStage, path: string): string {
  return posix.relative(commonContext(graph), posix.join(stage.context, path)) || ".";
}

/** Commands that really make the stage's artifacts, with the build arguments in them. */
export function commandsOf(stage: GeneratedStage): readonly string[] {
  const text = ["made", ...stage.args.map((arg) => `$${arg}`)].join(" ");
  const make = stage.made.map(({ path, form }) => {
    const file = form === "file" ? path : `${path}/inner/${posix.basename(path)}.txt`;
    return `mkdir -p ${posix.dirname(file)} && echo "${text}" > ${file}`;
  });
  return make.length > 0 || !stage.runs ? make : [`echo "${text}" > /ran.txt`];
}

/** One stage's instructions as text lines; `copies` says how its COPY lines read, `runs` what it still runs. */
export function stageLines(
  stage: GeneratedStage,
  from: string,
  copies: readonly string[],
  runs: readonly string[] = commandsOf(stage),
): readonly string[] {
  return [
    from,
    ...stage.args.map((arg) => `ARG ${arg}`),
    ...(stage.workdir === undefined ? [] : [`WORKDIR ${stage.workdir}`]),
    ...copies,
    ...runs.map((command) => `RUN ${command}`),
    ...stage.settings,
  ];
}

/** What a stage is called in `multiStageText`. */
export function stageName(index: number): string {
  return `stage-${String.fromCharCode(97 + index)}`;
}

/** The graph as the one multi-stage Dockerfile that a person would write. */
export function multiStageText(graph: Graph): string {
  const stages = graph.stages.map((stage, index) =>
    stageLines(
      stage,
      `FROM ${stage.parent === undefined ? stage.base : stageName(stage.parent)} AS ${stageName(index)}`,
      [
        ...stage.contextCopies.map((copy) => `COPY ${fromCommon(graph, stage, copy.source)} ${copy.destination}`),
        ...stage.imports.map((one) => `COPY --from=${stageName(one.stage)} ${one.artifact.path} ${one.destination}`),
      ],
    ).join("\n"),
  );
  const globals = graph.stages.flatMap((stage) => stage.global ?? []);
  return `${[...globals, ...stages].join("\n\n")}\n`;
}

/** The final place of what a COPY brings: a file's path, or where a directory's contents land. */
export function landingPlace(stage: Pick<GeneratedStage, "workdir">, source: string, form: Form, to: string): string {
  const path = posix.resolve(stage.workdir ?? "/", to);
  return form === "file" && to.endsWith("/") ? posix.join(path, posix.basename(source)) : path;
}

/** Where a stage's COPYs land, those from the context first: a file goes into a directory that an earlier line or stage made there. */
export function landings(graph: Graph, index: number): readonly string[] {
  return contentsOf(graph, index).landings;
}

function contentsOf(
  graph: Graph,
  index: number,
): { readonly landings: readonly string[]; readonly directories: ReadonlySet<string> } {
  const stage = graph.stages[index];
  if (stage === undefined) return { landings: [], directories: new Set() };
  const directories = new Set(stage.parent === undefined ? [] : contentsOf(graph, stage.parent).directories);
  const add = (path: string, form: Form): void => {
    for (let at = form === "file" ? posix.dirname(path) : path; at !== "/"; at = posix.dirname(at)) directories.add(at);
  };
  add(stage.workdir ?? "/", "directory");
  const copies = [
    ...stage.contextCopies,
    ...stage.imports.map(({ artifact, destination: to }) => ({ ...artifact, source: artifact.path, destination: to })),
  ];
  const found = copies.map(({ source, form, destination: to }) => {
    const path = landingPlace(stage, source, form, to);
    const place = form === "file" && directories.has(path) ? posix.join(path, posix.basename(source)) : path;
    add(place, form);
    return place;
  });
  for (const { path, form } of stage.made) add(path, form);
  return { landings: found, directories };
}
