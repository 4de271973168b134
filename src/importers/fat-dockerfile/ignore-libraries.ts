/**
 * Keeps libraries of the developer's machine out of the image, where a COPY of the whole context would lay them over those that
 * the dependencies stage installed:
 *
 *     COPY --from=dependencies /app/node_modules /app/node_modules
 *     COPY . .                            .dockerignore gets the line "node_modules"
 *
 * A clean checkout has none of them, so nothing changes there. What else an ignore file says stays as it is.
 */
import { type IgnoreRules, ignoreRules } from "../../dockerfile/dockerignore.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { PlannedFile, Stage } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { lineEnd } from "../../text/edits.ts";
import {
  baseName,
  type ContextPath,
  contextPath,
  type HostPath,
  hostToContext,
  type ImagePath,
  imagePath,
  joinHost,
} from "../../text/paths.ts";
import type { ImageReading } from "./read-image.ts";

/** The ignore file with lines for libraries that a kept COPY would bring; `undefined` where there is nothing to add. */
export function ignoreLibraries(
  reading: ImageReading,
  production: Stage,
  ignoreFile: HostPath | undefined,
  files: ProjectFiles,
  decisions: DecisionLog,
): PlannedFile | undefined {
  const read = ignoreFile === undefined ? undefined : files.read(ignoreFile);
  const text = read?.ok === true ? read.text : "";
  const rules = ignoreRules(text);
  const missing = handedOver(production).flatMap((path) => contextOf(path, reading, production, rules));
  const path = ignoreFile ?? joinHost(reading.image.context, ".dockerignore");
  if (missing.length === 0 || path === undefined) return undefined;
  const because = [reading.instructions.find((one) => one.instruction.kind === "copy")?.because].filter(
    (one) => one !== undefined,
  );
  const chosen = decisions.decide({
    id: "ignore-libraries",
    question: `Does the ignore file leave out ${missing.join(", ")}?`,
    options: [
      {
        value: "add",
        label: "Leave them out",
        consequence: "Libraries of the machine that builds never reach the image.",
      },
      {
        value: "leave",
        label: "Change nothing",
        consequence: "Where they exist beside the Dockerfile, they overlay the installed ones.",
      },
    ],
    recommended: "add",
    confidence: "likely",
    because,
  });
  if (chosen !== "add") return undefined;
  const end = lineEnd(text);
  const start = text === "" || text.endsWith("\n") ? text : `${text}${end}`;
  const reason = `A COPY of the context would lay ${missing.join(", ")} over the production libraries.`;
  return { path, text: `${start}${missing.join(end)}${end}`, reason, because, confidence: "likely" };
}

/** Library directories that other stages hand over. */
function handedOver(production: Stage): readonly ImagePath[] {
  return production.steps.flatMap((step) =>
    step.kind === "copy" && step.copy.from.kind === "stage" && baseName(step.copy.destination) === "node_modules"
      ? [imagePath(step.copy.destination)]
      : [],
  );
}

/** The context's directory of the same name, when a kept COPY brings the directory around it and no rule leaves it out. */
function contextOf(
  path: ImagePath,
  reading: ImageReading,
  production: Stage,
  rules: IgnoreRules,
): readonly ContextPath[] {
  const { tree, context } = reading.image;
  const around = tree.node(imagePath("..", path));
  if (around?.origin.kind !== "context") return [];
  const { at, host } = around.origin;
  const instruction = reading.instructions[at]?.instruction;
  const kept = production.steps.some((step) => step.kind === "original" && step.source.instruction === instruction);
  const directory = hostToContext(context, host);
  if (!kept || directory === undefined) return [];
  const found = contextPath(`${directory}/${baseName(path)}`);
  return rules.ignores(found) ? [] : [found];
}
