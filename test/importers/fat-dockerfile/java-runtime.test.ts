/** A program of Java with a runtime of its own, where the answers ask for it. */
import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const FILES = { "Tide.java": "class Tide { public static void main(String[] a) {} }\n" };
const file = (start = 'CMD ["java", "-Xmx64m", "Tide"]\n', from = "eclipse-temurin:17-jdk", more = ""): string =>
  `FROM ${from}\nWORKDIR /srv\nCOPY . .\n${more}RUN javac Tide.java\n${start}`;
const JLINK = { "java-runtime": "jlink" };

describe("a program of nothing but classes", () => {
  it("runs on the Java of its base image unless the answer says otherwise", () => {
    const seen = migrated({ ...FILES, Dockerfile: file() });
    expect(seen.production).toContain("FROM eclipse-temurin:17-jre AS production\n");
    expect(seen.decisions["java-runtime"]).toBe("image");
  });

  it("gets the modules that its classes name, and what the launcher loads", () => {
    const seen = migrated({ ...FILES, Dockerfile: file() }, JLINK);
    expect(seen.dockerfile).toBe(`FROM eclipse-temurin:17-jdk AS builder
WORKDIR /srv
COPY . .
RUN javac Tide.java

FROM builder AS runtime
RUN jlink --add-modules "$(jdeps --ignore-missing-deps --print-module-deps --multi-release 17 /srv),jdk.crypto.ec" \\
      --strip-java-debug-attributes --no-header-files --no-man-pages --compress=2 --output /opt/java-runtime \\
    && ldd /opt/java-runtime/lib/libjli.so | awk '$1 ~ /^libz\\./ { print $3 }' | xargs -r -I {} cp -L {} /opt/java-runtime/lib/

FROM gcr.io/distroless/cc-debian13 AS production
COPY --from=runtime /opt/java-runtime /opt/java-runtime
ENV JAVA_HOME=/opt/java-runtime
ENV PATH=/opt/java-runtime/bin:$PATH
ENV LANG=C.UTF-8
WORKDIR /srv
COPY --from=builder /srv/*.class /srv/
CMD ["java", "-Xmx64m", "Tide"]
`);
    expect(seen.decisions["runtime-base"]).toBeUndefined();
  });

  it("has a shell where its command is one of a shell", () => {
    expect(migrated({ ...FILES, Dockerfile: file("CMD java Tide\n") }, JLINK).production).toContain(
      "FROM debian:trixie-slim AS production\n",
    );
  });
});

describe("a runtime of its own is not offered", () => {
  it.each([
    [
      "to a jar, which may hold libraries",
      file('CMD ["java", "-jar", "tide.jar"]\n', undefined, ""),
      { "tide.jar": "" },
    ],
    ["beside libraries", file('CMD ["java", "-cp", ".:lib/*", "Tide"]\n'), {}],
    ["to an agent", file('CMD ["java", "-javaagent:/opt/agent.jar", "Tide"]\n'), {}],
    ["by a kit without jlink", file(undefined, "eclipse-temurin:8-jdk"), {}],
    [
      "where a variable gives Java options",
      file('ENV JAVA_TOOL_OPTIONS=-javaagent:/a.jar\nCMD ["java", "Tide"]\n'),
      {},
    ],
    ["behind a registry of one's own", file(undefined, "registry.example/eclipse-temurin:17-jdk"), {}],
    ["on musl", file(undefined, "eclipse-temurin:17-jdk-alpine"), {}],
    ["where a command sets up the system", file(undefined, undefined, "RUN mkdir -p /var/lib/tide\n"), {}],
    ["where another user runs it", file('USER nobody\nCMD ["java", "Tide"]\n'), {}],
  ])("%s", (_, dockerfile, more) => {
    const seen = migrated({ ...FILES, ...more, Dockerfile: dockerfile }, JLINK);
    expect(seen.decisions["java-runtime"]).toBeUndefined();
    expect(seen.dockerfile).not.toContain("jlink");
  });
});
