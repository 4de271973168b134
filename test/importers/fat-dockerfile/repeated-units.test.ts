import { describe, expect, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";

const build = "COPY . /src\nWORKDIR /src\nRUN CGO_ENABLED=0 go build -o /app .\n";
const go = (before: string, after = ""): Record<string, string> =>
  goProject(`FROM golang:1.22\n${before}${build}${after}CMD ["/app"]\n`);

describe("commands that the runtime stage repeats", () => {
  it("repeats all before a command of unknown effect, headers and downloads included", () => {
    const setup =
      "RUN apt-get update && apt-get install -y libfoo-dev gcc && \\\n    curl -fsSLo /tmp/x.dat https://example.com/x.dat && \\\n    configure-system /tmp/x.dat && \\\n    rm /tmp/x.dat\n";
    const seen = migrated(go(setup));
    expect(seen.production).toContain(setup);
    expect(seen.production).toContain("FROM golang:1.22 AS production\n");
  });

  it("takes a package out of a file to be of unknown effect", () => {
    const setup = "RUN curl -fsSLO https://example.com/tool.deb && \\\n    apt-get install -y ./tool.deb\n";
    expect(migrated(go(setup)).production).toContain(setup);
  });

  it("fetches an archive again that is unpacked among the system's own files", () => {
    const setup =
      "RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz && \\\n    tar -C /opt -xzf /tmp/a.tgz && \\\n    rm /tmp/a.tgz\n";
    const { production } = migrated(go(setup));
    expect(production).toContain("curl -fsSLo /tmp/a.tgz https://example.com/a.tgz");
    expect(production).toContain("tar -C /opt -xzf /tmp/a.tgz");
  });

  it("installs the tools that a repeated command calls where the new base lacks them", () => {
    const { production } = migrated(go("RUN curl -fsSL https://example.com/a.tgz | tar -C /opt -xz\n"));
    expect(production).toMatch(/apt-get install -y --no-install-recommends (?:ca-certificates )?curl/);
  });

  it("keeps a package whose program a repeated command calls", () => {
    const { production } = migrated(
      goProject(
        'FROM golang:1.22-alpine\nRUN apk add --no-cache curl bash\nRUN curl -fsSL https://example.com/setup.sh | bash\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app .\nCMD ["/app"]\n',
      ),
    );
    expect(production).toContain("RUN apk add --no-cache curl bash\n");
  });

  it("refuses setup of unknown effect behind a build", () => {
    const seen = migrated(go("", "WORKDIR /data\nRUN configure-system --all\n"));
    expect(seen).toMatchObject({ verdict: "refused", codes: expect.arrayContaining(["setup-needs-build"]) });
    expect(seen.dockerfile).toBe("");
  });

  it("does not remove or change files that never come there", () => {
    const { production } = migrated(
      go("RUN curl -fsSLo /tool https://example.com/tool && chmod +x /tool\n", "RUN /tool /app && rm /tool\n"),
    );
    expect(production).not.toContain("rm /tool");
  });
});

describe("toolchains that are not read", () => {
  it.each([["sh -c 'bazel build //app'", "Bazel"]])("%s", (command, toolchain) => {
    const seen = migrated(go(`RUN ${command}\n`));
    expect(seen).toMatchObject({ verdict: "refused", summary: expect.stringContaining(`with ${toolchain},`) });
  });

  it("sees them inside a script of the project", () => {
    const tree = { ...go("COPY setup.sh /setup.sh\nRUN sh /setup.sh x\n"), "setup.sh": "bazel build //app\n" };
    expect(migrated(tree).codes).toContain("toolchain-unsupported");
  });
});

describe("scripts with arguments", () => {
  it("reads them with what they are given", () => {
    const tree = {
      ...goProject('FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN sh build.sh /srv/server\nCMD ["/srv/server"]\n'),
      "build.sh": '#!/bin/sh\nset -e\nCGO_ENABLED=0 go build -o "$1" .\n',
    };
    expect(migrated(tree).flows).toEqual(["builder:/srv/server -> /srv/server"]);
  });
});

describe("commands that no shell can read", () => {
  it.each(["RUN echo )", 'RUN echo "a', `RUN ${"$(".repeat(300)}x`])("refuses %s", (line) => {
    const seen = migrated(go(`${line}\n`));
    expect(seen.verdict).toBe("refused");
    expect(seen.codes).toContain("shell-syntax");
  });

  it("keeps everything where an entrypoint script cannot be read", () => {
    const tree = {
      ...goProject(
        'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o server .\nENTRYPOINT ["sh", "/src/start.sh"]\n',
      ),
      "start.sh": "#!/bin/sh\nif true; then exec ./server\n",
    };
    expect(migrated(tree).dockerfile).not.toContain("distroless");
  });
});
