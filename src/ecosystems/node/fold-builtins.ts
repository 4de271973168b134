/**
 * Values of Node's own functions and of the wrappers that configuration files use:
 *
 *     callBuiltin("path.join", ["/app", "views"])      "/app/views"
 *     callBuiltin("vite.defineConfig", [{ … }])        its argument
 *
 * Sources: https://nodejs.org/api/path.html, https://nodejs.org/api/url.html, https://webpack.js.org/guides/production (merge).
 */
import { posix } from "node:path";
import type { ImagePath } from "../../text/paths.ts";
import { UNKNOWN, type Value } from "./value.ts";

/** Global names that stand for modules or hold paths. */
export function readBuiltin(name: string): Value {
  return /^(?:process|URL|Object|module)$/.test(name) ? { kind: "member", name } : UNKNOWN;
}

function text(value: string): Value {
  return { kind: "text", text: value };
}

/** The value of a call of something that another module exports. */
export function callBuiltin(name: string, args: readonly Value[], workdir: ImagePath): Value {
  const path = /^path\.(?:posix\.)?(\w+)$/.exec(name)?.[1];
  if (path !== undefined) return callPath(path, args, workdir);
  switch (name) {
    case "process.cwd":
      return text(workdir);
    case "url.fileURLToPath":
      return filePath(args[0]);
    case "URL":
    case "url.URL":
      return url(args);
    case "url.pathToFileURL":
      return args[0]?.kind === "text" ? text(`file://${args[0].text}`) : UNKNOWN;
    case "Object.assign":
      return merged(args);
    case "Object.freeze":
      return args[0] ?? UNKNOWN;
    default:
      return callWrapper(name, args);
  }
}

/** `defineConfig(x)` is x; `merge(a, b)` is both. Any other function may do anything with its arguments. */
function callWrapper(name: string, args: readonly Value[]): Value {
  const last = name.split(".").at(-1) ?? "";
  if (/^(?:defineConfig|defineNuxtConfig|defineViteConfig)$/.test(last)) return args[0] ?? UNKNOWN;
  if (/^(?:webpack-merge|vite)\b/.test(name) && /^(?:webpack-merge|merge|mergeConfig|smart)$/.test(last))
    return merged(args);
  // Plugins of Next take the configuration and give it back with more in it: withBundleAnalyzer(config).
  return /(?:^|[.@/-])with[A-Z-]?\w*$/.test(name) && args[0]?.kind === "object" ? { ...args[0], open: true } : UNKNOWN;
}

function callPath(verb: string, args: readonly Value[], workdir: ImagePath): Value {
  const texts = args.map((arg) => (arg.kind === "text" ? arg.text : undefined));
  if (!texts.every((item) => item !== undefined)) return UNKNOWN;
  const [first = ""] = texts;
  switch (verb) {
    case "join":
      return text(posix.join(...texts));
    case "resolve":
      return text(posix.resolve(workdir, ...texts));
    case "dirname":
      return text(posix.dirname(first));
    case "basename":
      return text(posix.basename(first, texts[1]));
    case "normalize":
      return text(posix.normalize(first));
    case "extname":
      return text(posix.extname(first));
    default:
      return UNKNOWN;
  }
}

function filePath(value: Value | undefined): Value {
  return value?.kind === "text" && value.text.startsWith("file://")
    ? text(value.text.slice("file://".length))
    : UNKNOWN;
}

/** `new URL("./views", import.meta.url)`, as text with its scheme. */
function url([relative, base]: readonly Value[]): Value {
  if (relative?.kind !== "text" || base?.kind !== "text" || !base.text.startsWith("file:///")) return UNKNOWN;
  return text(`file://${posix.resolve(posix.dirname(base.text.slice("file://".length)), relative.text)}`);
}

/** Later objects win; objects in both are merged too. */
function merged(args: readonly Value[]): Value {
  const fields = new Map<string, Value>();
  let open = false;
  for (const arg of args) {
    if (arg.kind !== "object") {
      open = true;
      continue;
    }
    open ||= arg.open;
    for (const [name, value] of arg.fields) {
      const before = fields.get(name);
      fields.set(name, before?.kind === "object" && value.kind === "object" ? merged([before, value]) : value);
    }
  }
  return { kind: "object", fields, open };
}
