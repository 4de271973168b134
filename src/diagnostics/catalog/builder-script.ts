import { entry } from "../entry.ts";

/** What is said about scripts that build one image, take files out of it, and build a second one around them. */
export const BUILDER_SCRIPT = {
  "archive-in-context": entry({
    severity: "error",
    message: ({ source }: { source: string }) => `"${source}" is an archive that the host packs out of an image`,
    help: ({ source }) => `unpack it in the script before the build, and COPY the files instead of "${source}"`,
    explain: `The final Dockerfile copies an archive, and the script fills that archive with files from the builder's image. A stage
cannot take files out of an archive that no longer exists, and unpacking it is a change that only you can make safely.`,
  }),
  "argument-conflict": entry({
    severity: "error",
    message: ({ name, first, second }: { name: string; first: string; second: string }) =>
      `the build argument "${name}" has one value for "${first}" and another for "${second}"`,
    help: ({ name, first }) => `rename "${name}" in "${first}", and in the call that builds it`,
    explain: `One \`docker build\` hands a build argument to every stage that declares it. Here the two Dockerfiles declare the same name and
are meant to see different values, so a merged file would silently change one of them. Usually the builder's argument gets a name of its
own; here that would change what some stage or image sees.`,
  }),
  "argument-renamed": entry({
    severity: "warning",
    message: ({ name, next, dockerfile, result }: { name: string; next: string; dockerfile: string; result: string }) =>
      `the build argument "${name}" of "${dockerfile}" is called "${next}" in "${result}"`,
    help: ({ next }) => `pass it by --build-arg ${next}=…`,
    explain: `One build hands an argument to every stage that declares it. Another file has an argument of the same name that gets another value,
so this one has a name of its own now. The stage gives the value to its instructions under the old name, by ENV, and the calls
in the script pass it by the new one.`,
  }),
  "arguments-assumed": entry({
    severity: "assumption",
    message: ({ condition }: { condition: string }) =>
      `only a call of the script decides "${condition}"; it is read as one without arguments, with the defaults in the script`,
    explain: `The script looks at its own arguments, or at a variable that it has a default for. It is read as somebody calls it who gives
nothing. What stays in the script still takes arguments as before.`,
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
  "base-tag-differs": entry({
    severity: "warning",
    message: ({ base, built }: { base: string; built: string }) =>
      `"${base}" is not the image that the script builds, which is "${built}", so it comes from a registry`,
    help: ({ built }) => `write FROM ${built.replace(/[‹›]/g, "")} if the script's own image is meant`,
    explain: `A FROM line has the repository of an image that the script builds, but another tag. Docker takes the tag literally: it uses an
image of that name that an earlier run left behind, or pulls one. The line is left as it is.`,
  }),
  "builder-file-kept": entry({
    severity: "warning",
    message: ({ path, by }: { path: string; by: string }) => `"${path}" stays, since "${by}" refers to it`,
    help: ({ by, path }) => `let "${by}" build the new stage with --target, then delete "${path}"`,
    explain: `The build stage of the new Dockerfile replaces this file for the script. Another file of the repository names it too, so it is not
deleted.`,
  }),
  "builder-image-assumed": entry({
    severity: "assumption",
    message: ({ image, path }: { image: string; path: string; setup: string }) =>
      `"${image}" is taken to be built from "${path}"`,
    help: ({ image, setup }) => `if it is not, answer {"${setup}": {"builder-image:${image}": "PATH/OF/Dockerfile"}}`,
    explain: `The script takes files out of an image that it does not build itself. The Dockerfile is found by another call in the repository that
builds an image of this name, or by the name alone.`,
  }),
  "builder-image-kept": entry({
    severity: "warning",
    message: ({ image, by }: { image: string; by: string }) => `"${image}" is still built, since "${by}" uses it`,
    help: ({ by }) => `take the call out of the script when "${by}" no longer needs the image`,
    explain: `The image that the script took files out of is a stage now. Another file of the repository uses it by its tag, so the script goes
on building it, from that stage.`,
  }),
  "builder-image-pulled": entry({
    severity: "assumption",
    message: ({ image }: { image: string; setup: string }) => `"${image}" is taken to be an image that a registry has`,
    help: ({ image, setup }) => `if it is not, answer {"${setup}": {"builder-image:${image}": "PATH/OF/Dockerfile"}}`,
    explain: `The script takes files out of an image that it does not build. Its name is one of a registry, and every Dockerfile of the repository
makes another image, so a stage starts from it by its name.`,
  }),
  "builder-image-unknown": entry({
    severity: "error",
    message: ({ image }: { image: string }) =>
      `"${image}" is not built by the script, and no file tells which Dockerfile makes it`,
    help: ({ image, setup }: { image: string; setup: string }) =>
      `answer {"${setup}": {"builder-image:${image}": "PATH/OF/Dockerfile"}}, or "image" to copy from the published image`,
    explain: `The script takes files out of an image that it does not build. If it is a published image, the new Dockerfile can copy from it; if
it is built elsewhere from a Dockerfile of this repository, that file becomes the build stage.`,
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
  "condition-assumed": entry({
    severity: "assumption",
    message: ({ condition }: { condition: string }) =>
      `only a real run decides "${condition}"; the branch that builds images is followed`,
    explain: `The script branches on something that is not in the repository, such as an environment variable. The branch that builds and
copies is taken to be the one that matters.`,
  }),
  "container-changed": entry({
    severity: "error",
    message: ({ command }: { command: string }) =>
      `"${command}" changes the container before files are taken out of it`,
    help: () => "let a COPY instruction of the builder's Dockerfile bring the files",
    explain: `The files that are taken out are not those of the builder's image: files are copied into the container first. In a multi-stage
build there is no container that could be changed.`,
  }),
  "container-unknown": entry({
    severity: "error",
    message: ({ container }: { container: string }) =>
      `"${container}" names a container that the script does not create`,
    help: () => "create it in the script with docker create --name, from the image that holds the files",
    explain: `\`docker cp\` reads from a container whose image is not known, so no stage can be found that holds the files.`,
  }),
  "context-changed": entry({
    severity: "error",
    message: ({ path, dockerfile }: { path: string; dockerfile: string }) =>
      `"${path}", which "${dockerfile}" copies, is not the same any more when the last image is built`,
    help: () => "move the command that changes it behind the last build, or in front of the first",
    explain: `One build takes the place of several, and it reads the context when the last of them did. The script changes or removes files
between the builds that an earlier one copies, so that build would see other files than before.`,
  }),
  "context-merge-unsafe": entry({
    severity: "error",
    message: ({ first, second, path }: { first: string; second: string; path: string }) =>
      `the ignore rules of "${first}" and "${second}" cannot be joined without changing whether "${path}" is copied`,
    help: () => "make the rules agree, or copy the paths that are needed by name",
    explain: `One build has one context and one ignore file. The two old builds had one each, and for the named path every joined file that was
tried gives another answer than the old build did.`,
  }),
  "context-not-directory": entry({
    severity: "error",
    message: ({ context }: { context: string }) => `the build context "${context}" is not a directory of the project`,
    help: () => "build from a directory of the checkout",
    explain: `A context that arrives on standard input or from a URL cannot be compared with the files of the checkout, so it stays open which
artifact goes where.`,
  }),
  "default-assumed": entry({
    severity: "assumption",
    message: ({ path, text }: { path: string; text: string }) => `"${text}" is taken to be "${path}", its default`,
    explain: `The script lets an environment variable change the path that is taken out of the image. A COPY --from has one path, so the default
is written into the Dockerfile; a call that sets the variable no longer changes it.`,
  }),
  "dockerfile-missing-for-build": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is built by the script but is not in the project`,
    help: ({ path }) => `add "${path}", or take the call out of the script`,
    explain: `A \`docker build\` of the script names a Dockerfile that the checkout does not hold.`,
  }),
  "dockerfile-name-unknown": entry({
    severity: "error",
    message: ({ name }: { name: string }) => `only a real run knows which Dockerfile "${name}" is`,
    help: () => "write one call for each Dockerfile, or give the variable a default in the script",
    explain: `The Dockerfile of a build is named by an argument or an environment variable. Which stages the new file needs depends on it.`,
  }),
  "driver-edit-unsafe": entry({
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) =>
      `the commands in "${path}" cannot be changed where they stand: ${problem}`,
    help: () => "put the docker commands into a shell script, and call it from there",
    explain: `The commands that build the images stand inside another kind of file. After the change that file would not be read as it was
before, so nothing is written.`,
  }),
  "driver-mentioned": entry({
    severity: "assumption",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${path}" says how the images are built, and is not changed; the command is "${command}" now`,
    help: ({ path, command }) =>
      `write "${command}" into "${path}", in place of the commands that built the images before`,
    explain: `No script of the project builds these images; a text does that people read. What it says is taken to be how they are built. The
Dockerfiles are joined, and the text is left for you to change.`,
  }),
  "driver-unsupported": entry({
    severity: "error",
    message: ({ path }: { path: string }) =>
      `"${path}" hands files from one image to the next, and only shell scripts that do so are migrated`,
    help: () => "move these commands into a shell script, and call it from there",
    explain: `The setup is the same as one that a build script drives, but the commands stand in a Makefile, a CI file, another shell's script or
documentation. Its Dockerfiles are left alone, since each of them is one half of a build.`,
  }),
  "engine-call-unknown": entry({
    severity: "warning",
    message: ({ command }: { command: string }) => `what "${command}" does to images and containers is not known`,
    help: () => "check that it does not need an image or container that the script no longer makes",
    explain: `The command calls a container engine, or may do so, in a way that is not followed: with a verb or arguments that only a real run
knows, on another host, or by way of another program. It stays in the script as it is.`,
  }),
  "environment-assumed": entry({
    severity: "assumption",
    message: ({ condition }: { condition: string }) =>
      `the environment decides "${condition}"; it is taken to set no variables of its own`,
    explain: `The Makefile branches on a variable that nothing in it sets, or on what a command prints. What is followed is the branch that
counts in a clean environment on Linux. Another environment may build other images, which this migration does not know of.`,
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
  "fetch-cached": entry({
    severity: "warning",
    message: ({ command }: { command: string; stage: string }) =>
      `what "${command}" fetches comes out of the build cache from the second build on`,
    help: ({ stage }) => `build with --no-cache, or with --no-cache-filter ${stage}, where it has to be fetched anew`,
    explain: `A container ran the command each time that the script ran. In a stage it runs again only when something above it changes
(https://docs.docker.com/build/cache/invalidation/), so a newer commit or file at the same address is not seen.`,
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
  "global-argument-conflict": entry({
    severity: "error",
    message: ({ name, first, second }: { name: string; first: string; second: string }) =>
      `ARG "${name}" before the first FROM has different defaults in "${first}" and "${second}"`,
    help: ({ name, first }) => `rename "${name}" in "${first}"`,
    explain: `ARGs before the first FROM are shared by all stages of a file, so two files with different defaults cannot be joined.`,
  }),
  "ignored-inside-artifact": entry({
    severity: "warning",
    message: ({ patterns, path }: { patterns: string; path: string }) =>
      `the ignore rules "${patterns}" kept files of "${path}" out of the image; a RUN instruction now removes them`,
    explain: `Ignore rules apply to what comes from the context. The artifact now comes from a stage, where no such rules hold, so the files that
the rule names are removed at the end of the build stage.`,
  }),
  "mount-contents-unknown": entry({
    severity: "error",
    message: ({ copy, path, command }: { copy: string; path: string; command: string }) =>
      `"${copy}" takes along what "${command}" left in "${path}", and it is not known what that is`,
    help: () => "name the files that the image needs in the COPY, such as COPY app /usr/local/bin/app",
    explain: `A container compiled in a directory of the host, and the next build copies that directory as a whole: sources, and whatever the
container made of them. Only a real run tells which files those are.`,
  }),
  "mount-outside": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${command}" reads "${path}", which is not in the project`,
    help: () => "copy the files into the project, or fetch them in the builder's Dockerfile",
    explain: `The container that makes the artifact sees a directory of the machine that runs the script. A build sees the files of its context
and of other images, and nothing else.`,
  }),
  "option-conflict": entry({
    severity: "error",
    message: ({ option }: { option: string }) => `the two builds have different values for "${option}"`,
    help: ({ option }) => `give both builds the same ${option}`,
    explain: `One call takes the place of two, and an option of it holds for all stages.`,
  }),
  "run-option-beyond-build": entry({
    severity: "error",
    message: ({ option, command }: { option: string; command: string }) =>
      `"${command}" gives its container "${option}", which no RUN instruction has`,
    help: () => "leave the option out if the command works without it",
    explain: `What the container does would have to become a RUN instruction. A build has no devices, no added privileges, no links to other
containers and no engine of its own, so the command could fail there, or do something else.`,
  }),
  "script-not-followed": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `the script cannot be read: ${problem}`,
    help: () => "check the script with sh -n",
    explain: `A shell would reject the script, or it is too long to be followed, so what it builds is not known.`,
  }),
  "source-outside": entry({
    severity: "assumption",
    message: ({ path }: { path: string }) =>
      `"${path}" is not in the project; the variables that it may set are taken to be unknown, and not to matter for paths`,
    explain: `The script sources a file outside the project, which is never read.`,
  }),
  "target-not-made": entry({
    severity: "warning",
    message: ({ target }: { target: string }) =>
      `nothing makes the file "${target}" any more, so its rule has no recipe for it`,
    help: ({ target }) =>
      `take "${target}" out of the prerequisites that name it, or write it with docker build --output`,
    explain: `A rule of the Makefile took this file out of an image for the next build. The file goes from stage to stage now. The target stays,
since other rules and people may name it, and make counts it as always out of date.`,
  }),
  "use-not-separable": entry({
    severity: "error",
    message: ({ command }: { command: string }) => `"${command}" is needed for one build and in the way of another`,
    help: () => "write one command for each of the builds",
    explain: `The same line of the script serves, in a loop or a function, both a build that becomes a stage and one that stays as it is. It cannot
be removed and kept at once.`,
  }),
  "works-only-on-second-run": entry({
    severity: "warning",
    message: ({ source, command }: { source: string; command: string }) =>
      `"${source}" exists only from the second run of "${command}" on`,
    help: () => "check that the directory named in the COPY is the one you mean",
    explain: `\`docker cp\` of a directory to a path that does not exist puts the directory's contents there; once the path exists, it puts the
directory itself inside. On a clean checkout the final COPY finds nothing. The result follows the run that works.`,
  }),
} as const;
