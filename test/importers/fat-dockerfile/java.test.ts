import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

const POM = "<project><artifactId>shop</artifactId></project>\n";
const BOOT = "<project><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></project>\n";
const MAIN: Tree = { "src/main/java/Main.java": "class Main {}\n" };

function seen(dockerfile: string, more: Tree = {}) {
  const result = migrated({ Dockerfile: dockerfile, ...MAIN, ...more });
  return { ...result, base: /^FROM (\S+)/.exec(result.production)?.[1] };
}

const fat = (base: string, build: string, start: string): string =>
  `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN ${build}\n${start}\n`;
const moves = (...paths: readonly string[]): readonly string[] => paths.map((path) => `builder:${path} -> ${path}`);

describe("what moves", () => {
  it.each<[string, string, string, Tree, readonly string[]]>([
    [
      "the jar that holds its libraries",
      "mvn -B package",
      'CMD ["java", "-jar", "target/shop.jar"]',
      { "pom.xml": BOOT },
      moves("/app/target/shop.jar"),
    ],
    [
      "the directory of a jar that may name others",
      "mvn package",
      'CMD ["java", "-jar", "target/shop.jar"]',
      { "pom.xml": POM },
      moves("/app/target"),
    ],
    [
      "a jar by a pattern",
      "mvn package",
      "CMD java -jar target/shop-*.jar",
      { "pom.xml": BOOT },
      ["builder:/app/target/shop-*.jar -> /app/target"],
    ],
    [
      "a module's jar",
      "mvn -pl web -am package",
      'CMD ["java", "-jar", "web/target/web.jar"]',
      { "pom.xml": BOOT, "web/pom.xml": BOOT },
      moves("/app/web/target/web.jar"),
    ],
    [
      "a jar that was copied",
      "gradle build; cp build/libs/shop-1.jar app.jar",
      'CMD ["java", "-jar", "app.jar"]',
      { "build.gradle": "" },
      moves("/app/app.jar"),
    ],
    [
      "Gradle's shadow jar",
      "./gradlew shadowJar",
      'CMD ["java", "-jar", "build/libs/shop-all.jar"]',
      { "build.gradle": "", gradlew: "#!/bin/sh\n" },
      moves("/app/build/libs/shop-all.jar"),
    ],
    [
      "an installed distribution",
      "gradle installDist",
      'CMD ["build/install/shop/bin/shop"]',
      { "build.gradle": "" },
      moves("/app/build/install/shop"),
    ],
    [
      "classes and copied libraries",
      "mvn compile dependency:copy-dependencies",
      'CMD ["java", "-cp", "target/classes:target/dependency/*", "Main"]',
      { "pom.xml": POM },
      moves("/app/target/classes", "/app/target/dependency"),
    ],
    [
      "classes beside their sources",
      "javac Main.java",
      'CMD ["java", "Main"]',
      { "Main.java": "class Main {}\n" },
      ["builder:/app/*.class -> /app"],
    ],
    [
      "a directory of classes",
      "javac -d out src/main/java/*.java",
      'CMD ["java", "-cp", "out", "Main"]',
      {},
      moves("/app/out"),
    ],
    [
      "sbt's assembly",
      "sbt assembly",
      'CMD ["java", "-jar", "target/scala-2.13/shop-assembly-1.0.jar"]',
      { "build.sbt": "" },
      moves("/app/target/scala-2.13/shop-assembly-1.0.jar"),
    ],
    [
      "Leiningen's uberjar",
      "lein uberjar",
      'CMD ["java", "-jar", "target/shop-standalone.jar"]',
      { "project.clj": "" },
      moves("/app/target/shop-standalone.jar"),
    ],
  ])("%s", (_, build, start, more, flows) => {
    const result = seen(fat("maven:3-eclipse-temurin-17", build, start), more);
    expect(result.flows).toEqual(flows);
    expect(result.base).toBe("eclipse-temurin:17-jre");
  });

  it("takes what an Ant build was copied into, and what moved on from there", () => {
    const build =
      "ant jar && mkdir -p /opt/shop /opt/data && cp -a dist/. /opt/shop/ && mv /opt/shop/addons /opt/data/";
    const result = seen(
      `FROM openjdk:8-jdk\nWORKDIR /app\nCOPY . .\nRUN ${build}\nWORKDIR /opt/shop\nCMD ["java", "-jar", "shop.jar"]\n`,
    );
    expect(result.flows).toEqual(moves("/opt/shop", "/opt/data/addons"));
  });

  it("keeps the settings that Spring Boot and the sources read beside the program", () => {
    const more = {
      "pom.xml": BOOT,
      "application.yml": "",
      "data/words.txt": "",
      "src/main/java/Main.java": 'new File("data/words.txt")\n',
    };
    const { production } = seen(
      fat("maven:3-eclipse-temurin-17", "mvn package", 'CMD ["java", "-jar", "target/shop.jar"]'),
      more,
    );
    expect(production).toContain("application.yml");
    expect(production).toContain("data/words.txt");
    expect(production).not.toContain("COPY . .");
  });
});

describe("which runtime it gets", () => {
  it.each([
    ["openjdk:8-jdk", "openjdk:8-jre"],
    ["openjdk:8-jdk-alpine", "openjdk:8-jre-alpine"],
    ["openjdk:11-jdk-slim-buster", "openjdk:11-jre-slim-buster"],
    ["openjdk:17-jdk-slim", "eclipse-temurin:17-jre"],
    ["openjdk:14", "openjdk:14"],
    ["eclipse-temurin:21-jdk-jammy", "eclipse-temurin:21-jre-jammy"],
    ["eclipse-temurin:17", "eclipse-temurin:17-jre"],
    ["eclipse-temurin:17.0.9_9-jdk-alpine", "eclipse-temurin:17.0.9_9-jre-alpine"],
    ["maven:3.8-openjdk-11", "eclipse-temurin:11-jre"],
    ["maven:3.9-eclipse-temurin-21-alpine", "eclipse-temurin:21-jre-alpine"],
    ["maven:3", "maven:3"],
    ["gradle:8-jdk17", "eclipse-temurin:17-jre"],
    ["gradle:jdk10", "openjdk:10-jre-slim"],
    ["registry.example/maven:3-eclipse-temurin-17", "registry.example/maven:3-eclipse-temurin-17"],
    ["eclipse-temurin:17@sha256:01", "eclipse-temurin:17@sha256:01"],
  ])("%s: %s", (base, wanted) => {
    expect(seen(fat(base, "mvn package", 'CMD ["java", "-jar", "target/shop.jar"]'), { "pom.xml": BOOT }).base).toBe(
      wanted,
    );
  });

  it("is the old image where a tool of the development kit is started", () => {
    const more = { "pom.xml": BOOT, "run.sh": "#!/bin/sh\njcmd 1 VM.flags\nexec java -jar target/shop.jar\n" };
    expect(seen(fat("eclipse-temurin:17-jdk", "mvn package", 'CMD ["./run.sh"]'), more).base).toBe(
      "eclipse-temurin:17-jdk",
    );
  });

  it("is a package of the distribution in place of the development kit's", () => {
    const dockerfile = fat(
      "debian:bookworm",
      "apt-get update && apt-get install -y openjdk-17-jdk-headless maven && mvn package",
      'CMD ["java", "-jar", "target/shop.jar"]',
    );
    const { production } = seen(dockerfile, { "pom.xml": BOOT });
    expect(production).toContain("apt-get install -y openjdk-17-jre-headless\n");
  });
});

it.each([
  ["no-benefit", "mvn package", "CMD mvn spring-boot:run"],
  ["no-benefit", "gradle build", "CMD gradle run"],
])("answers %s where a build tool runs the sources", (verdict, build, start) => {
  expect(seen(fat("maven:3-eclipse-temurin-17", build, start), { "pom.xml": BOOT }).verdict).toBe(verdict);
});

it("refuses a base whose ONBUILD builds", () => {
  expect(seen('FROM maven:3-jdk-8-onbuild\nCMD ["java", "-jar", "target/shop.jar"]\n').codes).toContain(
    "onbuild-unread",
  );
});

describe("application servers", () => {
  const server = (base: string, deploy: string, more = ""): ReturnType<typeof migrated> =>
    migrated({
      Dockerfile: `FROM ${base}\nUSER root\nCOPY . /src\nRUN cd /src && mvn -q package && cp target/shop.war ${deploy}\n${more}`,
      "pom.xml": POM,
      ...MAIN,
    });

  it.each([
    ["tomcat:9-jdk11", "$CATALINA_HOME/webapps/ROOT.war", "/usr/local/tomcat/webapps"],
    ["tomee:8-jre11-microprofile", "/usr/local/tomee/webapps/", "/usr/local/tomee/webapps"],
    ["jetty:10-jdk17", "$JETTY_BASE/webapps/ROOT.war", "/var/lib/jetty/webapps"],
    [
      "quay.io/wildfly/wildfly:26.1.3.Final-jdk11",
      "$JBOSS_HOME/standalone/deployments/",
      "/opt/jboss/wildfly/standalone/deployments",
    ],
    ["payara/server-full:5.2022.5", "$DEPLOY_DIR", "/opt/payara/deployments"],
  ])("%s starts by itself, and deploys what the build put there", (base, deploy, path) => {
    const { flows, production } = server(base, deploy);
    expect(flows).toEqual(moves(path));
    expect(production).toMatch(new RegExp(`^FROM ${base} `));
  });

  it("refuses a directory that only the base image can name", () => {
    const start = 'CMD ["/opt/own/run.sh"]\n';
    expect(server("registry.example/own-server:1", "$OWN_HOME/apps/", start)).toMatchObject({
      verdict: "refused",
      codes: ["destination-unknown"],
    });
  });
});

it.each<[string, string, string, readonly string[]]>([
  [
    "the archive that a runner is given",
    "curl -o /runner.jar https://example.com/runner.jar && mvn package",
    'CMD ["java", "-jar", "/runner.jar", "target/shop.war"]',
    moves("/app/target/shop.war", "/runner.jar"),
  ],
  [
    "a distribution out of an archive",
    "gradle distTar && tar -xf build/distributions/shop.tar -C /opt",
    'CMD ["/opt/shop/bin/shop"]',
    moves("/opt/shop"),
  ],
  [
    "directories copied out of an unpacked jar, each to its own place",
    "mvn package && mkdir x && cd x && jar -xf ../target/shop.jar && cp -r x/BOOT-INF/lib /run/lib && cp -r x/BOOT-INF/classes /run/classes",
    'CMD ["java", "-cp", "/run/classes:/run/lib/*", "Main"]',
    moves("/run/classes", "/run/lib"),
  ],
])("moves %s", (_, build, start, flows) => {
  const { flows: found, production } = seen(fat("maven:3-eclipse-temurin-17", build, start), { "pom.xml": POM });
  expect([...found].sort()).toEqual([...flows].sort());
  expect(production.match(/^COPY --from=builder (?:--\S+ )*\S+ \S+$/gm)).toHaveLength(flows.length);
});
