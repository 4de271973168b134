import { entry } from "../entry.ts";

/** What is said about: the project's files, how they are read and written, the configuration and the command line. */
export const PROJECT = {
  "project-missing": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `the directory "${path}" does not exist`,
    help: () => `give the directory that holds the project, for example "restage migrate ."`,
    explain: `The directory that was given on the command line is not there, so nothing was read. The directory is the root of
the project: all paths in the answer count from it, and nothing above it is read or changed.`,
  }),
  "project-not-directory": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is not a directory`,
    help: ({ path }) =>
      `give the project's directory, and the file by an option: "restage migrate . --dockerfile ${path}"`,
    explain: `A file was given where the project's directory is expected. A Dockerfile alone does not say enough: what \`npm run
build\` makes stands in \`package.json\`. Give the directory, and limit the answer to one file with \`--dockerfile\` or
\`--script\`.`,
  }),
  "project-unreadable": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `the directory "${path}" cannot be read`,
    help: ({ path }) => `make it readable: "chmod u+rx ${path}"`,
    explain: `The system refused to list the directory, so nothing was read.`,
  }),
  "file-missing": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" does not exist`,
    help: () => `correct the path, or restore the file: "git status" shows what is gone`,
    explain: `A file that takes part in the build is not in the project. It may be made by an earlier step that is not part of
the checkout, or the path may be wrong.`,
  }),
  "file-directory": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is a directory, not a file`,
    help: ({ path }) => `name the file in it: "${path}/Dockerfile"`,
    explain: `A file is expected here, and the path leads to a directory.`,
  }),
  "file-binary": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is a binary file`,
    help: ({ path }) => `look at what it is: "file ${path}"`,
    explain: `The file holds a zero byte, so it is no text. The engine could not read it as a Dockerfile or script either.`,
  }),
  "file-invalid-utf8": entry({
    severity: "error",
    message: ({ path, detail }: { path: string; detail?: string | undefined }) =>
      `"${path}" is not valid UTF-8${detail === undefined ? "" : `: ${detail}`}`,
    help: ({ path }) => `convert it: "iconv -f ISO-8859-1 -t UTF-8 ${path}"`,
    explain: `The file is not UTF-8 text, often since an editor saved it in an older encoding or in UTF-16. Changing such a file
could damage what cannot be read, so it is left alone.`,
  }),
  "file-unreadable": entry({
    severity: "error",
    message: ({ path, detail }: { path: string; detail?: string | undefined }) =>
      `"${path}" cannot be read${detail === undefined ? "" : ` (${detail})`}`,
    help: ({ path }) => `make it a readable file: "chmod u+r ${path}"`,
    explain: `The system refused to open the file, or it is a pipe, socket or device instead of a regular file.`,
  }),
  "file-too-large": entry({
    severity: "error",
    message: ({ path, detail }: { path: string; detail?: string | undefined }) =>
      `"${path}" is too large to read${detail === undefined ? "" : ` (${detail})`}`,
    help: () => `move the data out of the file: 32 MiB is the most that is read as one text`,
    explain: `Dockerfiles and scripts are read as a whole. A file of more than 32 MiB holds data rather than instructions.`,
  }),
  "file-outside": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" leads outside the project`,
    help: () => `give the directory above as the project, or put a copy of the file into it`,
    explain: `The path, or a symlink on its way, leaves the project's directory. Nothing outside is read or changed.`,
  }),
  "file-changed": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" changed after it was read`,
    help: () => `run the command again, so that it starts from the file as it is now`,
    explain: `Between reading and writing, another program changed, created or removed the file. All files of a change set are
written or none, so nothing was written.`,
  }),
  "file-uncommitted": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" has changes that are not committed`,
    help: () => `commit or stash them first, or add "--force" to write all the same`,
    explain: `Git shows changes in a file that would be written. Committed first, they stay apart from the migration, and both can
be reviewed and taken back alone. With \`--force\` the file is written; \`restage undo\` still restores it byte for byte.`,
  }),
  "batch-url": entry({
    severity: "error",
    message: ({ url }: { url: string }) => `"${url}" is an address, and only directories are taken`,
    help: () => "clone it, and put the clone's path into the list",
    explain: `\`restage batch\` reads directories. Addresses of git repositories are not cloned yet.`,
  }),
  "batch-input-unreadable": entry({
    severity: "error",
    message: ({ path, detail }: { path: string; detail: string }) => `"${path}" cannot be read (${detail})`,
    help: () => "give the directory of a repository, or a file with the path of one in each line",
    explain: `The input of \`restage batch\` is a directory, which is one repository, or a list of directories.`,
  }),
  "run-not-empty": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is not empty`,
    help: () => `give a directory to "--out" that is empty or not there yet`,
    explain: `A run has a directory of its own, so that nothing of another run or of a repository is written over.`,
  }),
  "run-unreadable": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is no run of "restage batch", or cannot be read`,
    help: () => `give the directory that "restage batch INPUT --out DIR" made`,
    explain: `A run holds \`run.json\`, \`journal.jsonl\` and a file in \`results\` for each line of the journal.`,
  }),
  "write-denied": entry({
    severity: "error",
    message: ({ path, detail }: { path: string; detail?: string | undefined }) =>
      `"${path}" cannot be written${detail === undefined ? "" : ` (${detail})`}`,
    help: ({ path }) => `make it and its directory writable: "chmod u+w ${path}", then run the command again`,
    explain: `The file, its directory or the file system is read-only, or the disk is full. All files of a change set are written or
none, so nothing was written.`,
  }),
  "write-through-link": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is a symlink or lies behind one`,
    help: () => `replace the symlink by the file that it leads to, or change that file by hand`,
    explain: `Writing through a symlink would change a file that has another name, perhaps outside the project. So restage writes only
to regular files in real directories.`,
  }),
  "write-not-allowed": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" is not a file of the project`,
    help: () => `please report this: a change set must name files of the project only`,
    explain: `A change set named an absolute path, a path that leaves the project, git's own directory, or one file twice. None of
these is ever written.`,
  }),
  "apply-interrupted": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `an earlier "restage migrate --write" in "${path}" was interrupted`,
    help: () => `type "restage undo" to restore the files as they were before`,
    explain: `A journal of an unfinished change set was found: the process was killed or the machine stopped while it wrote. Until the
files are restored they may be half old and half new, so nothing is read from them. \`restage undo\` restores them; so does the next
\`restage migrate --write\`, before it reads.`,
  }),
  "apply-running": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `another restage is writing in "${path}"`,
    help: () => `wait until it is done, then run the command again`,
    explain: `Two change sets must not be written into one project at the same time. If no other restage runs, try again in a few
seconds: the journal is then taken as left behind by an interrupted run.`,
  }),
  "apply-rolled-back": entry({
    severity: "warning",
    message: ({ path }: { path: string }) => `the files of an interrupted run in "${path}" were restored`,
    explain: `A journal of an unfinished change set was found, and its files were restored to what they were before, byte for byte.`,
  }),
  "undo-changed": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" changed since restage wrote it`,
    help: () => `take your later changes back first, or restore the file by hand: "git diff" shows them`,
    explain: `Undo restores files byte for byte, which would also remove what was changed after the migration. So it restores all files
or none, and only while each is what restage wrote.`,
  }),
  "undo-record-broken": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `the record "${path}" cannot be read`,
    help: () => `restore the files with git: "git diff" shows what restage wrote`,
    explain: `The record of what was written is damaged or was made by another version, so nothing can be restored from it.`,
  }),
  "config-invalid": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => problem,
    help: () => `write it as "answers: { <setup id or *>: { <decision id>: <value> } }"`,
    explain: `\`.restage.yml\` and the file of \`--answers\` hold answers to decisions, by setup and decision:

\`\`\`yaml
answers:
  "*":
    tests: gate
  "fat-dockerfile:Dockerfile":
    runtime-base: debian:bookworm-slim
\`\`\`

\`restage migrate\` lists each decision with its id and its values.`,
  }),
  "setup-missing": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" takes part in no container build`,
    help: () => `type "restage scan" for the builds that are found`,
    explain: `The answer was limited to one Dockerfile or script, and no build is found there: the script runs no container build that
can be followed, or the Dockerfile belongs to a build that a script runs. \`restage scan\` lists what is found, each with the file
that it starts from.`,
  }),
  "patch-not-replaced": entry({
    severity: "error",
    message: ({ path }: { path: string }) => `"${path}" exists and is not a patch`,
    help: ({ path }) => `give another name, for example "--patch ${path}.patch", or remove the file`,
    explain: `\`--patch FILE\` writes the patch to FILE. A file that is there is replaced only when it is empty or is itself a patch, so
that a slip such as \`--patch Dockerfile\` cannot destroy a file of the project.`,
  }),
  "patch-below-top": entry({
    severity: "warning",
    message: ({ folder }: { folder: string }) =>
      `the paths of the patch count from "${folder}", which is not the top of its repository`,
    help: ({ folder }) =>
      `apply it with "git apply --directory=${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}"`,
    explain: `All paths in a patch count from the project's directory. \`git apply\` takes them to count from the top of the repository, and
passes over files that are not there, without an error, when it is run in a folder below. \`--directory\` says where the project lies;
\`restage migrate --write\` needs no patch at all.`,
  }),
  "command-missing": entry({
    severity: "error",
    message: () => "no command is given, and there is no terminal to ask on",
    help: () => `type "restage migrate" to see what would change here, or "restage --help" for all commands`,
    explain: `\`restage\` alone is the wizard, which needs a terminal for its input and its output. \`restage migrate\` prints the explained
diff and writes nothing; with \`--answers\` it takes the decisions that the wizard would ask about.`,
  }),
  "command-line-invalid": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => problem,
    help: ({ command }: { problem: string; command: string }) =>
      command === "" ? `type "restage --help" for the commands` : `type "restage ${command} --help" for the options`,
    explain: `The command line cannot be understood: an unknown command or option, an option without its value, a single-valued option
given twice, or options that exclude each other. Nothing was read or written, and the exit code is 2.`,
  }),
  "internal-error": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `restage failed: ${problem}`,
    help: () => `please report it with the file that caused it; RESTAGE_DEBUG=1 shows where it happened`,
    explain: `This is a bug in restage, not in your files. Nothing is written when it happens.`,
  }),
} as const;
