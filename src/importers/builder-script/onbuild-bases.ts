/**
 * Base images whose ONBUILD instructions copy from the context, where that becomes another one.
 *
 *     docker build -t b src          FROM golang:1.3-onbuild       COPY . /go/src/app counts from src
 *     docker build -t app deploy     joined: the context is "."     it would take in everything
 *
 * With one context for both builds the instructions run in the stage as they did in the image.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Joined } from "./join.ts";

/** Reports stages whose base copies from a context that has moved. */
export function checkOnbuild({ group, context }: Joined, reporter: Reporter): void {
  for (const linked of [...group.builders, ...group.finals]) {
    const prefix = context.prefixes.get(linked) ?? "";
    if (prefix === "") continue;
    const { document } = linked;
    const from = document.stages.slice(0, linked.target + 1).find((stage) => /:.*onbuild/i.test(stage.from.image.text));
    if (from === undefined) continue;
    const { text, range } = from.from.image;
    reporter.report(
      "onbuild-context",
      { image: text, from: prefix, to: context.directory },
      { path: document.source.path, ...range },
    );
  }
}
