/**
 * GraalVM's compiler of programs for the Java virtual machine:
 *
 *     native-image -cp out Main tides          tides in the working directory
 *     native-image -jar app.jar -o /bin/app    /bin/app
 *     gu install native-image                  a tool of the build
 *
 * Sources: https://www.graalvm.org/latest/reference-manual/native-image/overview/Options/,
 * https://www.graalvm.org/22.3/reference-manual/graalvm-updater/.
 */
import { baseName, imagePath } from "../../text/paths.ts";
import type { Effect, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";

const VALUED = ["-cp", "-classpath", "--class-path", "-jar", "-o", "-p", "--module-path", "-m", "--module"];

export function readNativeImage(command: ResolvedCommand): readonly Effect[] | undefined {
  if (command.name === "gu") return [{ kind: "tools", names: ["native-image"], paths: [] }];
  if (command.name !== "native-image") return undefined;
  const { argv, because, workdir } = command;
  const { values, operands } = readOperands(argv, VALUED);
  const named = (pattern: RegExp): string | undefined =>
    argv.map(({ text }) => pattern.exec(text)?.[1]).find((one) => one !== undefined);
  const jar = values.get("-jar");
  const [main, second] = operands;
  const written = values.get("-o")?.text ?? (jar === undefined ? second?.text : main?.text) ?? named(/^-H:Name=(.+)$/);
  const name = written ?? (jar === undefined ? main?.text.toLowerCase() : baseName(jar.text).replace(/\.jar$/, ""));
  if (name === undefined) return [{ kind: "nothing" }];
  if (argv.some((field) => !field.known)) return [{ kind: "unknown", why: "the name of the program is not known" }];
  const path = imagePath(name, imagePath(named(/^-H:Path=(.+)$/) ?? ".", workdir));
  const isStatic = argv.some(({ text }) => /^(?:--static|-H:\+StaticExecutable)$/.test(text));
  const linkage = { kind: isStatic ? "static" : "unknown" } as const;
  const frame = { form: "file", ecosystem: "native", confidence: "likely", because } as const;
  return [{ kind: "artifact", artifact: { ...frame, path, linkage, source: workdir } }];
}
