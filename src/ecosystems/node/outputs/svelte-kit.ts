/**
 * SvelteKit, which `vite build` builds where the project has it: its adapter writes the output, and Vite's own `outDir` counts
 * for nothing.
 *
 *     adapter-node     build, or `out`               https://svelte.dev/docs/kit/adapter-node#Options
 *     adapter-static   build, or `pages`, `assets`   https://svelte.dev/docs/kit/adapter-static#Options
 *
 * Any other adapter writes somewhere.
 */
import type { ts } from "ts-morph";
import { imagePath } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import { settingAt } from "../configuration.ts";
import { type FoldContext, fold } from "../fold.ts";
import { loadTypeScript } from "../load-ts-morph.ts";
import { allNames, nearestManifest } from "../manifest.ts";
import type { SourceFile } from "../source-file.ts";
import { SourceFiles } from "../source-files.ts";
import { directoryFrom, firstSet, SOMEWHERE, type Tool, together } from "./output.ts";

/** Whether the project that a command runs in is built by SvelteKit. */
export function usesSvelteKit(command: ResolvedCommand, image: ImageView): boolean {
  const manifest = nearestManifest(command.workdir, image);
  return manifest !== undefined && allNames(manifest).includes("@sveltejs/kit");
}

export const svelteKit: Tool = (command, image) => {
  const files = new SourceFiles(image);
  const file = ["svelte.config.js", "svelte.config.ts"]
    .map((name) => files.read(imagePath(name, command.workdir)))
    .find((one) => one !== undefined);
  const call = file === undefined ? undefined : adapterCall(file);
  if (file === undefined || call === undefined) return SOMEWHERE;
  const { workdir, environment } = command;
  const context: FoldContext = {
    resolve: (name, from) => files.resolve(name, from),
    runsAs: (path) => path,
    workdir,
    environment,
  };
  const [options] = call.arguments;
  const value = options === undefined ? undefined : fold(options, file, context);
  const names = call.static ? ["pages", "assets"] : ["out"];
  const [first] = names.map((name) => settingAt(value, [name]));
  return together(
    names.map((name) =>
      directoryFrom(firstSet(settingAt(value, [name]), first ?? { kind: "unset" }), "build", workdir, workdir),
    ),
  );
};

/** The one call of an adapter whose options are known. */
function adapterCall(
  file: SourceFile,
): { readonly static: boolean; readonly arguments: readonly ts.Expression[] } | undefined {
  const typescript = loadTypeScript();
  const calls: { readonly static: boolean; readonly arguments: readonly ts.Expression[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isCallExpression(node) && typescript.isIdentifier(node.expression)) {
      const binding = file.bindings.get(node.expression.text);
      const name =
        binding?.kind === "import" ? /^@sveltejs\/adapter-(node|static)$/.exec(binding.specifier)?.[1] : undefined;
      if (name !== undefined) calls.push({ static: name === "static", arguments: node.arguments });
    }
    typescript.forEachChild(node, visit);
  };
  visit(file.ast);
  return calls.length === 1 ? calls[0] : undefined;
}
