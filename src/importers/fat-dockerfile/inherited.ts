/**
 * What the old base image brought and the new one does not, as far as run time uses it:
 *
 *     ENTRYPOINT ["httpx"] in /go/bin      ENV PATH=/go/bin:$PATH
 *     ENV PATH=$GOPATH/bin:$PATH           ENV GOPATH=/go before it
 *     no WORKDIR, base golang              WORKDIR /go
 */
import type { StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { imagePath } from "../../text/paths.ts";
import type { RuntimeParts } from "./runtime-parts.ts";
import { namesIn } from "./variables.ts";

type Inherited = Pick<RuntimeParts, "reading" | "base" | "needs">;

export function inheritedSteps(parts: Inherited, uses: string): readonly StageStep[] {
  if (parts.base.same) return [];
  const texts = [...variableTexts(parts, uses), ...pathText(parts, uses), ...workdirText(parts)];
  const { reading } = parts;
  const because = [provenance(reading.document.source, reading.root.from.range)];
  return texts.map(({ text, reason }) => ({ kind: "synthesized", text, reason, because, confidence: "certain" }));
}

interface Line {
  readonly text: string;
  readonly reason: string;
}

/** Variables of the old base that kept instructions name. */
function variableTexts({ reading, base }: Inherited, uses: string): readonly Line[] {
  const own = new Set(
    reading.instructions.flatMap(({ instruction }) =>
      instruction.kind === "env" ? instruction.pairs.map((pair) => pair.key) : [],
    ),
  );
  const old = reading.image.base.environment;
  const names = namesIn(uses).filter(
    (name) => name !== "PATH" && old[name] !== undefined && !own.has(name) && base.base.environment[name] !== old[name],
  );
  return [...new Set(names)].map((name) => ({
    text: `ENV ${name}=${old[name] ?? ""}`,
    reason: `The old base set "${name}", which the lines below use.`,
  }));
}

/** Directories of PATH in which started programs lie and that the new base does not search. */
function pathText({ reading, base, needs }: Inherited, uses: string): readonly Line[] {
  const { state } = reading;
  const path = state.environment.get("PATH")?.text.split(":") ?? [];
  const ownsPath = reading.instructions.some(
    ({ instruction }) => instruction.kind === "env" && instruction.pairs.some((pair) => pair.key === "PATH"),
  );
  const has = new Set((base.base.environment.PATH ?? "").split(":"));
  const missing = path.filter(
    (directory) => directory.startsWith("/") && !has.has(directory) && !(ownsPath && uses.includes(directory)),
  );
  const wanted = missing.filter((directory) =>
    [...needs.byName].some((program) => imagePath("..", program) === directory),
  );
  if (wanted.length === 0) return [];
  const rest = base.base.environment.PATH === undefined ? "" : ":$PATH";
  return [
    { text: `ENV PATH=${wanted.join(":")}${rest}`, reason: `The old base searched ${wanted.join(", ")} for programs.` },
  ];
}

/** The directory that the image starts in, when the user's file leaves that to the old base. */
function workdirText({ reading, base }: Inherited): readonly Line[] {
  const own = reading.instructions.some(({ instruction }) => instruction.kind === "workdir");
  const old = reading.image.base.workdir;
  if (own || old === undefined || old === base.base.workdir) return [];
  return [{ text: `WORKDIR ${old}`, reason: `The old base started in "${old}".` }];
}
