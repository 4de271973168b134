/**
 * Dockerfiles that are chosen by a variable which nothing sets. Each OS has a builder and a final, unless a row says otherwise:
 *
 *     alpine/Dockerfile.build, alpine/Dockerfile      debian/Dockerfile.build, debian/Dockerfile
 */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Answers } from "../../../src/model/decision.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM golang:1.22\nWORKDIR /src\nCOPY main.go .\nRUN go build -o /out/app main.go\n";
const FINAL = "COPY app /usr/local/bin/app\n";
const TREE = {
  "alpine/Dockerfile.build": BUILDER,
  "alpine/Dockerfile": `FROM alpine:3.19\n${FINAL}`,
  "debian/Dockerfile.build": BUILDER,
  "debian/Dockerfile": `FROM debian:12\n${FINAL}`,
  "main.go": "package main\n",
};
const TAKE = "docker create --name x b\ndocker cp x:/out/app app\ndocker rm x\n";
const PAIR = `docker build -f $OS/Dockerfile.build -t b .\n${TAKE}docker build -f $OS/Dockerfile -t app:$OS .\n`;

type Files = Readonly<Record<string, string | undefined>>;

/** The setup of `build.sh`, or of a Makefile among the files; `undefined` takes a file away. */
function run(files: Files, answers: Answers = {}): Migration {
  const tree = Object.entries({ ...TREE, ...files }).flatMap(([path, text]) =>
    text === undefined ? [] : [[path, text]],
  );
  const { migrations } = migrate(memoryProject(Object.fromEntries(tree)), { answers });
  const found = migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

const changed = ({ changes }: Migration): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(changes.map(({ path, after }) => [path, after]));

const said = ({ diagnostics }: Migration): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code}: ${message}`);

const joined = (base: string): string =>
  `${BUILDER.replace("\n", " AS builder\n")}\nFROM ${base} AS production\nCOPY --from=builder /out/app /usr/local/bin/app\n`;

describe("all values", () => {
  it.each<readonly [string, Files, Files]>([
    [
      "of an environment variable",
      { "build.sh": PAIR },
      { "build.sh": "docker build -f $OS/Dockerfile -t app:$OS .\n" },
    ],
    [
      "of an argument",
      { "build.sh": PAIR.replaceAll("$OS", "$1") },
      { "build.sh": "docker build -f $1/Dockerfile -t app:$1 .\n" },
    ],
    [
      "of an argument that has a name",
      { "build.sh": `OS="$1"\n${PAIR}` },
      { "build.sh": 'OS="$1"\ndocker build -f $OS/Dockerfile -t app:$OS .\n' },
    ],
    [
      "of a variable that a called script reads",
      { "build.sh": "./image.sh\n", "image.sh": `#!/bin/sh\n${PAIR}` },
      { "image.sh": "#!/bin/sh\ndocker build -f $OS/Dockerfile -t app:$OS .\n" },
    ],
    [
      "of a variable of make",
      { Makefile: `image:\n${PAIR.replaceAll("$OS", "$(OS)").replace(/^/gm, "\t").trimEnd()}\n` },
      { Makefile: "image:\n\tdocker build -f $(OS)/Dockerfile -t app:$(OS) .\n" },
    ],
  ])("%s", (_, files, callers) => {
    const migration = run(files);
    expect(changed(migration)).toEqual({
      ...callers,
      "alpine/Dockerfile": joined("alpine:3.19"),
      "alpine/Dockerfile.build": undefined,
      "debian/Dockerfile": joined("debian:12"),
      "debian/Dockerfile.build": undefined,
    });
  });

  it("of a CI matrix", () => {
    const steps = PAIR.replaceAll("$OS", `\${{ matrix.os }}`).trimEnd().replace(/^/gm, "          ");
    const head =
      "on: push\njobs:\n  image:\n    strategy: { matrix: { os: [alpine, debian] } }\n    steps:\n      - run: |\n";
    const migration = run({ ".github/workflows/ci.yml": `${head}${steps}\n` });
    expect(migration.decisions.map(({ id }) => id)).toEqual([`variable:\${{ matrix.os }}`]);
    expect(changed(migration)).toMatchObject({
      ".github/workflows/ci.yml": `${head}          docker build -f \${{ matrix.os }}/Dockerfile -t app:\${{ matrix.os }} .\n`,
      "debian/Dockerfile": joined("debian:12"),
    });
  });

  it("of a context stay in the name of the Dockerfile where the context becomes another", () => {
    const script = `docker build -t b src\n${TAKE.replace("out/app app", "out/app $OS/app")}docker build -t app "$OS"\n`;
    const migration = run({ "build.sh": script, "src/Dockerfile": BUILDER, "src/main.go": "package main\n" });
    expect(changed(migration)["build.sh"]).toBe('docker build -f "$OS/Dockerfile" -t app .\n');
  });

  it("are a decision that names them", () => {
    expect(run({ "build.sh": PAIR }).decisions).toMatchObject([
      {
        id: "variable:OS",
        question: 'Which values of "$OS" are built?',
        chosen: "all",
        confidence: "likely",
        options: [{ value: "all" }, { value: "alpine" }, { value: "debian" }],
        because: [{ text: "$OS/Dockerfile.build" }, { text: "$OS/Dockerfile" }],
      },
    ]);
  });

  it("share the builder that does not depend on them", () => {
    const files = {
      "alpine/Dockerfile.build": undefined,
      "debian/Dockerfile.build": undefined,
      "Dockerfile.build": BUILDER,
    };
    const script = PAIR.replace("$OS/Dockerfile.build", "Dockerfile.build");
    expect(changed(run({ ...files, "build.sh": script }))).toEqual({
      "build.sh": "docker build -f $OS/Dockerfile -t app:$OS .\n",
      "Dockerfile.build": undefined,
      "alpine/Dockerfile": joined("alpine:3.19"),
      "debian/Dockerfile": joined("debian:12"),
    });
  });

  it("leave a builder alone whose image is pushed too", () => {
    const files = {
      "alpine/Dockerfile.build": undefined,
      "debian/Dockerfile.build": undefined,
      "Dockerfile.build": BUILDER,
    };
    const script = `${PAIR.replace("$OS/Dockerfile.build", "Dockerfile.build")}docker push b\n`;
    expect(changed(run({ ...files, "build.sh": script }))).toEqual({
      "build.sh":
        "docker build -f Dockerfile.build -t b .\ndocker build -f $OS/Dockerfile -t app:$OS .\ndocker push b\n",
      "alpine/Dockerfile": joined("alpine:3.19"),
      "debian/Dockerfile": joined("debian:12"),
    });
  });

  it("do not count where a file is missing; what they choose there stays", () => {
    const migration = run({ "build.sh": PAIR, "debian/Dockerfile": undefined });
    expect(Object.keys(changed(migration)).sort()).toEqual([
      "alpine/Dockerfile",
      "alpine/Dockerfile.build",
      "build.sh",
    ]);
    expect(said(migration)).toEqual([
      'variable-assumed: "$OS" is taken to be "alpine", the only value that the checkout has the Dockerfiles for',
    ]);
  });
});

it("joins the files of one value alone where that is the answer, and says what no longer works", () => {
  const migration = run({ "build.sh": PAIR }, { "*": { "variable:OS": "debian" } });
  expect(Object.keys(changed(migration)).sort()).toEqual(["build.sh", "debian/Dockerfile", "debian/Dockerfile.build"]);
  expect(said(migration)).toEqual([
    'variable-values-left: the commands serve "$OS" as "debian" alone from now on, and no longer as alpine',
    'artifact-used-elsewhere: "alpine/Dockerfile" uses "app", which the script no longer leaves on the host',
  ]);
});

it("does not mind goals that build other files by the variable and take nothing out", () => {
  const recipe = PAIR.replaceAll("$OS", "$(OS)").replace(/^/gm, "\t").trimEnd();
  const makefile = `image:\n${recipe}\nlint:\n\tdocker build -f $(OS)/lint/$(TOOL)/Dockerfile -t lint .\n`;
  const migration = run({ Makefile: makefile });
  expect(said(migration)).toEqual([]);
  expect(changed(migration).Makefile).toBe(
    "image:\n\tdocker build -f $(OS)/Dockerfile -t app:$(OS) .\nlint:\n\tdocker build -f $(OS)/lint/$(TOOL)/Dockerfile -t lint .\n",
  );
});

describe("refuses", () => {
  const unknown = (name: string): string =>
    `dockerfile-name-unknown: only a real run knows which Dockerfile "${name}" is`;

  it.each<readonly [string, Files, string]>([
    [
      "a builder that is chosen for one final file",
      { "build.sh": PAIR.replace("$OS/Dockerfile -t", "Dockerfile -t"), Dockerfile: `FROM alpine:3.19\n${FINAL}` },
      'variants-disagree: "Dockerfile" would have to hold other stages for each value of a variable that only a real run knows',
    ],
    [
      "a variable that says where the tree is",
      {
        "build.sh": `docker build -f alpine/Dockerfile.build -t b .\n${TAKE}docker build -f $ROOT/Dockerfile -t app .\n`,
      },
      unknown("$ROOT/Dockerfile"),
    ],
    [
      "a variable that may be any file",
      { "build.sh": `docker build -f alpine/Dockerfile.build -t b .\n${TAKE}docker build -f "$FILE" -t app .\n` },
      unknown("$FILE"),
    ],
    [
      "a value that no file has",
      { "build.sh": PAIR.replaceAll("$OS/", "images/$OS/") },
      unknown("images/$OS/Dockerfile.build"),
    ],
    [
      "more values than anyone has in mind",
      {
        "build.sh": PAIR,
        ...Object.fromEntries(
          Array.from({ length: 25 }, (_, at) => [
            [`os${at}/Dockerfile.build`, BUILDER],
            [`os${at}/Dockerfile`, `FROM alpine:3.19\n${FINAL}`],
          ]).flat(),
        ),
      },
      unknown("$OS/Dockerfile.build"),
    ],
  ])("%s", (_, files, message) => {
    const migration = run(files);
    expect(migration.changes).toEqual([]);
    expect(said(migration)[0]).toBe(message);
  });
});
