/** Secrets that come as build arguments, and mounts in their place where the answers ask for them. */
import { describe, expect, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";

const file = (argument = "ARG GIT_TOKEN\n", build = "go build -o /srv/tide ."): string =>
  `FROM golang:1.22\nWORKDIR /src\nCOPY . .\n${argument}RUN --network=host ${build}\nCMD ["/srv/tide"]\n`;
const MOUNT = { "secret:GIT_TOKEN": "mount" };

describe("a secret as a build argument", () => {
  it("stays one unless the answer says otherwise, and is told", () => {
    const seen = migrated(goProject(file()));
    expect(seen.dockerfile).toContain("ARG GIT_TOKEN\n");
    expect(seen.decisions["secret:GIT_TOKEN"]).toBe("argument");
  });

  it("is mounted while the commands below it run", () => {
    const seen = migrated(goProject(file()), MOUNT);
    expect(seen.dockerfile).not.toContain("ARG GIT_TOKEN");
    expect(seen.dockerfile).toContain(
      'RUN --network=host --mount=type=secret,id=GIT_TOKEN \\\n    export GIT_TOKEN="$(cat /run/secrets/GIT_TOKEN)" && go build -o /srv/tide .\n',
    );
  });

  it("reaches the tests, too, which have a stage of their own", () => {
    const seen = migrated(
      goProject(file(undefined, "go build -o /srv/tide . && GIT_TOKEN=$GIT_TOKEN go test ./...")),
      MOUNT,
    );
    const [, tester = ""] = seen.dockerfile.split("AS tester");
    expect(tester).toContain("--mount=type=secret,id=GIT_TOKEN");
    expect(tester).not.toContain("ARG GIT_TOKEN");
  });
});

describe("no mount is offered", () => {
  it.each([
    ["for a value that stands in the file", file("ARG GIT_TOKEN=abc\n"), {}],
    ["for what the image keeps as a variable", file("ARG GIT_TOKEN\nENV TOKEN=$GIT_TOKEN\n"), {}],
    ["where a script without an ending does", file(), { ship: "#!/bin/sh\ndocker build --build-arg GIT_TOKEN .\n" }],
    ["where a caller hands it over", file(), { "ship.sh": "docker build --build-arg GIT_TOKEN .\n" }],
    [
      "where a command has no shell",
      `${file()}`.replace("RUN --network=host go build -o /srv/tide .", 'RUN go build -o /srv/tide .\nRUN ["true"]'),
      {},
    ],
    ["for names that hold no secret", file("ARG GIT_TOKEN_FILE\n"), {}],
  ])("%s", (_, dockerfile, more) => {
    const seen = migrated({ ...goProject(dockerfile), ...more }, MOUNT);
    expect(Object.keys(seen.decisions).filter((id) => id.startsWith("secret:"))).toEqual([]);
    expect(seen.dockerfile).not.toContain("--mount");
  });
});
