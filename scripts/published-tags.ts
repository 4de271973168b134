/**
 * Makes `src/ecosystems/published-tags.ts`: the tags of official images that runtime bases are derived to.
 *
 *     git clone https://github.com/docker-library/official-images DIR
 *     node scripts/run-ts.mjs scripts/published-tags.ts DIR      bare clones will do
 *
 * Every state of `library/NAME` on the main line counts, since a tag stays on Docker Hub when its file no longer has it. Images for
 * Windows do not count. Files from before 2016 have a line for each tag, `1.2: git://…@COMMIT DIR`; later ones have `Tags:` and `SharedTags:`
 * (https://github.com/docker-library/official-images#library-definition-files).
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** What rules derive, by name: `WANTED` keeps the table small, and a tag of another form is not known to it. */
const WANTED: Readonly<Record<string, RegExp>> = {
  alpine: /^\d+\.\d+$/,
  debian: /^[a-z]+-slim$/,
  "eclipse-temurin": /^[\w.]+-jre(?:-[\w.-]+)?$/,
  nginx: /^stable-(?:alpine|bookworm)$/,
  node: /^(?!.*chakracore)(?:.+-)?slim$/,
  openjdk: /^\d+-jre(?:-slim)?(?:-[a-z]+)?$|^\d+-jre-alpine$/,
  python: /^(?!.*(?:rc|\d[ab]\d))(?:[\w.]+-)?slim(?:-[a-z]+)?$/,
  ruby: /^(?!.*(?:rc|preview))(?:[\w.]+-)?slim(?:-[a-z]+)?$/,
};

function git(directory: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("git", ["-C", directory, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

function tagsIn(text: string): readonly string[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    if (/^Constraints:.*windows/m.test(stanza)) return [];
    const lists = [...stanza.matchAll(/^(?:Shared)?Tags:(.*(?:\n[ \t].*)*)/gm)].flatMap(([, list = ""]) =>
      list.split(/[,\s]+/),
    );
    const lines = [...stanza.matchAll(/^([\w.-]+):\s+(?:git|https?):\/\//gm)].map(([, tag = ""]) => tag);
    return [...lists, ...lines].filter((tag) => tag !== "");
  });
}

function publishedTags(directory: string, name: string): readonly string[] {
  const log = git(directory, [
    "log",
    "--first-parent",
    "-m",
    "--raw",
    "--no-abbrev",
    "--format=",
    "--",
    `library/${name}`,
  ]);
  const states = new Set([...log.matchAll(/^:\d+ \d+ \w+ (\w+) [AM]\t/gm)].map(([, id = ""]) => id));
  const texts = git(directory, ["cat-file", "--batch=%(objecttype)"], [...states].join("\n"));
  return [...new Set(tagsIn(texts.replaceAll(/^blob$/gm, "")))];
}

/** `["3.11.0", "3.11.1", "3.11.2", "3.12"]` → `3.11.0..2 3.12`: runs of the last number, which `knownVersions` reads back. */
function ranges(versions: readonly string[]): string {
  const lasts = new Map<string, number[]>();
  for (const version of versions) {
    const [, head = "", last = ""] = /^(.*[._])?(\d+)$/.exec(version) ?? [];
    lasts.set(head, [...(lasts.get(head) ?? []), Number(last)]);
  }
  return [...lasts]
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .flatMap(([head, numbers]) => runs(numbers.sort((a, b) => a - b)).map((run) => `${head}${run}`))
    .join(" ");
}

function runs(numbers: readonly number[]): readonly string[] {
  const found: { readonly from: number; to: number }[] = [];
  for (const number of numbers) {
    const open = found.at(-1);
    if (open !== undefined && open.to + 1 === number) open.to = number;
    else found.push({ from: number, to: number });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}..${to}`));
}

function rowsOf(tags: readonly string[]): readonly (readonly [suffix: string, versions: string])[] {
  const bySuffix = new Map<string, string[]>();
  const words: string[] = [];
  for (const tag of tags) {
    // A number with a leading zero would not read back the same.
    const [, version, suffix = ""] = /^((?:(?:0|[1-9]\d*)[._])*(?:0|[1-9]\d*))(-.+|)$/.exec(tag) ?? [];
    if (version === undefined) words.push(tag);
    else bySuffix.set(suffix, [...(bySuffix.get(suffix) ?? []), version]);
  }
  const rows = [...bySuffix]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([suffix, all]) => [suffix, ranges(all)] as const);
  return words.length === 0 ? rows : [...rows, ["*", words.sort().join(" ")]];
}

const [directory = "."] = process.argv.slice(2);
const [commit = "", date = ""] = git(directory, ["log", "-1", "--format=%H %cs"]).trim().split(" ");
const entries = Object.entries(WANTED).map(([name, wanted]) => {
  const rows = rowsOf(publishedTags(directory, name).filter((tag) => wanted.test(tag)));
  const lines = rows.map(([suffix, versions]) => `    ${JSON.stringify(suffix)}:\n      ${JSON.stringify(versions)},`);
  return `  ${JSON.stringify(name)}: {\n${lines.join("\n")}\n  },`;
});
writeFileSync(
  "src/ecosystems/published-tags.ts",
  `/**
 * Tags of official images that runtime bases are derived to, by name and by what follows the version. Made by scripts/published-tags.ts,
 * whose comment says out of what.
 *
 *     PUBLISHED.python["-slim"]     "3.11 3.11.0..13 3.12 …": python:3.11-slim, python:3.11.0-slim …
 *     PUBLISHED.python["*"]         tags without a version: python:slim
 */

/** The state of https://github.com/docker-library/official-images that the table was made from. */
export const PUBLISHED_AT = { commit: "${commit}", date: "${date}" };

export const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${entries.join("\n")}
};
`,
);
