/** What split-and-recover takes for equal, and that it takes nothing else for it. */
import { describe, expect, it } from "vitest";
import { type Graph, multiStageText } from "./split-and-recover/graph.ts";
import { SIMPLE } from "./split-and-recover/simple.ts";
import { summarize } from "./split-and-recover/summary.ts";

const graph = SIMPLE["files and sources"] as Graph;
const text = multiStageText(graph);
const summary = (dockerfile: string) => summarize(dockerfile, ".", graph, false);

/** The file with more at the end of its first stage, and perhaps another source for one of its files. */
const changed = (end: string, source = "--from=stage-a /src/build/app00 "): string =>
  text.replace("\n\nFROM alpine", `\n${end}\n\nFROM alpine`).replace("--from=stage-a /src/build/app00 ", source);

const SET_ASIDE = "RUN cp -r /src/build/app00 /handover0";
const FROM_COPY = "--from=stage-a /handover0 ";
const LATER = "\n\nFROM stage-a AS later\nRUN cp -r /src/build/app00 /handover0";
const FROM_LATER = "--from=later /handover0 ";

describe("the comparison of stages", () => {
  it.each([
    ["a mode that the file has", changed("RUN chmod 644 /src/build/app00")],
    ["a copy that was set aside", changed(SET_ASIDE, FROM_COPY)],
    ["its mode", changed(`${SET_ASIDE}\nRUN chmod 0644 /handover0`, FROM_COPY)],
    ["a later container that set it aside", changed(LATER, FROM_LATER)],
    ["with its mode", changed(`${LATER}\nRUN chmod 644 /handover0`, FROM_LATER)],
    ["another owner", text.replace("COPY --from=stage-a", "COPY --chown=0:0 --from=stage-a")],
  ])("sees no difference in %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(summary(other)).toEqual(summary(text));
  });

  it.each([
    ["another mode", changed("RUN chmod 755 /src/build/app00")],
    ["another mode of a copy", changed(`${SET_ASIDE}\nRUN chmod 600 /handover0`, FROM_COPY)],
    ["the mode of another file", changed("RUN chmod 644 /src/build/other")],
    ["the mode of two files, one of them unknown", changed("RUN chmod 644 /src/build/app00 /etc/passwd")],
    ["a mode in a later container", changed(`${LATER}\nRUN chmod 755 /handover0`, FROM_LATER)],
    ["work in a later container", changed(`${LATER}\nRUN echo more >> /handover0`, FROM_LATER)],
    ["a mode in the stage that ships", text.replace("\nCMD", "\nRUN chmod 644 /src/build/app00\nCMD")],
    ["the copy of another file", changed("RUN cp -r /out/app01 /handover0", FROM_COPY)],
    ["another source", text.replace("--from=stage-a /src/build/app00 ", "--from=stage-a /src/build/app01 ")],
    ["another destination", text.replace("/opt/app00", "/opt/app09")],
    ["a copy from the context", text.replace("--from=stage-a /src/build/app00 ", "src/build/app00 ")],
  ])("sees %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(summary(other)).not.toEqual(summary(text));
  });
});
