/**
 * Ways to call `docker build` for a Dockerfile and its context.
 *
 *     docker build -f Dockerfile.part0 -t part0 .
 *     cd app · docker build -t part0 -f Dockerfile.part0 . · cd ..
 *     cp app/Dockerfile staging1/Dockerfile · docker build -t final staging1
 */
import { posix } from "node:path";
import type { Ability } from "./script.ts";

export interface BuildJob {
  readonly file: string;
  readonly context: string;
  readonly tag: string;
  /** `--build-arg NAME=value `, or nothing. */
  readonly args: string;
  readonly sources: readonly string[];
}

export interface BuildWay {
  readonly name: string;
  readonly needs: readonly Ability[];
  /** Whether the context is a directory of its own, which the script fills. */
  readonly staged: boolean;
  readonly lines: (job: BuildJob) => readonly string[];
}

export const BUILDS: readonly BuildWay[] = [
  {
    name: "build-flags-first",
    needs: [],
    staged: false,
    lines: ({ file, context, tag, args }) => [`docker build ${args}-f ${file} -t ${tag} ${context}`],
  },
  {
    name: "build-context-first",
    needs: [],
    staged: false,
    lines: ({ file, context, tag, args }) => [`docker build ${context} ${args}-t ${tag} -f ${file}`],
  },
  {
    name: "build-long",
    needs: [],
    staged: false,
    lines: ({ file, context, tag, args }) => [`docker build --rm --file=${file} ${args}--tag ${tag} ./${context}`],
  },
  {
    name: "build-of-image",
    needs: [],
    staged: false,
    lines: ({ file, context, tag, args }) => [`docker image build ${args}--tag=${tag} --file ${file} ${context}`],
  },
  {
    name: "build-changed-directory",
    needs: ["shell"],
    staged: false,
    lines: ({ file, context, tag, args }) => {
      const here = posix.basename(file);
      if (context === ".") return [`docker build ${args}-t ${tag}${here === "Dockerfile" ? "" : ` -f ./${here}`} .`];
      return [`cd ${context}`, `docker build ${args}-t ${tag} -f ${here} .`, "cd .."];
    },
  },
  {
    name: "build-in-subshell",
    needs: ["shell"],
    staged: false,
    lines: ({ file, context, tag, args }) => [
      `(cd ${context} && docker build ${args}-t ${tag} -f ${posix.basename(file)} .)`,
    ],
  },
  {
    name: "build-staged",
    needs: ["shell"],
    staged: true,
    lines: ({ file, context, tag, args, sources }) => [
      `cp ${file} ${context}/Dockerfile`,
      ...(sources.length === 0 ? [] : [`cp -r ${sources.join(" ")} ${context}/`]),
      `docker build ${args}-t ${tag} ${context}`,
    ],
  },
];
