/**
 * Images with a Java development kit or runtime, by repository and tag:
 *
 *     maven:3.9-eclipse-temurin-17       version "17", glibc, apt
 *     gradle:7-jdk11-alpine              version "11", musl, apk
 *     openjdk:17                         version "17", glibc, no apt: Oracle Linux
 *
 * `version` is that of Java. Sources: https://github.com/docker-library/openjdk, https://github.com/adoptium/containers,
 * https://github.com/carlossg/docker-maven, https://github.com/keeganwitt/docker-gradle, https://github.com/corretto/corretto-docker,
 * https://github.com/docker-library/tomcat.
 */
/** What the name and the tag say of such an image, in the terms of base-images.ts. */
export interface JavaImage {
  /** Its user, working directory and variables differ from version to version. */
  readonly known: false;
  readonly floating: boolean;
  readonly toolchain: "java" | "java-server";
  readonly version?: string;
  readonly variant: "full" | "slim" | "alpine";
  readonly libc: "glibc" | "musl";
  readonly shell: true;
  readonly packageManager?: "apt" | "apk";
  readonly executables: readonly string[];
}

interface Parts {
  readonly repository: string;
  readonly tag?: string;
}

/** Programs of a development kit that a runtime has not (https://docs.oracle.com/en/java/javase/17/docs/specs/man/index.html). */
export const KIT_TOOLS = [
  "javac",
  "jar",
  "jcmd",
  "jstack",
  "jmap",
  "jps",
  "jshell",
  "jlink",
  "jdeps",
  "javadoc",
  "jstat",
];
/** Of https://github.com/adoptium/containers, Dockerfiles for Ubuntu. */
const COMMON = ["java", "keytool", "bash", "perl", "curl", "wget", "gpg"];

const VERSIONS: Readonly<Record<string, RegExp>> = {
  openjdk: /^(\d+)/,
  java: /^(?:openjdk-)?(\d+)/,
  "eclipse-temurin": /^(\d+)/,
  amazoncorretto: /^(\d+)/,
  sapmachine: /^(\d+)/,
  maven: /(?:jdk|openjdk|temurin|corretto|sapmachine|zulu|semeru|adoptopenjdk)-(\d+)/,
  gradle: /jdk-?(\d+)/,
  jetty: /(?:jdk|jre)(\d+)/,
  tomcat: /(?:jdk|jre)(\d+)/,
  tomee: /(?:jdk|jre)(\d+)|^(\d+)-jdk|^(\d+)-jre/,
};
const SERVERS = /^(?:jetty|tomcat|tomee)$/;

const BUILDERS: Readonly<Record<string, readonly string[]>> = { maven: ["mvn"], gradle: ["gradle"] };

/** What the image is beside its distribution; `undefined` where it is none with Java. */
export function describeJava({ repository, tag = "latest" }: Parts): JavaImage | undefined {
  const pattern = Object.hasOwn(VERSIONS, repository) ? VERSIONS[repository] : undefined;
  if (pattern === undefined) return undefined;
  const version = pattern
    .exec(tag)
    ?.slice(1)
    .find((one) => one !== undefined);
  const alpine = /alpine/.test(tag);
  const runtime = /jre|headless/.test(tag);
  const apt = !alpine && isDebian(repository, tag, version);
  return {
    known: false,
    floating: version === undefined,
    toolchain: SERVERS.test(repository) ? "java-server" : "java",
    ...(version === undefined ? {} : { version }),
    variant: alpine ? "alpine" : /slim/.test(tag) ? "slim" : "full",
    libc: alpine ? "musl" : "glibc",
    shell: true,
    ...(alpine ? { packageManager: "apk" } : apt ? { packageManager: "apt" } : {}),
    executables: alpine
      ? ["java", "keytool", "wget", "nc", ...(runtime ? [] : KIT_TOOLS), ...(BUILDERS[repository] ?? [])]
      : [
          ...(/slim/.test(tag) ? COMMON.filter((name) => !/^(?:curl|wget|gpg)$/.test(name)) : COMMON),
          ...(runtime ? [] : KIT_TOOLS),
          ...(repository === "openjdk" && !runtime && !/slim/.test(tag) ? ["git", "unzip"] : []),
          ...(BUILDERS[repository] ?? []),
          ...(/^tom/.test(repository) ? ["catalina.sh"] : []),
        ],
  };
}

/** Oracle Linux, Amazon Linux and Red Hat's images have another package manager. */
function isDebian(repository: string, tag: string, version: string | undefined): boolean {
  if (/oracle|ubi|al2|centos|amazonlinux/.test(tag)) return false;
  if (repository === "amazoncorretto") return false;
  if ((repository === "maven" || repository === "gradle") && /corretto/.test(tag)) return /debian/.test(tag);
  if (repository !== "openjdk" && repository !== "maven") return true;
  const old = version !== undefined && Number(version) < 12;
  return old || /slim|buster|bullseye|bookworm|temurin|sapmachine|zulu|adoptopenjdk/.test(tag);
}
