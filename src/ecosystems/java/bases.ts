/**
 * Where programs for the Java virtual machine run: a runtime environment (JRE) of the version that built them.
 *
 *     openjdk:8-jdk, openjdk:11-jdk-slim     openjdk:8-jre, openjdk:11-jre-slim
 *     eclipse-temurin:17-jdk-jammy           eclipse-temurin:17-jre-jammy
 *     maven:3.9-eclipse-temurin-17           eclipse-temurin:17-jre
 *     gradle:8-jdk21                         eclipse-temurin:21-jre
 *     openjdk:17-slim                        eclipse-temurin:17-jre, since openjdk has had no JRE since 12
 *
 * Byte code runs on any machine; libraries inside of jars are compiled for one C library, so musl stays musl. Which tags exist is read from
 * the history of the library files of https://github.com/docker-library/official-images up to commit 37079fb336f5 (2026-08-21): every
 * `-jdk` tag of eclipse-temurin has a `-jre` one, but for 16 and the first days of 17 and 18.
 */
import { describeBase, isOfficialPrefix } from "../base-images.ts";
import type { BaseRequest, RuntimeBase } from "../ecosystem.ts";

/** Versions for which there is `eclipse-temurin:V-jre`, and `V-jre-alpine`. */
const TEMURIN = new Set(["8", "11", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26"]);
/** Versions for which there is `openjdk:V-jre` and `V-jre-slim`. */
const OPENJDK = new Set(["8", "9", "10", "11"]);

export function javaBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const starts = request.needs.filter((need) => need.kind === "executable" && /(?:^|\/)java$/.test(need.name));
  const { base } = request.image;
  if (base.toolchain !== "java" || starts.length === 0) return undefined;
  if (base.digest !== undefined || request.needs.some((need) => need.kind === "everything")) return [];
  // A path of its own is that of one vendor's image.
  if (starts.some((need) => need.kind === "executable" && need.name.includes("/") && !/^\/usr\/bin\//.test(need.name)))
    return [];
  const reference = runtimeReference(request);
  if (reference === undefined) return [];
  const consequence = "A Java runtime of the same version, without the compiler, the build tool and their caches.";
  return [{ rung: "slim", reference, consequence, base: describeBase(reference), packages: [] }];
}

function runtimeReference(request: BaseRequest): string | undefined {
  const { base } = request.image;
  if (base.repository === "eclipse-temurin") return temurinSibling(request.reference);
  const { version = "" } = base;
  const alpine = base.variant === "alpine";
  if (base.repository === "openjdk" && OPENJDK.has(version)) return openjdkSibling(request.reference, version);
  // What packages are called differs from one distribution to the other.
  const tied = request.packages.length > 0 && base.packageManager !== (alpine ? "apk" : "apt");
  if (!isOfficialPrefix(base.prefix) || tied) return undefined;
  if (alpine) return TEMURIN.has(version) ? `eclipse-temurin:${version}-jre-alpine` : undefined;
  if (TEMURIN.has(version)) return `eclipse-temurin:${version}-jre`;
  return OPENJDK.has(version) ? `openjdk:${version}-jre-slim` : undefined;
}

/** `17-jdk-jammy` → `17-jre-jammy`, `17` → `17-jre`, `17-alpine` → `17-jre-alpine`. */
function temurinSibling(reference: string): string | undefined {
  const [, name, tag = ""] = /^(.*\/?eclipse-temurin):(.+)$/.exec(reference) ?? [];
  if (name === undefined || /jre|windows|nanoserver|^16|^1[78]_/.test(tag)) return undefined;
  if (/(?:^|-)jdk(?:-|$)/.test(tag)) return `${name}:${tag.replace(/(^|-)jdk(-|$)/, "$1jre$2")}`;
  const [, version, rest = ""] = /^([\w.]+|\$\{?\w+\}?)(-.*)?$/.exec(tag) ?? [];
  return version === undefined || version.startsWith("$") || !/^\d/.test(version)
    ? undefined
    : `${name}:${version}-jre${rest}`;
}

/** `8-jdk-alpine` → `8-jre-alpine`, `11` → `11-jre`, `11-slim-buster` → `11-jre-slim-buster`; a full version keeps only its major. */
function openjdkSibling(reference: string, version: string): string | undefined {
  const [, name, tag = ""] = /^(.*\/?openjdk):(.+)$/.exec(reference) ?? [];
  if (name === undefined || /jre|windows|nanoserver|oracle|\$/.test(tag)) return undefined;
  if (/alpine/.test(tag)) return version === "8" ? `${name}:8-jre-alpine` : undefined;
  const slim = /(?:^|-)slim/.test(tag) ? "-slim" : "";
  const release = /-(stretch|buster|bullseye)$/.exec(tag)?.[1];
  const exists = release !== undefined && (version === "8" || version === "11");
  return `${name}:${version}-jre${slim}${exists ? `-${release}` : ""}`;
}
