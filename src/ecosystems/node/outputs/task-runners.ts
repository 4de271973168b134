/**
 * Task runners whose file says in plain text where its tasks write:
 *
 *     gulp.src("src/*.scss").pipe(sass()).pipe(gulp.dest("public/css"))     public/css
 *     grunt.initConfig({ ts: { app: { options: { outDir: "dist" } } } })    dist
 *     esbuild.build({ outdir: "out" }) in a program of its own              out
 *
 * All destinations count, whichever task runs. A file with one that cannot be told, or that runs commands or writes files by
 * itself, is not read. Sources: https://gulpjs.com/docs/en/api/dest, https://gruntjs.com/configuring-tasks#files.
 */
import type { ts } from "ts-morph";
import { type ImagePath, imagePath, isWithin } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import { type FoldContext, fold } from "../fold.ts";
import { loadTypeScript } from "../load-ts-morph.ts";
import { importsOf } from "../program-imports.ts";
import type { SourceFile } from "../source-file.ts";
import { SourceFiles } from "../source-files.ts";
import { type Output, SOMEWHERE, type Tool, type ToolResult } from "./output.ts";

/** Texts by which a task does more than to write its destinations. */
const DOES_MORE =
  /child_process|\bexeca?\(|\bspawn\(|shell(?:js|:)|\bfs(?:\.promises)?\.(?:write|append|copy|rename|mkdir|create)|grunt\.file\.(?:write|copy|mkdir)|grunt-(?:exec|shell|run|bump)|gulp-(?:shell|exec|run|bump)|overwrite\s*:|load-grunt-config|require-dir|gulp-hub|loadTasks/;

function readsFile(names: readonly string[], destinations: (file: SourceFile) => readonly ts.Expression[]): Tool {
  return (command, image) => {
    const files = new SourceFiles(image);
    const path = names.map((name) => imagePath(name, command.workdir)).find((at) => image.kindOf(at) === "file");
    const file = path === undefined ? undefined : files.read(path);
    if (file === undefined || DOES_MORE.test(file.ast.text)) return SOMEWHERE;
    return outputsOf(destinations(file), file, files, command, image);
  };
}

function outputsOf(
  nodes: readonly ts.Expression[],
  file: SourceFile,
  files: SourceFiles,
  command: ResolvedCommand,
  image: ImageView,
): ToolResult {
  const { workdir, environment } = command;
  const context: FoldContext = {
    resolve: (name, from) => files.resolve(name, from),
    runsAs: (path) => path,
    workdir,
    environment,
  };
  const values = nodes.map((node) => fold(node, file, context));
  const paths = values.map((value) =>
    value.kind === "text" && !/<%|[*{]/.test(value.text) ? imagePath(value.text, workdir) : undefined,
  );
  if (paths.length === 0 || !paths.every((path) => path !== undefined && path !== workdir && isWithin(path, workdir)))
    return SOMEWHERE;
  const known = [...new Set(paths.filter((path) => path !== undefined))];
  const outermost = known.filter((path) => !known.some((other) => other !== path && isWithin(path, other)));
  return { kind: "built", outputs: outermost.map((path) => outputAt(path, image)) };
}

function outputAt(path: ImagePath, image: ImageView): Output {
  const file = image.kindOf(path) !== "directory" && /\.\w+$/.test(path);
  return { path, form: file ? "file" : "directory" };
}

/** Arguments of `gulp.dest(…)`, `dest(…)`. */
function gulpDestinations(file: SourceFile): readonly ts.Expression[] {
  const typescript = loadTypeScript();
  return collect(file.ast, (node) => {
    if (!typescript.isCallExpression(node)) return [];
    const { expression } = node;
    const name = typescript.isPropertyAccessExpression(expression)
      ? expression.name.text
      : typescript.isIdentifier(expression)
        ? expression.text
        : "";
    return name === "dest" ? [...node.arguments.slice(0, 1)] : [];
  });
}

const ESBUILD_DESTINATION = /^(?:outdir|outfile)$/;

/** Fields `outdir` and `outfile` of a program that imports esbuild and no other builder. */
function esbuildDestinations(file: SourceFile): readonly ts.Expression[] {
  const imported = importsOf(file);
  const others = imported.filter((name) => !/^(?:node:)?(?:path|url|process|module)$|^esbuild$/.test(name));
  if (!imported.includes("esbuild") || others.length > 0) return [];
  const typescript = loadTypeScript();
  return collect(file.ast, (node) =>
    typescript.isPropertyAssignment(node) &&
    typescript.isIdentifier(node.name) &&
    ESBUILD_DESTINATION.test(node.name.text)
      ? [node.initializer]
      : [],
  );
}

/** `node build.mjs`, where the program calls esbuild and does nothing else (https://esbuild.github.io/api/#js-async). */
export function buildProgram(path: ImagePath): Tool {
  return readsFile([path], esbuildDestinations);
}

const DESTINATION = /^(?:dest|outDir|outdir|outputDir|outFile|out|cssDir)$/;

/** Fields such as `dest`, and the keys of `files: { "dist/a.js": […] }`. */
function gruntDestinations(file: SourceFile): readonly ts.Expression[] {
  const typescript = loadTypeScript();
  return collect(file.ast, (node) => {
    if (!typescript.isPropertyAssignment(node) || typescript.isComputedPropertyName(node.name)) return [];
    const name = typescript.isIdentifier(node.name) || typescript.isStringLiteral(node.name) ? node.name.text : "";
    if (DESTINATION.test(name)) return [node.initializer];
    if (name !== "files" || !typescript.isObjectLiteralExpression(node.initializer)) return [];
    return node.initializer.properties.flatMap((property) =>
      property.name !== undefined && typescript.isStringLiteral(property.name) ? [property.name] : [],
    );
  });
}

function collect(root: ts.Node, pick: (node: ts.Node) => readonly ts.Expression[]): readonly ts.Expression[] {
  const typescript = loadTypeScript();
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...pick(node));
    typescript.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

export const gulp = readsFile(
  ["gulpfile.js", "gulpfile.babel.js", "gulpfile.mjs", "gulpfile.cjs", "gulpfile.ts", "Gulpfile.js"],
  gulpDestinations,
);
export const grunt = readsFile(["Gruntfile.js", "gruntfile.js", "Gruntfile.cjs", "Gruntfile.ts"], gruntDestinations);
