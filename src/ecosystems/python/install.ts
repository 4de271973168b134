/**
 * `pip`:
 *
 *     pip install flask -r requirements.txt     libraries
 *     pip install -e .                          libraries that point to the sources, which have to stay
 *     pip wheel -w /wheels .                    writes /wheels
 *
 * Options: https://pip.pypa.io/en/stable/cli/pip_install/.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { dependencies } from "./libraries.ts";
import { isPrefix, prefixOf } from "./prefixes.ts";
import { joinLists, type PackageList, readProject, readRequirements, requirementName } from "./requirements.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];

const VALUED =
  `-r --requirement -c --constraint -e --editable -t --target --prefix --root -i --index-url --extra-index-url
  -f --find-links --src --platform --python-version --implementation --abi --upgrade-strategy --global-option --install-option
  --config-settings --no-binary --only-binary --progress-bar --report --proxy --retries --timeout --trusted-host --cert --client-cert
  --cache-dir --log -w --wheel-dir -d --dest --build -b --python`.split(/\s+/);

export function readInstall(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { options, values, operands } = readOperands(command.argv, VALUED);
  const [verb, ...packages] = operands;
  switch (verb?.text) {
    case "install":
      break;
    case "wheel":
    case "download": {
      const target = values.get("-w") ?? values.get("--wheel-dir") ?? values.get("-d") ?? values.get("--dest");
      const path = imagePath(target?.text ?? ".", command.workdir);
      return [{ kind: "writes", path, form: "directory" }];
    }
    default:
      return NOTHING;
  }
  if (values.get("--root") !== undefined) return [refused("it installs below another root directory")];
  const setting = (name: string): string | undefined => {
    const value = command.environment.get(name);
    return value?.known === true && value.text !== "" ? value.text : undefined;
  };
  const target = (values.get("-t") ?? values.get("--target"))?.text ?? setting("PIP_TARGET");
  const directory = values.get("--prefix")?.text ?? setting("PIP_PREFIX");
  const prefix = prefixOf(
    command,
    {
      user: options.has("--user") || setting("PIP_USER") !== undefined,
      ...(target === undefined ? {} : { target }),
      ...(directory === undefined ? {} : { prefix: directory }),
    },
    image,
  );
  if (!isPrefix(prefix)) return [refused(prefix.unread)];
  const editable = editables(command.argv, command.workdir);
  const list = joinLists([
    ...packages.map((field) => listOf(field, command.workdir, image)),
    ...requirementFiles(command.argv).map((field) => fileOf(field, command.workdir, image)),
    ...editable.map((path) => readProject(path, image)),
  ]);
  const beside = editable.filter((path) => path !== "/" && image.kindOf(path) === "directory");
  return [dependencies(prefix, list, command, image, beside)];
}

function refused(why: string): Effect {
  return { kind: "foreign", toolchain: "pip", what: "dependencies", why };
}

function listOf(field: Argument, workdir: ImagePath, image: ImageView): PackageList {
  if (!field.known) return { names: [], complete: false };
  const name = requirementName(field.text);
  if (name !== undefined) return { names: [name], complete: true };
  return readProject(imagePath(field.text, workdir), image);
}

function fileOf(field: Argument, workdir: ImagePath, image: ImageView): PackageList {
  return field.known ? readRequirements(imagePath(field.text, workdir), image) : { names: [], complete: false };
}

/** The values of an option that may be given several times. */
function valuesOf(argv: readonly Argument[], short: string, long: string): readonly Argument[] {
  return argv.flatMap((field, at) => {
    if (field.text === short || field.text === long) return argv[at + 1] ?? [];
    if (field.text.startsWith(`${long}=`)) return { ...field, text: field.text.slice(long.length + 1) };
    return /^-[a-z]./.test(field.text) && field.text.startsWith(short) ? { ...field, text: field.text.slice(2) } : [];
  });
}

function requirementFiles(argv: readonly Argument[]): readonly Argument[] {
  return valuesOf(argv, "-r", "--requirement");
}

function editables(argv: readonly Argument[], workdir: ImagePath): readonly ImagePath[] {
  return valuesOf(argv, "-e", "--editable")
    .filter(({ text, known }) => known && !text.includes("://"))
    .map(({ text }) => imagePath(text.replace(/\[[^\]]*\]$/, ""), workdir));
}
