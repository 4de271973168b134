/**
 * Compilers and package managers that a script runs on the host itself.
 *
 *     cd controller && go build .        may make files in "controller"
 *
 * What exactly they make is not known here.
 */
import { posix } from "node:path";
import type { Visit } from "./trace.ts";

/** Programs that make files beside their sources: what is missing in their directory may be their work. */
const COMPILES =
  /^(?:go|godep|gb|cargo|make|mvnw?|gradlew?|ant|npm|npx|yarn|pnpm|gcc|g\+\+|cc|clang|dotnet|javac|stack|cabal|swift|zig|nim)$/;

/** Whether a program makes files beside its sources, and touches no others unless it is told to. */
export function isCompiler(program: string): boolean {
  return COMPILES.test(posix.basename(program)) && program !== "make";
}

/** Whether a command may have made what is in a directory, by where it ran. */
export function compilesIn({ effects, cwd }: Visit, directory: string): boolean {
  const compiles = effects.some((effect) => effect.kind === "foreign" && COMPILES.test(effect.name));
  return compiles && cwd.before === directory;
}
