/**
 * Projects of the Java virtual machine by their manifests, and whether their jars hold what they need:
 *
 *     pom.xml with spring-boot-maven-plugin     a jar that runs by itself
 *     pom.xml with maven-jar-plugin             a jar beside the jars that it names
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";

const SKIPPED = /^(?:src|node_modules|target|build|\..*)$/;

/** Directories below one that hold a manifest. */
export function projectsBelow(directory: ImagePath, manifest: RegExp, image: ImageView): readonly ImagePath[] {
  const found = filesBelow([directory], image, manifest, SKIPPED).map((path) => imagePath("..", path));
  return [...new Set(found)].filter((path) => path !== directory).sort();
}

/** Plug-ins that put the libraries into the jar. Each name's documentation says so. */
const BUNDLERS =
  /spring-boot-(?:maven|gradle)-plugin|org\.springframework\.boot|maven-shade-plugin|jar-with-dependencies|onejar|com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow|sbt-assembly|uberjar|ktor\s*\{|io\.ktor\.plugin|quarkus\.package\.(?:jar\.)?type\s*[=>]\s*uber-jar/;
/** Names that such plug-ins give. */
const BUNDLED =
  /(?:-all|-uber|-fat|-shaded|-standalone|-runner|-exec|jar-with-dependencies|-assembly-[\w.]+|-onejar)\.jar$/;

/** Whether a jar holds its libraries, as far as its name and the manifests above it tell. */
export function holdsLibraries(jar: ImagePath, image: ImageView): boolean {
  if (BUNDLED.test(jar)) return true;
  for (let at = imagePath("..", jar); at !== "/"; at = imagePath("..", at))
    for (const name of [
      "pom.xml",
      "build.gradle",
      "build.gradle.kts",
      "build.sbt",
      "project/plugins.sbt",
      "project.clj",
    ]) {
      const text = image.read(imagePath(name, at));
      if (text !== undefined && BUNDLERS.test(text)) return true;
    }
  return false;
}
