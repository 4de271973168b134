/** Programs that are linked statically where nothing tells against it, and where the answers ask for it. */
import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const MAIN = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n';
const MODULE = "module example.com/tide\n\ngo 1.22\n";
const DOCKERFILE = `FROM golang:1.22
WORKDIR /src
COPY . .
RUN go vet ./... && go build -o /srv/tide .
CMD ["/srv/tide"]
`;

function go(dockerfile: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { Dockerfile: dockerfile, "go.mod": MODULE, "go.sum": "", "main.go": MAIN, ...more };
}

describe("a Go program of the standard library alone", () => {
  it("is built without cgo, by itself in its chain", () => {
    const seen = migrated(go(DOCKERFILE));
    expect(seen.dockerfile).toContain("RUN CGO_ENABLED=0 go build -o /srv/tide .\n");
    expect(seen.dockerfile).toContain("FROM gcr.io/distroless/static-debian12 AS production\n");
    expect(seen.decisions.linkage).toBe("static");
  });

  it("keeps its line where the answer says so", () => {
    const seen = migrated(go(DOCKERFILE), { linkage: "as-built" });
    expect(seen.dockerfile).not.toContain("CGO_ENABLED");
    expect(seen.dockerfile).toContain("FROM gcr.io/distroless/base-debian12 AS production\n");
  });

  it("and its vendored modules, where none has a part in C", () => {
    const module = `${MODULE}\nrequire example.com/ebb v1.0.0\n`;
    const pure = { "go.mod": module, "vendor/example.com/ebb/ebb.go": "package ebb\n" };
    const mixed = { ...pure, "vendor/example.com/ebb/c.go": 'package ebb\n\nimport "C"\n' };
    expect(migrated(go(DOCKERFILE, pure)).decisions.linkage).toBe("static");
    expect(migrated(go(DOCKERFILE, mixed)).decisions.linkage).toBe("as-built");
    const fetched = DOCKERFILE.replace("go build", "go build -mod=mod");
    expect(migrated(go(fetched, pure)).decisions.linkage).toBe("as-built");
  });
});

describe("what may need C", () => {
  it.each([
    ["modules that are not read", DOCKERFILE, { "go.mod": `${MODULE}\nrequire example.com/ebb v1.0.0\n` }],
    [
      "a compiler that is installed for it",
      DOCKERFILE.replace("1.22", "1.22-alpine").replace("WORKDIR", "RUN apk add gcc musl-dev\nWORKDIR"),
      {},
    ],
  ])("stays dynamic unless the answer says otherwise: %s", (_, dockerfile, more) => {
    expect(migrated(go(dockerfile, more)).decisions.linkage).toBe("as-built");
    expect(migrated(go(dockerfile, more), { linkage: "static" }).dockerfile).toContain("CGO_ENABLED=0 go build");
  });

  it.each([
    ["a program that takes the assignment away", DOCKERFILE.replace("go build", "sudo go build"), {}],
    ["a part in C", DOCKERFILE, { "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n' }],
    [
      "a wrapper of a library in C",
      DOCKERFILE,
      { "go.mod": `${MODULE}\nrequire github.com/mattn/go-sqlite3 v1.14.22\n` },
    ],
    [
      "one of several",
      DOCKERFILE,
      { "go.mod": `${MODULE}\nrequire (\n\tgithub.com/confluentinc/confluent-kafka-go/v2 v2.3.0\n)\n` },
    ],
    ["the race detector", DOCKERFILE.replace("go build", "go build -race"), {}],
    ["a plug-in", DOCKERFILE.replace("go build", "go build -buildmode plugin"), {}],
    ["a choice of the user's own", DOCKERFILE.replace("COPY", "ENV CGO_ENABLED=1\nCOPY"), {}],
    [
      "a command inside of another one",
      DOCKERFILE.replace("go build -o /srv/tide .", "if true; then go build -o /srv/tide .; fi"),
      {},
    ],
  ])("is not asked about: %s", (_, dockerfile, more) => {
    const seen = migrated(go(dockerfile, more));
    expect(seen.decisions.linkage).toBeUndefined();
    expect(seen.dockerfile).not.toContain("CGO_ENABLED=0");
  });

  it("is asked about for all programs that ship, or for none", () => {
    const two = DOCKERFILE.replace("-o /srv/tide .", "-o /srv/tide . && go build -race -o /srv/ebb ./ebb").replace(
      'CMD ["/srv/tide"]',
      "CMD /srv/tide && /srv/ebb",
    );
    expect(migrated(go(two, { "ebb/main.go": MAIN })).decisions.linkage).toBeUndefined();
  });
});

describe("a C program", () => {
  const dockerfile = 'FROM gcc:12\nWORKDIR /src\nCOPY . .\nRUN gcc -O2 -o /srv/tide tide.c -lm\nCMD ["/srv/tide"]\n';
  const tree = { Dockerfile: dockerfile, "tide.c": '#include <stdio.h>\nint main(void) { puts("ebb"); }\n' };

  it("is linked as before, or statically where the answer says so", () => {
    expect(migrated(tree).dockerfile).toContain("RUN gcc -O2 -o /srv/tide tide.c -lm\n");
    const seen = migrated(tree, { linkage: "static", "runtime-base": "scratch" });
    expect(seen.dockerfile).toContain("RUN gcc -O2 -o /srv/tide tide.c -lm -static\n");
    expect(seen.production).toContain("FROM scratch AS production\n");
  });

  it.each([
    ["names of hosts", { ...tree, "tide.c": "int main(void) { getaddrinfo(0, 0, 0, 0); }\n" }],
    ["another library", { ...tree, Dockerfile: dockerfile.replace("-lm", "-lssl") }],
    [
      "sources that are not there",
      {
        ...tree,
        "tide.c": undefined as never,
        Dockerfile: dockerfile.replace("COPY . .", "COPY --from=other /src /src"),
      },
    ],
  ])("is not asked about where it needs %s", (_, files) => {
    const present = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
    expect(migrated(present).decisions.linkage).toBeUndefined();
  });
});
