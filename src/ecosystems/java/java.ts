/**
 * The Java virtual machine: Java, Kotlin, Scala and Clojure by Maven, Gradle, sbt, Leiningen, Ant and javac.
 *
 *     RUN mvn -B package                      the output directory target/
 *     CMD ["java", "-jar", "target/shop.jar"]     needs the jar, and a JRE of the same version
 *
 * Left alone: Bazel, Mill, native images of GraalVM.
 */
import type { Ecosystem } from "../ecosystem.ts";
import { javaBases } from "./bases.ts";
import { readJavaCommand } from "./commands.ts";
import { javaNeeds } from "./runtime.ts";

export const java: Ecosystem = {
  name: "java",
  interpret: readJavaCommand,
  needs: javaNeeds,
  runtimeBases: javaBases,
};
