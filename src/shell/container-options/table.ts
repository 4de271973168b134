/**
 * The notation of the option tables: names by verb, with the one-letter form before a slash and `=` after what takes a value.
 *
 *     build: "f/file= no-cache t/tag="     // -f x, --file x, --no-cache, -t x, --tag x
 *
 * `""` holds the options that stand before the verb.
 */

/** Options by verb. */
export type OptionTable = Readonly<Record<string, string>>;

export interface OptionSpec {
  /** The long name without dashes, of several the one in use today. */
  readonly name: string;
  /** False also for options such as `--pull` that take a value only after `=`. */
  readonly takesValue: boolean;
}

/** Options as they are typed, dashes included. */
export type OptionIndex = ReadonlyMap<string, OptionSpec>;

/** Older names and the ones that took their place (https://docs.docker.com/engine/deprecated/). */
const RENAMED: Readonly<Record<string, string>> = {
  "dns-opt": "dns-option",
  net: "network",
  "net-alias": "network-alias",
  time: "timeout",
};

/** Reads one or more rows of a table; where they differ the earlier row holds. */
export function indexOptions(rows: readonly string[]): OptionIndex {
  const index = new Map<string, OptionSpec>([["--help", { name: "help", takesValue: false }]]);
  for (const entry of rows.flatMap((row) => row.split(/\s+/).filter((name) => name !== ""))) {
    const [, short, long = "", value] = /^(?:(\w)\/)?([^=]+)(=?)$/.exec(entry) ?? [];
    const spec = { name: RENAMED[long] ?? long, takesValue: value === "=" };
    if (!index.has(`--${long}`)) index.set(`--${long}`, spec);
    if (short !== undefined && !index.has(`-${short}`)) index.set(`-${short}`, spec);
  }
  return index;
}
