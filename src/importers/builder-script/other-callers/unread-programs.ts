/**
 * Files of commands in a language that nothing here reads: a justfile, a Rakefile, the build file of a service.
 *
 *     build-base:
 *         docker build -t {{image}}-dev .      builds ./Dockerfile, which then has to stay
 *
 * Which Dockerfile a line builds can be seen; what its variables hold, and when it is run, cannot, so that nothing is rewritten.
 */
import { firstEngineCall } from "../../../shell/engine-text.ts";
import { toCheckout } from "../host-tree.ts";
import { runLines } from "../other-driver.ts";
import { isOtherLanguage, withoutComments } from "../other-drivers.ts";
import type { CallerReader } from "./reference.ts";

export const unreadPrograms: CallerReader = {
  name: "unread-programs",
  accepts: isOtherLanguage,
  read: (files, source) => {
    const text = withoutComments(source.text);
    const call = firstEngineCall(text);
    if (call === undefined) return [];
    return runLines(files, source.path, text).visits.flatMap(({ effects }) =>
      effects.flatMap((effect) => {
        if (effect.kind !== "build" || effect.build.file.kind !== "found") return [];
        const { file, context, target } = effect.build;
        return [
          {
            dockerfile: file.path,
            context: context === undefined ? undefined : toCheckout(context),
            target,
            range: call,
            rewrite: () => undefined,
          },
        ];
      }),
    );
  },
};
