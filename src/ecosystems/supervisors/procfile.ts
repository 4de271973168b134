/**
 * What runners of a Procfile start (https://devcenter.heroku.com/articles/procfile#procfile-format):
 *
 *     honcho start            every line of ./Procfile
 *     foreman start worker    `worker: bundle exec sidekiq` alone
 *     goreman -f Procs start  ./Procs
 *
 * `honcho run …` and `foreman run …` start one command, with the variables of `.env`.
 */
import { imagePath } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { commandText, readOperands } from "../operands.ts";
import { starts, tells, untold } from "./started-by.ts";

/** Of foreman, honcho, goreman, forego, hivemind and overmind, whose short options agree but for a few without a file. */
const VALUED =
  "-f --procfile -d --root --app-root -e --env -p --port -m --formation --concurrency -c -t --timeout -l --processes".split(
    " ",
  );

/** Needs of the processes that a Procfile names. */
export function procfileNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { values, operands } = readOperands(command.argv, VALUED);
  // hivemind has no verbs, and takes the file as its operand.
  const bare = command.name === "hivemind";
  const [verb, ...names] = bare ? [] : operands;
  const root = values.get("-d") ?? values.get("--root") ?? values.get("--app-root");
  const workdir = root?.known === true ? imagePath(root.text, command.workdir) : command.workdir;
  if (verb?.text === "run") return oneCommand(command);
  if (verb !== undefined && !/^(?:start|s)$/.test(verb.text)) return [];
  const given = values.get("-f") ?? values.get("--procfile") ?? (bare ? operands[0] : undefined);
  if (given?.known === false) return untold(`"${given.text}" is not known`, command, image);
  const path = imagePath(given?.text ?? "Procfile", workdir);
  const text = image.read(path);
  if (text === undefined) return untold(`"${path}" is not in the checkout`, command, image);
  const variables = imagePath("../.env", path);
  const wanted = names.map((one) => one.text);
  const processes = parseProcfile(text).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  return [
    tells(path, command),
    ...(image.kindOf(variables) === undefined ? [] : [tells(variables, command)]),
    ...processes.map((one) => starts(one.command, command, workdir, command.environment)),
  ];
}

function oneCommand(command: ResolvedCommand): readonly RuntimeNeed[] {
  const rest = command.argv.slice(command.argv.findIndex(({ text }) => text === "run") + 1);
  const at = rest.findIndex(({ text }) => !text.startsWith("-"));
  return at < 0 ? [] : [starts(commandText(rest.slice(at)), command, command.workdir, command.environment)];
}

/** `name: command` on each line; what is not of that form does not count. */
function parseProcfile(text: string): readonly { readonly name: string; readonly command: string }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, command] = /^([\w-]+):\s*(.+)$/.exec(line) ?? [];
    return name === undefined || command === undefined ? [] : [{ name, command }];
  });
}
