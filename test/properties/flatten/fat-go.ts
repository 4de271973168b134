/**
 * Random fat Go images, of which it is known what has to run:
 *
 *     FROM golang:1.22 · WORKDIR /src · COPY . . · RUN go build -o /bin/server . · ENTRYPOINT ["/bin/server"]
 *     program: /bin/server
 */
import { posix } from "node:path";
import fc from "fast-check";

export interface FatImage {
  readonly files: Readonly<Record<string, string>>;
  /** What ENTRYPOINT or CMD starts, as an image path. */
  readonly program: string;
  /** Instructions that have to be in the stage that ships, as they stand. */
  readonly settings: readonly string[];
}

/** How the program is made, and where it is then. */
interface Making {
  readonly run: readonly string[];
  readonly program: string;
}

const SETTINGS = [
  "EXPOSE 8080",
  "ENV MODE=production",
  'LABEL org.example.part="api"',
  "STOPSIGNAL SIGINT",
  "USER 1000:1000",
];
const BEFORE = [
  "RUN apt-get update && apt-get install -y --no-install-recommends git make \\\n    && rm -rf /var/lib/apt/lists/*",
  "# what the compiler leaves out\nRUN go version",
];
const CHECKS = ["RUN go vet ./...", "RUN go test ./..."];

function making(workdir: string, layout: string): fc.Arbitrary<Making> {
  const target = layout === "." ? "." : "./cmd/server";
  const build = (output: string, extra = ""): Making => ({
    run: [`go build ${extra}-o ${output} ${target}`],
    program: posix.resolve(workdir, output),
  });
  const moved = build("build/out");
  return fc.constantFrom(
    build("/bin/server"),
    build("/usr/local/bin/server", "-trimpath "),
    build("server", '-ldflags "-s -w" '),
    build("./bin/server"),
    { run: [...moved.run, `mv ${moved.program} /usr/bin/moved`], program: "/usr/bin/moved" },
    { run: [...build("/tmp/made").run, "cp /tmp/made /opt/copied", "chmod +x /opt/copied"], program: "/opt/copied" },
    { run: [`go install ${target}`], program: `/go/bin/${layout === "." ? "app" : "server"}` },
  );
}

/** Ways to start a program: by its path, from the working directory, or by name where PATH finds it. */
function start(program: string, workdir: string): fc.Arbitrary<string> {
  const ways = [
    `ENTRYPOINT ["${program}"]`,
    `CMD ["${program}", "--listen", ":8080"]`,
    `CMD ${program}`,
    `ENTRYPOINT ["${program}"]\nCMD ["serve"]`,
  ];
  if (program.startsWith(`${workdir}/`)) ways.push(`CMD ["./${posix.relative(workdir, program)}"]`);
  if (/^(\/usr)?(\/local)?\/bin\/|^\/go\/bin\//.test(program)) ways.push(`CMD ["${posix.basename(program)}"]`);
  return fc.constantFrom(...ways);
}

/** Joins commands to one RUN, or makes one of each. */
const runLines = (commands: readonly string[], prefix: string, joined: boolean): readonly string[] =>
  joined
    ? [`RUN ${prefix}${commands.join(" \\\n && ")}`]
    : commands.map((command, index) => `RUN ${index === 0 ? prefix : ""}${command}`);

/** Random fat Go projects. */
export const fatGoImages: fc.Arbitrary<FatImage> = fc
  .record({
    workdir: fc.constantFrom("/src", "/app", "/go/src/example.com/app"),
    layout: fc.constantFrom(".", "cmd/server"),
    cgo: fc.constantFrom("ENV CGO_ENABLED=0", "CGO_ENABLED=0 ", ""),
    manifestFirst: fc.boolean(),
    joined: fc.boolean(),
    before: fc.subarray(BEFORE),
    checks: fc.subarray(CHECKS),
    settings: fc.subarray(SETTINGS),
  })
  .chain((shape) =>
    making(shape.workdir, shape.layout).chain((made) =>
      start(made.program, shape.workdir).map((command) => fatImage(shape, made, command)),
    ),
  );

interface Shape {
  readonly workdir: string;
  readonly layout: string;
  readonly cgo: string;
  readonly manifestFirst: boolean;
  readonly joined: boolean;
  readonly before: readonly string[];
  readonly checks: readonly string[];
  readonly settings: readonly string[];
}

function fatImage(shape: Shape, made: Making, command: string): FatImage {
  const cgoInEnv = shape.cgo.startsWith("ENV");
  const text = [
    "FROM golang:1.22",
    ...shape.before,
    ...(cgoInEnv ? [shape.cgo] : []),
    `WORKDIR ${shape.workdir}`,
    ...(shape.manifestFirst ? ["COPY go.mod ./", "RUN go mod download"] : []),
    "COPY . .",
    ...shape.checks,
    ...runLines(made.run, cgoInEnv ? "" : shape.cgo, shape.joined),
    ...shape.settings,
    command,
  ].join("\n");
  const folder = shape.layout === "." ? "" : `${shape.layout}/`;
  return {
    files: {
      Dockerfile: `${text}\n`,
      "go.mod": "module example.com/app\n\ngo 1.22\n",
      [`${folder}main.go`]: 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("up") }\n',
      [`${folder}main_test.go`]: 'package main\n\nimport "testing"\n\nfunc TestUp(t *testing.T) {}\n',
    },
    program: made.program,
    settings: [...shape.settings, ...command.split("\n")],
  };
}
