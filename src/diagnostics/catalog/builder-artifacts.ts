import { entry } from "../entry.ts";

/** What is said about the files that a script takes out of an image: on their way to the next build, or to the host. */
export const BUILDER_ARTIFACTS = {
  "archive-in-context": entry({
    severity: "error",
    message: ({ source }: { source: string }) => `"${source}" is an archive that the host packs out of an image`,
    help: ({ source }) => `unpack it in the script before the build, and COPY the files instead of "${source}"`,
    explain: `The final Dockerfile copies an archive, and the script fills that archive with files from the builder's image. A stage
cannot take files out of an archive that no longer exists, and unpacking it is a change that only you can make safely.`,
  }),
  "artifact-changed-on-host": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${path}" is changed on the host by "${command}" before it is copied`,
    help: ({ command }) => `move "${command}" into a RUN instruction of the builder's Dockerfile`,
    explain: `Between the extraction and the build that copies the artifact, a host command changes it, takes a part of it away, or puts
something into the directory that only the extraction makes. In one Dockerfile the artifact goes from stage to stage and never is on the host, so
that command would find nothing, and its change would be lost.`,
  }),
  "artifact-in-rule": entry({
    severity: "error",
    message: ({ path }: { path: string }) =>
      `a rule needs "${path}", which would no longer come onto the host, and its name does not stand alone there`,
    help: () => "write the prerequisites out, one word for each file",
    explain: `make stops with "No rule to make target" where a prerequisite is not there and no rule makes it. The name comes out of a variable or
function that holds other names too, so that it cannot be taken out of the rule.`,
  }),
  "artifact-kept-on-host": entry({
    severity: "warning",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${path}" is still taken out of the image, since "${command}" reads it`,
    help: () => "check whether that command could read the file from the final image instead",
    explain: `The script uses the extracted file on the host too, not only in the second build. The commands that take it out therefore stay,
and build the stage that holds it with \`--target\`.`,
  }),
  "artifact-made-by-container": entry({
    severity: "error",
    message: ({ source, command }: { source: string; command: string }) =>
      `"${source}" is written to the host by "${command}"`,
    help: () =>
      "let a RUN instruction of the builder's Dockerfile make the file, and take it out with docker create and docker cp",
    explain: `The artifact does not stand in the builder's image: a container writes it through a mounted directory or on its standard output.
This idiom is recognised, but not migrated yet.`,
  }),
  "artifact-made-on-host": entry({
    severity: "error",
    message: ({ source, command }: { source: string; command: string }) =>
      `"${source}" is made on the host by "${command}"`,
    help: ({ command }) => `move "${command}" into a RUN instruction of the builder's Dockerfile`,
    explain: `A host command makes this file out of an artifact. Without the extraction there is nothing on the host for it to read, and
whether the same command works inside a stage is not something that can be seen from here (keys, tools, credentials).`,
  }),
  "artifact-maybe-directory": entry({
    severity: "assumption",
    message: ({ path }: { path: string }) => `"${path}" is taken to be a file`,
    help: ({ path, setup }: { path: string; setup: string }) =>
      `if it is a directory, answer {"${setup}": {"shape:${path}": "directory"}}`,
    explain: `The script gives the path another name on the host, and the final COPY puts it into a directory: a file then keeps the new name,
while a directory is poured out. The builder's Dockerfile does not say which of the two the path is.`,
  }),
  "artifact-missing": entry({
    severity: "warning",
    message: ({ source, dockerfile }: { source: string; dockerfile: string }) =>
      `"${source}" of "${dockerfile}" is neither in the checkout nor put there by the script`,
    help: ({ source }) => `say in the script where "${source}" comes from, or take it out of the Dockerfile`,
    explain: `The final Dockerfile copies a path that nothing explains. It may be made by hand or by another script; a stage that is to hold it
cannot be found.`,
  }),
  "artifact-uncopied": entry({
    severity: "warning",
    message: ({ path }: { path: string }) =>
      `"${path}" is taken out of the image but no build copies it, so the commands that do so stay`,
    help: () => "remove them if nobody needs the file on the host",
    explain: `Besides what the final image takes in, the script takes out another path. Somebody may rely on finding it on the host, so the
extraction stays, from the build stage of the new Dockerfile.`,
  }),
  "default-assumed": entry({
    severity: "assumption",
    message: ({ path, text }: { path: string; text: string }) => `"${text}" is taken to be "${path}", its default`,
    explain: `The script lets an environment variable change the path that is taken out of the image. A COPY --from has one path, so the default
is written into the Dockerfile; a call that sets the variable no longer changes it.`,
  }),
  "export-name-unknown": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string }) =>
      `only a real run knows the name that "${path}" gets on the host in "${command}"`,
    help: () => "copy it into a directory under its own name, and rename it in a command of its own",
    explain: `A stage holds the files that the script takes out, under the names that they get on the host, and \`docker build --output\`
writes them there. So the last part of the destination has to be known; the directories above it need not be.`,
  }),
  "export-needs-buildkit": entry({
    severity: "assumption",
    message: () => "docker build --output needs BuildKit, which is taken to be on",
    help: () => "set DOCKER_BUILDKIT=1 where the engine is older than 23.0",
    explain: `Only BuildKit writes the files of a stage to the host. It is Docker's builder since Docker Engine 23.0
(https://docs.docker.com/build/buildkit/#getting-started); from 18.09 on the variable DOCKER_BUILDKIT=1 turns it on.`,
  }),
  "final-assumed": entry({
    severity: "assumption",
    message: ({ path, folder }: { path: string; folder: string; setup: string }) =>
      `"${path}" is taken to be built around "${folder}", by a call that is not in the repository`,
    help: ({ path, setup }) =>
      `add -t NAME to the build that the script makes now; or answer {"${setup}": {"final:${path}": "export"}}`,
    explain: `The script takes files out of an image and builds nothing around them. One other Dockerfile fits them, and no directory of a clean
checkout: it copies what only the builder makes. The joined file takes its place, and is built from the builder's context. Whoever built it
by hand from the directory that the script filled has to build it like that now.`,
  }),
  "mount-taken-empty": entry({
    severity: "assumption",
    message: ({ path }: { path: string; command: string }) =>
      `"${path}" is taken to hold what the container makes, and nothing that it goes on from`,
    help: ({ command }) => `keep "${command}" where it needs what an earlier run left there`,
    explain: `The directory is not in the checkout: a container fills it through a mount. In the stage that does its work now it is empty at first,
or as the build context has it. The files are written to the host as before; others that are there stay.`,
  }),
  "export-not-separable": entry({
    severity: "error",
    message: ({ command, build }: { command: string; build: string }) =>
      `the files of "${command}" cannot be written by "${build}" itself`,
    help: () => "run both in the same script and directory, with the same variables",
    explain: `The build that writes the files takes the place of the extraction, or of the build. Neither works here: other commands between
them need the image or change the files, and at the extraction the words of the build would mean something else.`,
  }),
  "export-only": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is taken out of an image, and no second build copies it`,
    help: () => 'add a stage "FROM scratch AS export" with the COPY, and call docker build --target export --output .',
    explain: `The script uses a build to produce files for the host, not for an image. That is migrated where \`docker cp\` puts them under a
known name; what goes through a stream, or is printed by the image, is not.`,
  }),
  "export-without-buildkit": entry({
    severity: "error",
    message: () => "the script turns BuildKit off, and only BuildKit writes files to the host",
    help: () => "take DOCKER_BUILDKIT=0 out of the script",
    explain: `Without BuildKit a stage's files reach the host only by \`docker create\` and \`docker cp\`, as the script does it already.`,
  }),
  "extraction-path-unknown": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `only a real run knows which path "${path}" is`,
    help: () => "write the path in full, or give the variable a value in the script",
    explain: `A COPY --from needs the path inside the image, and the script takes it from a variable that the repository does not define.`,
  }),
  "file-from-host-system": entry({
    severity: "error",
    message: ({ path }: { path: string }) =>
      `"${path}" comes from the machine that runs the script, not from the project or an image`,
    help: ({ path }) => `install what "${path}" belongs to in the builder's Dockerfile, and COPY it from there`,
    explain: `The script takes a file out of the system that it runs on and puts it into the build context. Another machine has another
version of it, or none, and no stage can make it. Once the builder's image holds the file, it can be copied like any other artifact.`,
  }),
  "ignored-inside-artifact": entry({
    severity: "warning",
    message: ({ patterns, path }: { patterns: string; path: string }) =>
      `the ignore rules "${patterns}" kept files of "${path}" out of the image; a RUN instruction now removes them`,
    explain: `Ignore rules apply to what comes from the context. The artifact now comes from a stage, where no such rules hold, so the files that
the rule names are removed at the end of the build stage.`,
  }),
  "mount-outside": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${command}" reads "${path}", which is not in the project`,
    help: () => "copy the files into the project, or fetch them in the builder's Dockerfile",
    explain: `The container that makes the artifact sees a directory of the machine that runs the script. A build sees the files of its context
and of other images, and nothing else.`,
  }),
  "mount-contents-unknown": entry({
    severity: "error",
    message: ({ copy, path, command }: { copy: string; path: string; command: string }) =>
      `"${copy}" takes along what "${command}" left in "${path}", and it is not known what that is`,
    help: () => "name the files that the image needs in the COPY, such as COPY app /usr/local/bin/app",
    explain: `A container compiled in a directory of the host, and the next build copies that directory as a whole: sources, and whatever the
container made of them. Only a real run tells which files those are.`,
  }),
} as const;
