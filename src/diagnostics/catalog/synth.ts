import { entry } from "../entry.ts";

/** What is said about: writing the result and answering for it. */
export const SYNTH = {
  "answer-not-taken": entry({
    severity: "warning",
    message: (args: { setup: string; decision: string; value: string; options: readonly string[] }) =>
      `the answer "${args.value}" to "${args.decision}" of "${args.setup}" fits none of its options`,
    help: ({ options }) => `give one of ${options.map((option) => `"${option}"`).join(", ")}`,
    explain: `An answers file gives a value that the decision does not offer, so the recommended value is taken. The options may
have changed with the project since the answer was saved.`,
  }),
  "answer-without-decision": entry({
    severity: "warning",
    message: ({ setup, decision }: { setup: string; decision: string }) =>
      `"${setup}" has no decision "${decision}" for the answer given`,
    help: ({ decision }) => `remove "${decision}" from the answers, or correct its name`,
    explain: `An answers file answers a question that this setup does not ask: the name is wrong, or the project changed so that
the question no longer comes up. The answer has no effect.`,
  }),
  "answer-without-setup": entry({
    severity: "warning",
    message: ({ setup }: { setup: string }) => `no setup is called "${setup}", so its answers have no effect`,
    help: () => `type "restage scan" for the ids of the setups, or give the answers under "*"`,
    explain: `Answers are kept by the id of a setup, which is its kind and the path of its script or Dockerfile. No setup of the
project has this id: the file was moved, removed or already migrated.`,
  }),
  "changes-collide": entry({
    severity: "error",
    message: ({ path, first, second }: { path: string; first: string; second: string }) =>
      `"${first}" and "${second}" change "${path}" in different ways`,
    help: ({ first }) => `migrate one of them first, for example with --script ${first.replace(/^[^:]*:/, "")} --write`,
    explain: `Two setups share a file, and what each makes of it cannot both be had: two contents for one file, or two edits of
the same words. Migrate one, look at the result, then run restage again for the other.`,
  }),
  "escape-characters-differ": entry({
    severity: "error",
    message: ({ path, character, keyword }: { path: string; character: string; keyword: string }) =>
      `"${keyword}" of "${path}" uses "${character}" as its escape character, and the file that it moves to another one`,
    help: () => `give both Dockerfiles the same "# escape" directive, or none`,
    explain: `Two Dockerfiles become one, and a file has one escape character. Continuations at line ends are rewritten; an escape
character anywhere else may belong to a path, a shell command or a quoted word, and is not touched.`,
  }),
  "frontends-differ": entry({
    severity: "error",
    message: (args: { first: string; firstFrontend: string; second: string; secondFrontend: string }) =>
      `"${args.first}" is written for the frontend "${args.firstFrontend}" and "${args.second}" for "${args.secondFrontend}"`,
    help: ({ firstFrontend }) => `give both the same first line, for example "# syntax=${firstFrontend}"`,
    explain: `Two Dockerfiles become one, and a file is read by one frontend. Which of two unlike frontends understands the
instructions of both cannot be told from their names.`,
  }),
  "invariant-violated": entry({
    severity: "error",
    message: ({ invariant, detail }: { invariant: string; detail: string }) =>
      `the result breaks the rule "${invariant}": ${detail}`,
    help: () => `please report this with the files of the setup; nothing is changed`,
    explain: `Every result is checked before it is handed over: that each line says where it comes from, that stages come before
what copies from them, that the old image's configuration is all there or listed as changed, that the text reads back as it was
planned. This result failed a check, which is a bug in restage rather than in your files. It is refused, since a wrong Dockerfile
is worse than none.`,
  }),
} as const;
