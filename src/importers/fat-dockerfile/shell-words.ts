/**
 * A text as the words that a shell would split it into, variables left as they are written:
 *
 *     sh -c "exec ./app $PORT" --all     sh, -c, exec ./app $PORT, --all
 */
import { parseShell } from "../../shell/parse.ts";
import { evaluateWords } from "../../shell/values.ts";
import { argument } from "./commands.ts";

/** The words of a text that is one command; of any other text the words of its first one. */
export function shellWords(text: string): readonly string[] {
  const [first] = parseShell(text.trim()).statements;
  const command = first?.kind === "command" ? first : undefined;
  if (command === undefined) return text.trim().split(/\s+/);
  return evaluateWords(command.words, { lookup: () => undefined, substitute: () => undefined }).map(
    (field) => argument(field).text,
  );
}
