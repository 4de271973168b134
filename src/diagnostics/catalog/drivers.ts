import { entry } from "../entry.ts";

/** What is said about the files that drive builds: calls that are not followed, and steps that cannot be changed. */
export const DRIVERS = {
  "commands-rejected": entry({
    severity: "warning",
    message: ({ problem }: { problem: string }) =>
      `these commands are not followed, since a shell rejects them: ${problem}`,
    help: () => "mend the command, so that what it builds can be read",
    explain: `The file calls a container engine, and a command in it is none that a shell takes. What stands behind the place is not
followed, so that a setup may be there which is not found. A file that only another program completes, such as a template, is meant to
be so, and is left alone.`,
  }),
  "compose-build-fixed": entry({
    severity: "error",
    message: ({ path, dockerfile }: { path: string; dockerfile: string }) =>
      `"${path}" builds "${dockerfile}" for the script, and cannot be told exactly what to build from now on`,
    help: ({ path }) =>
      `write the context and the Dockerfile of the service out in "${path}", or call docker build in the script`,
    explain: `Compose builds one of the images, so the compose file has to name the joined Dockerfile, its context and its target. That is
done where a service says them in plain words. It is not done for aliases and variables, for a Dockerfile that something else names too, and
where files of the stage have to be written to the host.`,
  }),
  "driver-unsupported": entry({
    severity: "error",
    message: ({ path }: { path: string }) =>
      `"${path}" hands files from one image to the next, and files of its kind are not changed`,
    help: () => "move these commands into a shell script, and call it from there",
    explain: `The setup is the same as one that a build script drives, but the commands stand in a file that no reader takes: a program in another
language, or the file of a CI system that is not read. Its Dockerfiles are left alone, since each of them is one half of a build.`,
  }),
  "copy-source-unmade": entry({
    severity: "warning",
    message: ({ source, path }: { source: string; path: string }) =>
      `nothing that is read here makes "${source}", which "${path}" copies`,
    help: ({ source }) =>
      `if another image of the script makes "${source}", take it out with docker create and docker cp`,
    explain: `The script builds several images or starts containers, and one of the builds copies a file that is neither in the checkout
nor made by a command that is followed. It may be handed from one build to the other in a way that is not read, so nothing is
migrated.`,
  }),
  "engine-call-unknown": entry({
    severity: "warning",
    message: ({ command }: { command: string }) => `what "${command}" does to images and containers is not known`,
    help: () => "check that it does not need an image or container that the script no longer makes",
    explain: `The command calls a container engine, or may do so, in a way that is not followed: with a verb or arguments that only a real run
knows, on another host, or by way of another program. It stays in the script as it is.`,
  }),
  "engine-step-unread": entry({
    severity: "warning",
    message: ({ step, reason }: { step: string; reason: string }) => `what "${step}" does is not followed: ${reason}`,
    help: () => "write it as commands of a shell (docker build, docker cp), which are followed",
    explain: `The file builds images, or takes files out of them, by something that is no command that can be read: a step that another
program runs, commands in another language, or a call that only a run completes. It stays as it is. What else the file does is followed.`,
  }),
  "step-inputs-fixed": entry({
    severity: "error",
    message: ({ dockerfile }: { dockerfile: string }) =>
      `the inputs of this step build "${dockerfile}", and cannot be told exactly what to build from now on`,
    help: () =>
      "write the context, the file and the target of the step out as plain text, or call docker build in a step of commands",
    explain: `A step of the CI file describes one of the builds by its inputs, so the inputs have to name the joined Dockerfile, its context
and its target. That is done where they are plain words. It is not done for expressions, and where files of the stage have to be written to
the host.`,
  }),
} as const;
