/**
 * Commands that bring files from the network or out of archives:
 *
 *     curl -fsSL -o /usr/local/bin/jq https://…     downloads the file /usr/local/bin/jq
 *     git clone https://… /src/lib                  downloads the directory /src/lib
 *     tar -C /usr/local -xzf go.tar.gz              writes below /usr/local
 *
 * What an archive holds is not known, only where it goes.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { unpackedBuild } from "./unpacked.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];

/** The effects of a download or an unpacking, or `undefined` when it is none. */
export function readDownload(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  switch (command.name) {
    case "curl":
      return curl(command);
    case "wget":
      return wget(command);
    case "git":
      return git(command);
    case "tar":
      return tar(command, image);
    case "unzip": {
      const { values, operands } = readOperands(command.argv, ["-d"]);
      return unpackInto(command, values.get("-d"), operands[0], false, image);
    }
    case "gunzip":
    case "bunzip2":
    case "unxz":
      return [{ kind: "writes", path: command.workdir, form: "directory" }];
    default:
      return undefined;
  }
}

function file(command: ResolvedCommand, name: Argument, url: Argument | undefined): Effect {
  if (!name.known) return { kind: "unknown", why: "the name of the downloaded file is not known" };
  const path = imagePath(name.text, command.workdir);
  return { kind: "download", path, form: "file", ...(url === undefined ? {} : { url: url.text }) };
}

function urlName(url: Argument | undefined): Argument | undefined {
  if (url === undefined) return undefined;
  return { ...url, text: baseName(url.text.replace(/[?#].*$/, "")) || "index.html" };
}

const CURL_VALUES = [
  "-o",
  "--output",
  "-H",
  "--header",
  "-d",
  "--data",
  "-u",
  "--user",
  "-X",
  "--request",
  "-A",
  "--retry",
];

function curl(command: ResolvedCommand): readonly Effect[] {
  const { options, values, operands } = readOperands(command.argv, [
    ...CURL_VALUES,
    "--retry-delay",
    "--connect-timeout",
    "-m",
  ]);
  const named = values.get("-o") ?? values.get("--output");
  const [only] = operands;
  if (named !== undefined) return named.text === "-" ? NOTHING : [file(command, named, only)];
  if (!options.has("-O") && !options.has("--remote-name")) return NOTHING;
  return operands.map((url) => file(command, urlName(url) ?? url, url));
}

function wget(command: ResolvedCommand): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, [
    "-O",
    "--output-document",
    "-P",
    "--directory-prefix",
    "--header",
    "-t",
    "-T",
  ]);
  const named = values.get("-O") ?? values.get("--output-document");
  const [only] = operands;
  if (named !== undefined) return named.text === "-" ? NOTHING : [file(command, named, only)];
  const directory = values.get("-P") ?? values.get("--directory-prefix");
  return operands.map((url) => {
    const name = urlName(url) ?? url;
    return file(command, directory === undefined ? name : { ...name, text: `${directory.text}/${name.text}` }, url);
  });
}

function git(command: ResolvedCommand): readonly Effect[] {
  const [, verb, ...rest] = command.argv;
  if (verb === undefined || /^(config|version|--version|describe|rev-parse|log|status)$/.test(verb.text))
    return NOTHING;
  if (verb.text !== "clone") return [{ kind: "writes", path: command.workdir, form: "directory" }];
  const { operands } = readOperands(
    [verb, ...rest],
    ["-b", "--branch", "--depth", "-c", "--config", "-j", "--jobs", "-o"],
  );
  const [url, target] = operands;
  const name = target ?? (url === undefined ? undefined : { ...url, text: baseName(url.text).replace(/\.git$/, "") });
  if (name === undefined || !name.known)
    return [{ kind: "unknown", why: "the directory that it clones into is not known" }];
  return [{ kind: "download", path: imagePath(name.text, command.workdir), form: "directory" }];
}

function tar(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const bundle = command.argv[1]?.text ?? "";
  const dashless = /^[a-zA-Z]+$/.test(bundle);
  const argv = dashless
    ? command.argv.map((field, at) => (at === 1 ? { ...field, text: `-${field.text}` } : field))
    : command.argv;
  const { options, values } = readOperands(argv, [
    "-f",
    "--file",
    "-C",
    "--directory",
    "--strip-components",
    "--strip",
  ]);
  const archive = values.get("-f") ?? values.get("--file");
  const stripped = options.has("--strip-components") || options.has("--strip");
  if (options.has("-x") || options.has("--extract"))
    return unpackInto(command, values.get("-C") ?? values.get("--directory"), archive, stripped, image);
  return archive === undefined || !archive.known || options.has("-t")
    ? NOTHING
    : [{ kind: "writes", path: imagePath(archive.text, command.workdir), form: "file" }];
}

function unpackInto(
  command: ResolvedCommand,
  directory: Argument | undefined,
  archive: Argument | undefined,
  stripped: boolean,
  image: ImageView,
): readonly Effect[] {
  if (directory?.known === false) return [{ kind: "unknown", why: "the directory that it unpacks into is not known" }];
  const path: ImagePath = directory === undefined ? command.workdir : imagePath(directory.text, command.workdir);
  const built = unpackedBuild(archive, path, stripped, command, image);
  if (built !== undefined) return [built];
  return [{ kind: "writes", path, form: "directory" }];
}
