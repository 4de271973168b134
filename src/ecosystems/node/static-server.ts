/**
 * Node programs that do nothing but hand out files, which a web server does as well:
 *
 *     serve -s build -l 5173     the files of build at port 5173, index.html for every other path
 *     serve -s build             at the port that PORT says, or 3000
 *
 * Sources: https://github.com/vercel/serve (source/utilities/cli.ts and source/main.ts) and
 * https://github.com/vercel/serve-handler (src/index.js): with `-s` whatever is no file gets index.html. Without it, it lists directories
 * and redirects, which no configuration of another server repeats exactly, so only `-s` is read.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../ecosystem.ts";

/** A server of the files of one directory that answers every other path with its index.html. */
export interface StaticServer {
  readonly program: string;
  readonly directory: ImagePath;
  /** Absent where the variable PORT decides when the container starts. */
  readonly port?: number;
}

/** Where PORT is not set. */
export const STANDARD_PORT = 3000;

const QUIET =
  /^(?:-n|--no-clipboard|-L|--no-request-logging|-d|--debug|--no-port-switching|-u|--no-compression|--no-etag)$/;

/** The server that a command is; `undefined` for any other, and for settings that another server would not have. */
export function staticServer(command: ResolvedCommand, image: ImageView): StaticServer | undefined {
  if (command.name !== "serve" || command.argv.some(({ known }) => !known)) return undefined;
  let single = false;
  let port: number | undefined;
  const operands: string[] = [];
  const words = command.argv.slice(1).flatMap(({ text }) => /^(--\w+)=(.*)$/.exec(text)?.slice(1) ?? [text]);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-s" || word === "--single") single = true;
    else if (/^(?:-l|--listen|-p|--port)$/.test(word)) {
      port = portOf(words[++at] ?? "");
      if (port === undefined) return undefined;
    } else if (!word.startsWith("-")) operands.push(word);
    else if (!QUIET.test(word)) return undefined;
  }
  if (!single || operands.length > 1) return undefined;
  const directory = imagePath(operands[0] ?? ".", command.workdir);
  // In nginx's settings other characters have a meaning.
  if (!/^[\w./@+-]+$/.test(directory)) return undefined;
  if (hasSettings(directory, command.workdir, image)) return undefined;
  return { program: "serve", directory, ...(port === undefined ? {} : { port }) };
}

/** `5000`, `tcp://0.0.0.0:5000`; a socket or one address only is no port of every address. */
function portOf(text: string): number | undefined {
  const digits = /^(?:tcp:\/\/(?:0\.0\.0\.0|\[::\]|:)?:)?(\d{1,5})$/.exec(text)?.[1];
  return digits === undefined || Number(digits) > 65535 ? undefined : Number(digits);
}

/** serve.json, which the tools that build pages copy from these directories of the project as it is. */
function hasSettings(directory: ImagePath, workdir: ImagePath, image: ImageView): boolean {
  const places = [directory, workdir, ...["public", "static"].map((name) => imagePath(name, workdir))];
  return places.some((place) =>
    ["serve.json", "now.json"].some((name) => image.kindOf(imagePath(name, place)) !== undefined),
  );
}

/** nginx's configuration for the same answers; `$` stays as it is (https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files). */
export function nginxSettings({ directory, port }: StaticServer): readonly string[] {
  return [
    "server {",
    `    listen ${port ?? `\${PORT}`};`,
    `    root ${directory};`,
    "    charset utf-8;",
    "    gzip on;",
    "    gzip_types text/css application/javascript application/json image/svg+xml;",
    "    location / {",
    "        try_files $uri /index.html;",
    "    }",
    "}",
  ];
}

/**
 * Where the official image looks for it: as it is, or as a template whose variables it fills in when it starts
 * (https://github.com/docker-library/docs/blob/master/nginx/content.md, "Using environment variables in nginx configuration").
 */
export function nginxSettingsFile({ port }: StaticServer): string {
  return port === undefined ? "/etc/nginx/templates/default.conf.template" : "/etc/nginx/conf.d/default.conf";
}
