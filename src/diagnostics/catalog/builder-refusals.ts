import { entry } from "../entry.ts";

/** What is said about files that reach an image by ways which are no COPY of an extraction, and about other platforms. */
export const BUILDER_REFUSALS = {
  "artifact-left-alone": entry({
    severity: "assumption",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${path}" lies in a directory that "${command}" may write to, and is taken to stay as it is`,
    help: ({ path }) => `check that nothing in that container writes "${path}"`,
    explain: `A container that gets a directory of the checkout may change every file in it, so also one that was taken out of another image
before. All commands that it runs were read here: none names the file, and those whose work is not followed are compilers, which write where
they are told to. Where a command names the file, or is not known, the migration is refused instead.`,
  }),
  "compiled-in-container": entry({
    severity: "warning",
    message: ({ command }: { command: string }) =>
      `the image no longer needs what "${command}" makes on the host, since a container runs the same command and the file comes from there`,
    help: () => "take it out of the prerequisites, where nobody else needs the file on the host",
    explain: `The driver has two ways to make one file: on the host, and in a container that runs the same goal or script on the same sources. The
joined Dockerfile takes the file from the container's stage, so that the image no longer depends on the compilers of the machine that builds it. The
host's own command stays where it is, in case that somebody calls it.`,
  }),
  "context-from-repository": entry({
    severity: "error",
    message: ({ url, dockerfile }: { url: string; source: string; dockerfile: string }) =>
      `"${dockerfile}" is built from a clone of "${url}", which is no part of this project`,
    help: ({ source }) =>
      `fetch it in the stage, with "ADD ${source} ." in place of COPY . (or RUN git clone), and build that Dockerfile from the project`,
    explain: `The script clones another repository, puts a Dockerfile into it, and builds it there. One build has one context, and that is this
project. Where the Dockerfile fetches the sources itself, it can be a stage here: BuildKit's \`ADD <git url>#<ref>\` brings a repository without
its history, and \`RUN git clone\` brings it as the script does. \`git\` on the host may have used keys or settings that the build does not have,
so this step stays yours.`,
  }),
  "file-from-host": entry({
    severity: "warning",
    message: ({ source, command }: { source: string; command: string }) =>
      `"${source}" still comes from the host, by "${command}"`,
    help: ({ source }) =>
      `let a RUN instruction of the build stage make or install "${source}", and take it over with COPY --from`,
    explain: `The final Dockerfile copies a file that the script compiles on the host, or takes from the host's own system. That step stays in
the script, so the image still depends on the machine that builds it: its compiler, its C library, its versions.`,
  }),
  "host-cache-unseen": entry({
    severity: "assumption",
    message: ({ target }: { target: string }) =>
      `"${target}", which the container has from the machine, is taken to hold nothing but downloads`,
    help: ({ target }) =>
      `keep them with RUN --mount=type=cache,target=${target}, and hand settings that lie there to the build with --secret`,
    explain: `A container sees a cache of the machine through a mount (\`-v ~/.m2:/root/.m2\`); a build sees nothing of the machine. It fetches
everything again, and afterwards has it in its own cache of layers. Settings beside the cache, such as mirrors and passwords in
\`~/.m2/settings.xml\`, are not there either.`,
  }),
  "image-imported": entry({
    severity: "error",
    message: ({ image, command }: { image: string; command: string }) =>
      `the image "${image}" is made of an archive by "${command}", and by no Dockerfile`,
    help: ({ image }) =>
      `build "${image}" instead, by a Dockerfile with FROM scratch, COPY --from=… / / and what --change says, and take its name in the script`,
    explain: `\`docker import\` makes an image with one layer and no configuration but that of \`--change\`: no command, no working directory, no
variables. Files are taken out of that image, or a build starts from it, and there is no Dockerfile that could become its stage.`,
  }),
  "members-by-name": entry({
    severity: "error",
    message: ({ source }: { source: string }) =>
      `which files of the builder's image "${source}" holds is known only to the find that packs them`,
    help: ({ source }) => `name the files in place of "COPY ${source}", each in a COPY of its own`,
    explain: `The script packs what \`find\` finds in the image by its name, and unpacks it into a directory of a later build's context. A COPY
that names one of those files can take it from the stage. A COPY of the whole directory cannot: COPY --from would bring all of it, and which of
its files have such a name nobody knows before the image is built.`,
  }),
  "mounted-source-ignored": entry({
    severity: "assumption",
    message: ({ path, others }: { path: string; others: number }) =>
      `the ignore rules keep "${path}"${others === 0 ? "" : ` and ${others} more like it`} from the stage, and the container saw ${others === 0 ? "it" : "them"} through a mount; the build is taken to do without`,
    explain: `A bind mount shows a container every file of the directory. The stage that does the container's work now gets those files by COPY,
and \`.dockerignore\` leaves some of them out. These are files for people, for git or for services, which compilers do not read. Where a file that
may be a source is left out, the migration is refused instead.`,
  }),
  "dockerfile-changed-on-host": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string }) =>
      `"${path}" is changed on the host by "${command}"`,
    help: () => "let the Dockerfile take the value as a build argument (ARG), and hand it over with --build-arg",
    explain: `What is built is not what the checkout has: the script changes the Dockerfile first. The merged file would stand in another place, or
have another name, and the command would find nothing there, or change lines of other stages.`,
  }),
  "mount-filled-elsewhere": entry({
    severity: "error",
    message: ({ path, by }: { path: string; by: string }) =>
      `the container goes on from what "${by}" puts into "${path}", which no build has`,
    help: ({ path }) => `let the builder's Dockerfile fetch what belongs into "${path}"`,
    explain: `The container sees a directory of the host that the repository does not hold: a script clones another repository into it, or it is
a submodule. A stage starts without those files, so its command would find nothing to work on.`,
  }),
  "network-hand-over": entry({
    severity: "error",
    message: ({ path, command }: { path: string; command: string; fetch: string }) =>
      `"${path}" goes to the second image over the network, by "${command}"`,
    help: ({ fetch }) => `put the file into the second build's context and COPY it there, in place of "${fetch}"`,
    explain: `The artifact is taken out of the first image, sent to a server, and downloaded again while the second image is built. What the
server hands out is not known from here: it may be another version, and others may rely on finding it there. With a COPY of the extracted file
instead, the two builds can be joined, and the upload can stay as a release of its own.`,
  }),
  "onbuild-context": entry({
    severity: "error",
    message: ({ image, from, to }: { image: string; from: string; to: string }) =>
      `the ONBUILD instructions of "${image}" copy from "${from}", and the joined build has the context "${to}"`,
    help: ({ image }) => `write what "${image}" does ON BUILD into the Dockerfile, and start from the image without it`,
    explain: `ONBUILD instructions of a base image copy files with paths of their own, which count from the root of the context. The two builds
have different contexts, and their common root would hand those instructions other files.`,
  }),
  "variable-assumed": entry({
    severity: "assumption",
    message: ({ name, value }: { name: string; value: string }) =>
      `"${name}" is taken to be "${value}", the only value that the checkout has the Dockerfiles for`,
    explain: `A variable that the repository sets nowhere is part of the path of a Dockerfile. With one value alone such files exist. The call
keeps the variable.`,
  }),
  "variable-left-unset": entry({
    severity: "error",
    message: ({ name, command }: { name: string; command: string }) =>
      `"${command}" reads "${name}", which only a command sets that goes`,
    help: ({ name }) => `take "$${name}" out of the command, or the command out of the script, and run restage again`,
    explain: `A variable holds what a command printed, such as the id of a container, and that command goes with the hand-over. Tests and messages
about it go too; another command would run with an empty value.`,
  }),
  "variable-values-left": entry({
    severity: "warning",
    message: ({ name, value, left }: { name: string; value: string; left: string }) =>
      `the commands serve "${name}" as "${value}" alone from now on, and no longer as ${left}`,
    help: ({ name }) =>
      `answer "all" to "variable:${name.replace(/^\$(?=\w)/, "")}", or move the other builds into commands of their own first`,
    explain: `The same commands build different Dockerfiles, depending on a variable. Those for one of its values are joined, as you asked for,
and what only the hand-over needed is gone from the commands. The Dockerfiles for the other values still rely on it.`,
  }),
  "variants-disagree": entry({
    severity: "error",
    message: ({ path }: { path: string }) =>
      `"${path}" would have to hold other stages for each value of a variable that only a real run knows`,
    help: () =>
      "let the name of the Dockerfile depend on the variable too, or answer the variable's decision with one value",
    explain: `A variable that the repository sets nowhere chooses the Dockerfile of a builder, and the final image is built from one file
whatever its value is. One file cannot hold the stages for all values.`,
  }),
  "windows-container": entry({
    severity: "error",
    message: ({ sign }: { sign: string }) => `"${sign}" makes Windows containers, which are not migrated`,
    help: () => "join the stages by hand, with COPY --from=STAGE; it works in Windows containers too",
    explain: `Paths, shells and the escape character of Windows containers follow other rules, and BuildKit builds them only in part. The builder
pattern is recognised, and nothing is changed.`,
  }),
  "script-shared": entry({
    severity: "error",
    message: ({ script, by, path }: { script: string; by: string; path: string }) =>
      `"${script}", which would build "${path}" too from now on, is called by "${by}" as well, with another builder image`,
    help: ({ script }) => `hand the arguments of the builder's build to "${script}", and let it make both builds`,
    explain: `One script builds the builder, and calls a second that builds the final image; other files call the second script with a builder
of their own. As a stage, the builder is built where the final is, so that what one caller says in its build of the builder (\`--build-arg\`,
\`--secret\`, \`--network\`) would hold for all of them, or for none.`,
  }),
} as const;
