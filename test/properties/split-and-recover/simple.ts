/** Small graphs that between them meet what every idiom needs. */
import type { GeneratedStage, Graph, MadePath } from "./graph.ts";

const SHIPS: GeneratedStage = {
  base: "alpine:3.19",
  context: ".",
  args: [],
  contextCopies: [],
  imports: [],
  made: [],
  runs: false,
  settings: ['CMD ["--serve"]'],
};

function simple(
  builder: Partial<GeneratedStage>,
  made: readonly MadePath[],
  destination: (name: string) => string,
): Graph {
  const imports = made.map((artifact) => ({
    stage: 0,
    artifact,
    destination: destination(artifact.path.replace(/^.*\//, "")),
  }));
  return {
    stages: [
      { ...SHIPS, settings: [], base: "golang:1.22", ...builder, made },
      { ...SHIPS, imports },
    ],
    finals: 1,
  };
}

const file = (path: string): MadePath => ({ path, form: "file" });
const directory = (path: string): MadePath => ({ path, form: "directory" });

export const SIMPLE: Readonly<Record<string, Graph>> = {
  "a file": simple({}, [file("/out/app00")], () => "/usr/bin/"),
  "a directory": simple({}, [directory("/out/dist00")], (name) => `/srv/${name}`),
  "a file and a directory": simple({}, [file("/out/app00"), directory("/out/dist01")], (name) => `/opt/${name}`),
  "files and sources": simple(
    { args: ["VERSION"], contextCopies: [{ source: "sources00", form: "directory", destination: "/src" }] },
    [file("/src/build/app00"), file("/out/app01")],
    (name) => `/opt/${name}`,
  ),
  "a file made in the checkout": simple(
    { context: "app", contextCopies: [{ source: ".", form: "directory", destination: "/src" }] },
    [file("/src/build/app00")],
    () => "/usr/bin/",
  ),
  "a file made in the root": simple(
    { contextCopies: [{ source: ".", form: "directory", destination: "/src" }] },
    [file("/src/build/app00")],
    () => "/usr/bin/",
  ),
  "a builder of a builder": {
    stages: [
      { ...SHIPS, settings: [], base: "golang:1.22", made: [file("/out/app00")] },
      {
        ...SHIPS,
        settings: [],
        base: "node:20",
        imports: [{ stage: 0, artifact: file("/out/app00"), destination: "/tools/app00" }],
        made: [directory("/out/dist10")],
      },
      { ...SHIPS, imports: [{ stage: 1, artifact: directory("/out/dist10"), destination: "/srv/dist10" }] },
    ],
    finals: 1,
  },
};
