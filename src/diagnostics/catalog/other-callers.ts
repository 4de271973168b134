import { entry } from "../entry.ts";

/** What is said about files that build the old Dockerfiles, or use what came out of them, besides the driver. */
export const OTHER_CALLERS = {
  "artifact-used-elsewhere": entry({
    severity: "warning",
    message: ({ path, by }: { path: string; by: string }) =>
      `"${by}" uses "${path}", which the script no longer leaves on the host`,
    help: ({ path, target }: { path: string; by: string; target: string }) =>
      `let it call docker build --target ${target} and take "${path}" out of that image, or use the final image`,
    explain: `The script put this file into the checkout on its way into the second image. It goes from stage to stage now, so another file of
the repository that reads it from the checkout finds it only where something else puts it there.`,
  }),
  "cache-without-stages": entry({
    severity: "warning",
    message: ({ cache }: { cache: string; add: string }) => `the build cache "${cache}" does not hold the build stage`,
    help: ({ add }) => `let the build keep and read all stages: ${add}`,
    explain: `An image that serves as a build cache holds the layers of its last stage only. The builder's layers used to lie in an image of
their own; as a stage they are built anew on every machine that does not have them, unless the cache is exported with \`mode=max\`
(https://docs.docker.com/build/cache/backends/#cache-mode). The classic builder has no such cache: there, build and push the stage with
\`--target\`, and name that image in a second \`--cache-from\`.`,
  }),
  "caller-builds-alone": entry({
    severity: "assumption",
    message: ({ path, by }: { path: string; by: string }) =>
      `"${by}" builds "${path}" too, and no longer needs the script to run before it`,
    explain: `Another file of the repository builds the final image from the checkout, and so relied on the artifact that the script leaves
there. The stages of the new Dockerfile make the artifact themselves, so that build works in a clean checkout, and takes as long as both.`,
  }),
  "caller-lacks-options": entry({
    severity: "warning",
    message: ({ by, options }: { by: string; options: string }) =>
      `"${by}" builds the build stage too now, without the "${options}" of the script`,
    help: ({ options, by }) => `give "${by}" the same: ${options}`,
    explain: `The script hands options to the build of the first image, and the one call that remains keeps them. Another file of the repository
builds the same Dockerfile and has to hand them over too.`,
  }),
  "caller-unsure": entry({
    severity: "warning",
    message: ({ path, by }: { path: string; by: string; context: string }) =>
      `"${by}" builds "${path}" too, and is left as it is`,
    help: ({ path, context }) => `let it build "${path}" from the context "${context}"`,
    explain: `Another file of the repository builds a Dockerfile that has changed, in a way that cannot be rewritten exactly: from another
context, with a variable in a path, or in more than one way at once.`,
  }),
  "dockerfile-mentioned": entry({
    severity: "warning",
    message: ({ path, by }: { path: string; by: string; now: string }) => `"${by}" names "${path}", which is gone`,
    help: ({ now }) => `name "${now}" there, or take the line out`,
    explain: `Documentation, an ignore file or a comment names a Dockerfile that is a stage of another one now. Nothing breaks, but readers
would look for it.`,
  }),
  "ignore-entry-unneeded": entry({
    severity: "assumption",
    message: ({ entry: line, path }: { entry: string; path: string }) =>
      `the line "${line}" is only needed while "${path}" comes to lie on the host`,
    explain: `The artifact no longer lands in the checkout, so an ignore rule for it has nothing left to do. It is left alone, since old
checkouts may still hold the file.`,
  }),
  "ignore-file-unused": entry({
    severity: "assumption",
    message: ({ path, context }: { path: string; context: string }) =>
      `"${path}" is not read any more, since the build's context is "${context}" now`,
    explain: `The two builds had different contexts, and the joined one reads the ignore file of their common root, which has the rules of
both. The old file is left alone, as another build of that directory may still read it.`,
  }),
} as const;
