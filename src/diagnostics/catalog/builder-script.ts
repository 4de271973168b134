import { entry } from "../entry.ts";

/** What is said about scripts that build one image and a second one around files of it: the script, its builds and their images. */
export const BUILDER_SCRIPT = {
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
      `only a real run knows what "${command}" puts into the container, or where it lands there`,
    help: () =>
      "copy DIR/. for the contents of a directory, or let a COPY instruction of the builder's Dockerfile bring the files",
    explain: `The files that are taken out are not those of the builder's image: something is copied into the container first. A COPY in the stage
does the same where it is known what is copied and where it goes. \`docker cp\` nests a directory in one that is there and gives it the name
where none is, so that has to be known; and a build has no standard input, no owners of the host (\`-a\`) and no mounts to copy into.`,
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
  "dockerfile-input-unknown": entry({
    severity: "error",
    message: () => "only a real run knows all of the Dockerfile that comes on standard input",
    help: () => "put it into a file, and pass what varies with --build-arg",
    explain: `A \`docker build\` reads its Dockerfile on standard input, and a part of that text comes from a variable that the
environment may set, or from a command that only a real run can tell the output of. With that part fixed the new file would be
another one than some of the runs have built. A here-document whose text is all known becomes a stage.`,
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
  "environment-assumed": entry({
    severity: "assumption",
    message: ({ condition }: { condition: string }) =>
      `the environment decides "${condition}"; it is taken to set no variables of its own`,
    explain: `The Makefile branches on a variable that nothing in it sets, or on what a command prints. What is followed is the branch that
counts in a clean environment on Linux. Another environment may build other images, which this migration does not know of.`,
  }),
  "fetch-cached": entry({
    severity: "warning",
    message: ({ command }: { command: string; stage: string }) =>
      `what "${command}" fetches comes out of the build cache from the second build on`,
    help: ({ stage }) => `build with --no-cache, or with --no-cache-filter ${stage}, where it has to be fetched anew`,
    explain: `A container ran the command each time that the script ran. In a stage it runs again only when something above it changes
(https://docs.docker.com/build/cache/invalidation/), so a newer commit or file at the same address is not seen.`,
  }),
  "global-argument-conflict": entry({
    severity: "error",
    message: ({ name, first, second }: { name: string; first: string; second: string }) =>
      `ARG "${name}" before the first FROM has different defaults in "${first}" and "${second}"`,
    help: ({ name, first }) => `rename "${name}" in "${first}"`,
    explain: `ARGs before the first FROM are shared by all stages of a file, so two files with different defaults cannot be joined.`,
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
