/**
 * How the wizard asks: one choice of several. Behind it stands inquirer on a terminal, and a script in tests.
 *
 *     await asker.choose({ message: "What now?", choices: [{ value: "apply", name: "Apply it" }] })     // "apply"
 *
 * Ctrl-C, and an input that ends, throw `Left`.
 */
export interface Choice<Value> {
  readonly value: Value;
  readonly name: string;
  /** Shown for the choice that the cursor is on; in plain mode behind its name. */
  readonly description?: string;
}

export interface Question<Value> {
  readonly message: string;
  readonly choices: readonly Choice<Value>[];
}

export interface Asker {
  choose<Value>(question: Question<Value>): Promise<Value>;
  text(message: string, standard: string): Promise<string>;
}

/** The user left, and wants nothing done. */
export class Left extends Error {
  constructor() {
    super("the wizard was left");
  }
}

export interface AskerOptions {
  readonly plain: boolean;
  /** Lines of the terminal. */
  readonly rows: number;
  readonly streams: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
}

/**
 * Prompts of inquirer, loaded here, since that takes longer than a migration. `plain`: numbered lists that are typed, with nothing that
 * moves, for screen readers and terminals that cannot move the cursor.
 */
export async function terminalAsker({ plain, rows, streams }: AskerOptions): Promise<Asker> {
  if (plain) return lineAsker(streams);
  const { default: inquirer } = await import("inquirer");
  const ask = async <Value>(question: Record<string, unknown>): Promise<Value> => {
    try {
      const { answer } = await inquirer.prompt([{ ...question, name: "answer" } as never]);
      return answer as Value;
    } catch (error) {
      if (error instanceof Error && error.name === "ExitPromptError") throw new Left();
      throw error;
    }
  };
  return {
    choose: async ({ message, choices }) => {
      // By number, so that the cursor begins at the first whatever the values are.
      const items = choices.map(({ name, description }, value) => ({
        value,
        name,
        ...(description === undefined ? {} : { description }),
      }));
      const pageSize = Math.max(5, Math.min(choices.length, rows - 8));
      const index = await ask<number>({ type: "select", message, choices: items, default: 0, loop: false, pageSize });
      return (choices[index] as (typeof choices)[number]).value;
    },
    text: (message, standard) => ask({ type: "input", message, default: standard }),
  };
}

/** Asks in whole lines: "1) …", "2) …", and a number as the answer. */
async function lineAsker({ input, output }: AskerOptions["streams"]): Promise<Asker> {
  const { createInterface } = await import("node:readline/promises");
  const question = async (text: string): Promise<string> => {
    const reader = createInterface({ input, output });
    const ended = new Promise<never>((_, reject) => {
      reader.once("close", () => reject(new Left()));
      reader.once("SIGINT", () => reject(new Left()));
    });
    try {
      return await Promise.race([reader.question(text), ended]);
    } finally {
      reader.removeAllListeners("close");
      reader.close();
    }
  };
  return {
    choose: async ({ message, choices }) => {
      const lines = choices.map(
        ({ name, description }, index) =>
          `  ${index + 1}) ${name}${description === undefined ? "" : `. ${description}`}`,
      );
      for (;;) {
        const typed = (await question(`${message}\n${lines.join("\n")}\nNumber, 1 to ${choices.length}: `)).trim();
        const chosen = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined;
        if (chosen !== undefined) return chosen.value;
      }
    },
    text: async (message, standard) => (await question(`${message} (${standard}): `)).trim() || standard,
  };
}
