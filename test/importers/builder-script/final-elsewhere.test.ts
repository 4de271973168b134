/** Dockerfiles that are built around what a script takes out, by hand. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Answers } from "../../../src/model/decision.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

function run(tree: Readonly<Record<string, string>>, answers: Answers = {}): Migration {
  const found = migrate(memoryProject(tree), { answers }).migrations.find((one) => one.kind === "builder-script");
  if (found === undefined) throw new Error("no setup was found");
  return found;
}

function changed(migration: Migration): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(migration.changes.map((change) => [change.path, change.after]));
}

/** What comes out of stages. */
function arrivals({ flows }: Migration): readonly (readonly [string, string])[] {
  return flows.flatMap(({ from, to }) => (from.kind === "stage" ? [[from.path, to.path] as const] : []));
}

const SCRIPT =
  "docker build . -t kettle-build -f Dockerfile.build\ndocker create --name x kettle-build\ndocker cp x:/out ./publish\ndocker rm x\n";
const BUILDER =
  "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY . /src\nRUN dotnet publish /src/Kettle.csproj --output /out\n";
const FINAL = 'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["dotnet", "Kettle.dll"]\n';
const TREE = { "build.sh": SCRIPT, "Dockerfile.build": BUILDER, "web/Dockerfile": FINAL, "Kettle.csproj": "" };

describe("a final that no call of the repository builds", () => {
  it("is joined where it starts what only the builder makes", () => {
    const migration = run(TREE);
    expect(migration.verdict).toBe("migrated");
    expect(changed(migration)).toEqual({
      "build.sh": "docker build . -f web/Dockerfile\n",
      "Dockerfile.build": undefined,
      "web/Dockerfile": `${BUILDER.replace("8.0", "8.0 AS builder")}
${FINAL.replace("8.0", "8.0 AS production").replace("COPY . .", "COPY --from=builder /out .")}`,
    });
    expect(migration.decisions.find(({ id }) => id === "final:web/Dockerfile")?.confidence).toBe("guess");
    expect(migration.diagnostics.map(({ message }) => message)).toContain(
      '"web/Dockerfile" is taken to be built around "publish", by a call that is not in the repository',
    );
  });

  it("is joined where it copies a file that no directory of the checkout has", () => {
    const migration = run({
      "build.sh":
        "docker build -t kettle-build -f Dockerfile.build .\ndocker cp $(docker create kettle-build):/out/kettle deploy/kettle\n",
      "Dockerfile.build": "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/kettle .\n",
      "deploy/Dockerfile": 'FROM alpine:3.19\nCOPY kettle /usr/bin/kettle\nCMD ["kettle"]\n',
      "main.go": "",
    });
    expect(changed(migration)["build.sh"]).toBe("docker build -f deploy/Dockerfile .\n");
    expect(arrivals(migration)).toEqual([["/out/kettle", "/usr/bin/kettle"]]);
  });

  it.each([
    ["by the answer", TREE, { "builder-script:build.sh": { "final:web/Dockerfile": "export" } }],
    ["for two that fit", { ...TREE, "worker/Dockerfile": FINAL }, {}],
    ["where the checkout has what it starts", { ...TREE, "lib/Kettle.dll": "" }, {}],
    [
      "where the builder says nothing of what it starts",
      { ...TREE, "web/Dockerfile": FINAL.replace("Kettle", "Teapot") },
      {},
    ],
    ["where the host uses the files", { ...TREE, "build.sh": `${SCRIPT}tar czf publish.tgz publish\n` }, {}],
    ["where another script builds it", { ...TREE, "ship.sh": "docker build -t k -f web/Dockerfile publish\n" }, {}],
  ])("stays alone %s", (_, tree, answers) => {
    const migration = run(tree, answers);
    expect(changed(migration)["web/Dockerfile"]).toBeUndefined();
    expect(arrivals(migration)).toEqual([["/out", "/publish"]]);
  });
});
