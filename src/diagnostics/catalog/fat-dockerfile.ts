import { entry } from "../entry.ts";

/** What is said about one Dockerfile that builds and ships in one image, and about existing multi-stage files. */
export const FAT_DOCKERFILE = {
  "artifact-unknown": entry({
    severity: "error",
    message: ({ program }: { program: string }) =>
      `nothing in the build is known to make "${program}", which the image starts`,
    help: () => 'name the file with an absolute path in CMD or ENTRYPOINT, such as CMD ["/app/server"]',
    explain:
      "The image starts a program that is neither a copy of a file of the context nor the known result of a build command, so restage cannot say what has to move to the runtime stage. Give the output a name in the build command (`-o /bin/server`) and start it by that path.",
  }),
  "base-floats": entry({
    severity: "assumption",
    message: ({ base, release }: { base: string; release: string }) =>
      `"${base}" names no release, and is taken to be ${release}, whose libc the runtime stage has`,
    help: ({ base }) => `pin the build image to a release, such as "${base.split(":")[0] ?? base}:…-bookworm"`,
    explain:
      "A tag without a version moves on to newer distribution releases. What is linked there may ask for a newer C library than the runtime stage has. Pin both to one release, or choose another base with the `runtime-base` decision.",
  }),
  "base-unfit": entry({
    severity: "error",
    message: ({ base, lacks }: { base: string; lacks: string }) =>
      `"${base}" was chosen for the runtime stage, but lacks ${lacks}`,
    help: () => "answer the `runtime-base` decision with one of the images that it offers",
    explain:
      "An answer may name any image. Where the image is known to lack a shell that a RUN of the runtime stage needs, or a user that USER names, the result could not be built or started.",
  }),
  "command-effects-unknown": entry({
    severity: "warning",
    message: ({ command, why }: { command: string; why: string }) => `"${command}" may change anything, since ${why}`,
    help: () =>
      "check that the runtime stage holds everything that it makes for run time; the `outputs:` decision widens that",
    explain:
      "restage knows what common commands read and write. For one that it does not know, it looks for what the image starts: a directory that only this command can have made is taken to be its output. Otherwise the whole working directory stays on the old base image. A command that ran before any file of the project was copied is repeated in the runtime stage.",
  }),
  "command-elsewhere": entry({
    severity: "warning",
    message: ({
      file,
      who,
      command,
      obstacle,
    }: {
      file: string;
      who: string;
      command: string;
      obstacle: string;
      stage: string;
      kind: "service" | "container" | "call";
    }) =>
      `${who} of ${file} runs "${command}" in this image, which ${obstacle}, so the runtime stage is not made for it`,
    help: ({ kind, stage }) =>
      kind === "service"
        ? `add \`target: ${stage}\` to this service's \`build\``
        : `build an image for it with \`docker build --target ${stage}\``,
    explain:
      "Compose files, Kubernetes manifests, scripts and CI files may start an image with a command of their own. What a worker or a migration needs is taken into the runtime stage, as a `command:` decision. A command that tests, builds, starts a development server or needs development dependencies is left out: it belongs to the build stage, which still holds all of that. Answer the `command:` decision with `keep` to have it run in the image that ships.",
  }),
  "command-mixed": entry({
    severity: "error",
    message: ({ command }: { command: string }) =>
      `"${command}" both builds and sets up the system, and its parts cannot be taken apart`,
    help: () => "split it into one RUN that builds and one that sets up what runs",
    explain:
      "A command such as an `if` or a script that compiles and also installs run-time packages or makes users would have to run in both stages. Two separate RUN instructions say which is which.",
  }),
  "context-assumed": entry({
    severity: "assumption",
    message: ({ context, instead }: { context: string; instead: string }) =>
      `the build context is taken to be "${context}", since what COPY takes is there and not in "${instead}"`,
    help: ({ context }) => `build it with \`docker build ${context}\`, or name the context in a compose file`,
    explain:
      "A Dockerfile does not say from which directory it is built. Where no compose file and no build command of the project names it, restage looks where the sources of COPY and ADD are: in the project's root, else beside the Dockerfile.",
  }),
  "context-sources-missing": entry({
    severity: "error",
    message: ({ sources, context }: { sources: string; context: string }) =>
      `COPY takes "${sources}", which the build context "${context}" does not hold`,
    help: () => "run what makes these files before restage, or name the build context in a compose file",
    explain:
      "Files that something else makes before the build are not in the checkout. What is in them cannot be told, so nothing is planned where run time may need it; where only the build reads them, they stay in the build stage.",
  }),
  "destination-unknown": entry({
    severity: "error",
    message: ({ command }: { command: string }) =>
      `"${command}" puts files at a place that is not known, so what run time needs of them cannot be told`,
    help: () => "write the path out, or set the variable with ENV or ARG before it",
    explain:
      "A variable that the Dockerfile does not set may come from the base image, and may name any directory of the image: the one of which an application server deploys what lies there, for example. restage can only move what it knows the place of.",
  }),
  "development-server": entry({
    severity: "error",
    message: ({ command }: { command: string }) =>
      `"${command}" is a development server, so the image is one for development`,
    help: () =>
      'leave this file to development, or let CMD start what a RUN built, such as CMD ["serve", "-s", "build"] or CMD ["node", "server.js"]',
    explain:
      "A development server works on the sources when it runs: it compiles them, or starts again when one of them changes. It needs the sources, the compiler and every development dependency. Nothing of that can stay behind, and to start a production build instead would change what the image does. Servers that many people use in production too, such as `manage.py runserver` and `php artisan serve`, do not count.",
  }),
  "install-unread": entry({
    severity: "error",
    message: ({ toolchain, why }: { toolchain: string; why: string }) =>
      `what ${toolchain} installs cannot be followed, since ${why}`,
    help: () => "install into a place that the Dockerfile names, such as a virtual environment in /opt/venv",
    explain:
      "To copy installed libraries into the runtime stage, restage has to know their directory. It follows from the base image, the options of the command and the user; here one of these is not known, and nothing is guessed.",
  }),
  "nothing-starts": entry({
    severity: "error",
    message: () => "the Dockerfile says neither CMD nor ENTRYPOINT, so it is not known what the image runs",
    help: () => 'add the command that the image starts, such as CMD ["node", "dist/index.js"]',
    explain:
      "What is needed at run time is found by following what starts. An image without CMD and ENTRYPOINT is started with a command that stands elsewhere, so everything in it may be needed.",
  }),
  "only-a-shell-starts": entry({
    severity: "error",
    message: () => "the image starts nothing but a shell, so it is not known what people or scripts run in it",
    help: () => 'add the command that the image starts, such as CMD ["node", "dist/index.js"]',
    explain:
      "Such an image is a place to run commands in, by hand or from a script: docker run IMAGE make. Every tool and library in it may be what they need, so nothing can stay behind.",
  }),
  "onbuild-unread": entry({
    severity: "error",
    message: () => "ONBUILD runs in builds that start from this image, which are not seen here",
    help: () => "move what ONBUILD does into the Dockerfiles that use the image",
    explain:
      "The triggers of ONBUILD run later, on top of the whole image, and may use any tool or file in it. Splitting the image could break builds in other repositories.",
  }),
  "setup-needs-build": entry({
    severity: "error",
    message: ({ command }: { command: string }) =>
      `"${command}" sets up what runs, but may need what the build makes before it`,
    help: () => "move it above the build commands, or into a RUN of its own that reads none of their files",
    explain:
      "What sets up the system has to run in the stage that ships. There it finds only packages and files that this stage has, and not what the build stage made before. Of a command whose effects are not known, it is not known either which files it reads.",
  }),
  "directory-unnamed": entry({
    severity: "error",
    message: () => "what run time needs is made in a directory that mktemp names, so it cannot be copied out of it",
    help: () => "let the command make it in a directory of a fixed name, or copy it to one in the same RUN",
    explain:
      "`mktemp -d` gives a directory another name in every build. COPY has to name what it copies, so nothing in such a directory can move to another stage.",
  }),
  "programs-assumed": entry({
    severity: "assumption",
    message: ({ programs }: { programs: string }) =>
      `the Dockerfile says neither CMD nor ENTRYPOINT, so the image is taken to be for ${programs}`,
    help: () => "name the program in ENTRYPOINT; where the image is for other tools of its base too, exclude it",
    explain:
      "An image without a command starts the shell of its base. Where the build put programs into a directory of PATH, whoever runs the image gives one of them as the command, so these ship, with a shell. Compilers and other tools of the old base are gone.",
  }),
  "secret-in-image": entry({
    severity: "warning",
    message: ({ name }: { name: string }) => `"${name}" looks like a secret, and stays readable in the image`,
    help: () => "give it to the build with RUN --mount=type=secret, and to the container when it is started",
    explain:
      "Values of ENV and of build arguments can be read by anyone who has the image, out of its configuration or its history. restage keeps them as they are, since a build that no longer gets them would fail. The value is not shown here.",
  }),
  "server-assumed": entry({
    severity: "assumption",
    message: ({ base }: { base: string }) =>
      `"${base}" is not known, and is taken by its name to serve PHP out of the directories that hold the project`,
    help: () => "name what the image starts in CMD; `restage verify` shows whether it answers as before",
    explain:
      "The Dockerfile says neither CMD nor ENTRYPOINT, so the image starts what its base does. Its name says that this is PHP. The runtime stage keeps that base, with the project's directories; files that the server reads elsewhere would be missing.",
  }),
  "service-set-up": entry({
    severity: "error",
    message: ({ service }: { service: string }) =>
      `this RUN starts the service "${service}", and what that leaves behind cannot be told`,
    help: ({ service }) => `give "${service}" a container of its own, or set it up in the entrypoint script`,
    explain:
      "A service that is started while the image is built writes its database, its keys or its logs wherever it is configured to. Some of that is needed when the image runs, and a runtime stage that is put together anew would not have it.",
  }),
  "service-unknown": entry({
    severity: "error",
    message: ({ service }: { service: string }) =>
      `no package that is installed here is known to bring the service "${service}"`,
    help: ({ service }) =>
      `install the package of "${service}" by its name, or give the service a container of its own`,
    explain:
      "The image starts a service by the name of its script, which belongs to some package or was written by a command. What is not known to bring it cannot be kept on purpose, and the image would start without one of its services.",
  }),
  "services-unread": entry({
    severity: "error",
    message: ({ program }: { program: string }) => `"${program}" starts services by files that are not read`,
    help: () => "give each service a container of its own, or start them from a shell script",
    explain:
      "A process manager starts whatever its own files name. Those files are not followed, so nobody can tell which programs, libraries and directories the services need, and one of them could be lost.",
  }),
  "stage-unreached": entry({
    severity: "error",
    message: ({ stage }: { stage: string }) => `nothing that ships would come out of the stage "${stage}" any more`,
    help: ({ stage }) => `copy something that ships from "${stage}", or take out the COPY that is only there to run it`,
    explain:
      "The last stage copies from this one, and what it copies does not ship. A build stage only runs when a later stage needs something of it, so whatever it checks would silently stop to gate the build.",
  }),
  "supervised-unread": entry({
    severity: "warning",
    message: ({ program, why }: { program: string; why: string }) =>
      `what "${program}" starts cannot be told, since ${why}; all of the project stays in the image`,
    help: () => "put the file that says what starts into the build context, and bring it with COPY",
    explain:
      "A supervisor or scheduler (supervisord, s6, runit, cron, a runner of a Procfile) reads from files of its own which programs it starts. restage reads them where COPY brings them from the build context. One that a command writes, that comes from elsewhere or that is mounted when the image starts may name any program: so the project's directories stay as the build left them, on the old base image, and programs that the build installed elsewhere are asked about.",
  }),
  "tests-ungated": entry({
    severity: "error",
    message: () => "nothing that ships comes out of the stage with these tests, so a build would no longer run them",
    help: () => "answer the `tests` decision with `target` or `drop`, or move the tests out of the Dockerfile",
    explain:
      "A build stage only runs when a later stage needs something of it. Where the runtime stage takes everything from elsewhere, tests in another stage would silently stop to gate the build.",
  }),
  "toolchain-unsupported": entry({
    severity: "error",
    message: ({ toolchain }: { toolchain: string }) => `builds with "${toolchain}" are not read yet`,
    help: () => "write the stages of this Dockerfile by hand, or exclude it",
    explain:
      "restage knows what each build command writes and what its result needs at run time for Node.js and Go. For other toolchains it does not guess.",
  }),
  "unshared-stage-reference": entry({
    severity: "error",
    message: ({ reference }: { reference: string }) => `"--from=${reference}" names no earlier stage of this file`,
    help: () => "name a stage that stands above this line, or an image",
    explain: "A number in `--from` counts the FROM lines from 0, and may only point to an earlier one.",
  }),
} as const;
