/**
 * Programs that work on the sources for as long as the image runs, whichever ecosystem they belong to:
 *
 *     nodemon server.js            starts again when a source changes
 *     air                          builds the Go program again
 *     flask run --debug            reloads, and shows a debugger to who asks
 *
 * An image that starts one is for development. Left out on purpose is what many people serve with in production, whatever its
 * manual says: `manage.py runserver`, `php artisan serve`, `flask run`, `rails server` without an environment.
 * Servers that a tool of Node's brings along are known to ecosystems/node.
 */
import type { ResolvedCommand } from "./ecosystem.ts";

interface Development {
  /** Of the words after the program's name, one space between them; absent: always. */
  readonly when?: RegExp;
  /** Variables that say the same. */
  readonly environment?: Readonly<Record<string, RegExp>>;
  readonly source: string;
}

const AIR = "https://github.com/air-verse/air/blob/master/README.md";
const GUARD = "https://github.com/guard/guard/blob/master/README.md";
const TRUE = /^(?:1|true|on|yes)$/i;

const PROGRAMS: Readonly<Record<string, Development>> = {
  air: { source: AIR },
  astro: { when: /^dev\b/, source: "https://docs.astro.build/en/reference/cli-reference/#astro-dev" },
  "browser-sync": { when: /^start\b/, source: "https://browsersync.io/docs/command-line" },
  bun: { when: /(?:^|\s)--(?:watch|hot)\b/, source: "https://bun.sh/docs/runtime/hot" },
  CompileDaemon: { source: "https://github.com/githubnemo/CompileDaemon/blob/master/README.md" },
  deno: {
    when: /(?:^|\s)--watch(?:-hmr)?\b/,
    source: "https://docs.deno.com/runtime/getting_started/command_line_interface/",
  },
  dlv: {
    when: /^(?:debug|test)\b/,
    source: "https://github.com/go-delve/delve/blob/master/Documentation/usage/dlv_debug.md",
  },
  fastapi: { when: /^dev\b/, source: "https://fastapi.tiangolo.com/fastapi-cli/#fastapi-dev" },
  flask: {
    when: /(?:^|\s)run\b.*\s--(?:debug|reload)\b|--debug\b.*\srun\b/,
    environment: { FLASK_DEBUG: TRUE, FLASK_ENV: /^development$/ },
    source: "https://flask.palletsprojects.com/en/stable/server/",
  },
  fresh: { source: "https://github.com/gravityblast/fresh/blob/master/README.md" },
  gow: { source: "https://github.com/mitranim/gow/blob/master/readme.md" },
  grunt: { when: /(?:^|\s)(?:watch|serve|server|dev)\b/, source: "https://github.com/gruntjs/grunt-contrib-watch" },
  guard: { source: GUARD },
  gulp: { when: /(?:^|\s)(?:watch|serve|dev)\b/, source: "https://gulpjs.com/docs/en/getting-started/watching-files/" },
  gunicorn: { when: /(?:^|\s)--reload\b(?!-)/, source: "https://docs.gunicorn.org/en/stable/settings.html#reload" },
  hypercorn: {
    when: /(?:^|\s)--reload\b/,
    source: "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
  },
  node: { when: /^(?:-\S+\s+)*--watch\b/, source: "https://nodejs.org/api/cli.html#--watch" },
  "node-dev": { source: "https://github.com/fgnass/node-dev/blob/master/README.md" },
  nodemon: { source: "https://github.com/remy/nodemon/blob/main/README.md" },
  rails: {
    when: /^(?:s|server)\b.*\s(?:-e|--environment)[ =]dev/,
    environment: { RAILS_ENV: /^development$/ },
    source: "https://guides.rubyonrails.org/command_line.html#bin-rails-server",
  },
  realize: { source: "https://github.com/oxequa/realize/blob/master/README.md" },
  reflex: { source: "https://github.com/cespare/reflex/blob/master/README.md" },
  rerun: { source: "https://github.com/alexch/rerun/blob/master/README.md" },
  shotgun: { source: "https://github.com/rtomayko/shotgun/blob/master/README" },
  symfony: { when: /^(?:server:start|serve)\b/, source: "https://symfony.com/doc/current/setup/symfony_server.html" },
  trunk: { when: /^(?:serve|watch)\b/, source: "https://trunkrs.dev/" },
  "ts-node-dev": { source: "https://github.com/wclr/ts-node-dev/blob/master/README.md" },
  tsc: {
    when: /(?:^|\s)(?:-w|--watch)\b/,
    source: "https://www.typescriptlang.org/docs/handbook/compiler-options.html",
  },
  tsnd: { source: "https://github.com/wclr/ts-node-dev/blob/master/README.md" },
  tsx: { when: /^watch\b/, source: "https://tsx.is/watch-mode" },
  uvicorn: { when: /(?:^|\s)--reload\b(?!-)/, source: "https://www.uvicorn.org/settings/#development" },
  watchexec: { source: "https://github.com/watchexec/watchexec/blob/main/README.md" },
  watchmedo: {
    when: /^(?:auto-restart|shell-command|tricks)\b/,
    source: "https://manpages.ubuntu.com/manpages/noble/man1/watchmedo.1.html",
  },
};

/** Runners whose next word is the program: `bundle exec rerun`, `python -m flask`, `npx nodemon`. */
const RUNNERS =
  /^(?:bundle exec|npx(?: -\S+)*|pnpm exec|yarn exec|pipenv run|poetry run|uv run|python3? -m|bunx|go tool)$/;

/** The command line of a development server, or `undefined`. */
export function developmentServer(command: ResolvedCommand): string | undefined {
  const words = [command.name, ...command.argv.slice(1).map(({ text }) => text)];
  const start = programAt(words);
  const name = words[start]?.split("/").at(-1) ?? "";
  const known = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (known === undefined) return undefined;
  const rest = words.slice(start + 1).join(" ");
  const isServer = known.environment === undefined || /(?:^|\s)(?:run|s|server)\b/.test(rest);
  const told = Object.entries(known.environment ?? {}).some(([variable, value]) => {
    const set = command.environment.get(variable);
    return set?.known === true && value.test(set.text);
  });
  const asks = /^-{0,2}(?:v|h|version|help)$/i.test(rest);
  const matches = known.when === undefined ? !asks : known.when.test(rest);
  return matches || (isServer && told) ? command.argv.map(({ text }) => text).join(" ") : undefined;
}

function programAt(words: readonly string[]): number {
  for (let length = Math.min(4, words.length - 1); length > 0; length--)
    if (RUNNERS.test(words.slice(0, length).join(" "))) return length;
  return 0;
}
