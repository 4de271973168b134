/**
 * What a JavaScript or TypeScript program uses when it runs, followed from its entry through the project's own files:
 *
 *     import express from "express"                      the package express
 *     fs.readFileSync(path.join(__dirname, "../x.json")) the path /app/x.json
 *     spawn("git", ["log"])                              the executable git
 *
 * Libraries are not read. What a path or name comes to is folded (fold.ts); what cannot be folded is said to be unknown.
 */
import type { ts } from "ts-morph";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView } from "../ecosystem.ts";
import { type FoldContext, fold } from "./fold.ts";
import { loadTypeScript } from "./load-ts-morph.ts";
import { importsOf, isLoader } from "./program-imports.ts";
import type { SourceFile } from "./source-file.ts";
import { SourceFiles } from "./source-files.ts";
import type { TsConfig } from "./tsconfig.ts";

export interface ProgramUse {
  /** Packages that are imported, by name. */
  readonly packages: ReadonlySet<string>;
  /** Paths that the program names and that may be files of the image. */
  readonly paths: ReadonlySet<ImagePath>;
  /** Opens files whose paths it computes. */
  readonly opensUnknown: boolean;
  /** Imports modules whose names it computes, so that `files` and `packages` may lack some. */
  readonly loadsUnknown: boolean;
  readonly executables: ReadonlySet<string>;
  /** Starts a shell. */
  readonly shell: boolean;
  /** Starts programs whose names it computes. */
  readonly startsUnknown: boolean;
  readonly files: readonly ImagePath[];
}

export interface ProgramRequest {
  /** Sources to start from. */
  readonly entries: readonly ImagePath[];
  readonly image: ImageView;
  readonly workdir: ImagePath;
  readonly environment: Environment;
  /** Where a source's code lies when it runs. */
  readonly runsAs: (source: ImagePath) => ImagePath;
  readonly config?: TsConfig;
}

const MOST_FILES = 3000;

/** Follows the imports from the entries. */
export function readProgram(request: ProgramRequest): ProgramUse {
  const files = new SourceFiles(request.image, request.config);
  const context: FoldContext = { ...request, resolve: (name, from) => files.resolve(name, from) };
  const use = new UseCollector(context);
  const seen = new Set<ImagePath>(request.entries);
  for (const path of seen) {
    const file = seen.size > MOST_FILES ? undefined : files.read(path);
    if (file === undefined) continue;
    for (const specifier of importsOf(file)) {
      const own = files.locate(specifier, path);
      if (own !== undefined) seen.add(own);
      else if (!/^[./]/.test(specifier)) use.packages.add(packageName(specifier));
    }
    use.visit(file.ast, file);
  }
  return { ...use.result(), files: [...seen] };
}

/** `@scope/name/deep` → `@scope/name`; `node:fs` → `fs`. */
function packageName(specifier: string): string {
  const parts = specifier.replace(/^node:/, "").split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

/** Functions of `fs` and its like that open a path; the first argument is the path. */
const OPENS =
  /(?:^|\.)(?:readFile|readFileSync|createReadStream|readdir|readdirSync|opendir|readJson|readJsonSync|readJSON|readJSONSync|open|openSync|sendFile|sendfile|download|existsSync|pathExists|pathExistsSync|stat|statSync|access|accessSync|copyFile|copyFileSync|copy|copySync|copyFileSync|static|serveStatic|loadSync|compileFile|renderFile)$/;
const STARTS = /^(?:child_process|execa|cross-spawn|shelljs|node-pty|zx)(?:\.|$)/;
/** Of these, the first argument is a text for the shell. */
const SHELL_TEXT =
  /^(?:child_process\.(?:exec|execSync)|execa\.(?:command|commandSync|execaCommand|execaCommandSync)|shelljs\.exec)$/;
const FORKS = /^child_process\.fork$/;

class UseCollector {
  readonly packages = new Set<string>();
  readonly #paths = new Set<ImagePath>();
  readonly #executables = new Set<string>();
  #opensUnknown = false;
  #loadsUnknown = false;
  /** Variables that hold a joined path. */
  readonly #joined = new Set<string>();
  #startsUnknown = false;
  #shell = false;
  readonly #context: FoldContext;
  readonly #ts = loadTypeScript();

  constructor(context: FoldContext) {
    this.#context = context;
  }

  visit(node: ts.Node, file: SourceFile): void {
    const ts = this.#ts;
    if (ts.isCallExpression(node)) this.#call(node, file);
    else if (ts.isVariableDeclaration(node)) this.#declare(node);
    else if (ts.isNewExpression(node)) this.#foldPath(node, file);
    else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) this.#literal(node, file);
    ts.forEachChild(node, (child) => this.visit(child, file));
  }

  result(): Omit<ProgramUse, "files"> {
    return {
      packages: this.packages,
      paths: this.#paths,
      opensUnknown: this.#opensUnknown,
      loadsUnknown: this.#loadsUnknown,
      executables: this.#executables,
      shell: this.#shell,
      startsUnknown: this.#startsUnknown,
    };
  }

  #declare({ name, initializer }: ts.VariableDeclaration): void {
    if (!this.#ts.isIdentifier(name)) return;
    if (initializer !== undefined && this.#isJoined(initializer)) this.#joined.add(name.text);
    else this.#joined.delete(name.text);
  }

  #call(node: ts.CallExpression, file: SourceFile): void {
    if (isLoader(this.#ts, node)) this.#load(node.arguments[0], file);
    const callee = fold(node.expression, file, this.#context);
    const name = callee.kind === "member" ? callee.name : this.#methodName(node.expression);
    if (callee.kind === "member" && STARTS.test(callee.name)) this.#start(callee.name, node, file);
    else if (/^path\.(?:join|resolve)$/.test(name)) this.#foldPath(node, file);
    else if (name !== "" && OPENS.test(name)) this.#open(node, file, callee.kind === "member");
  }

  /** `require("./routes/" + name)`: any file below the part that is known. */
  #load(specifier: ts.Expression | undefined, file: SourceFile): void {
    if (specifier === undefined || this.#ts.isStringLiteralLike(specifier)) return;
    this.#loadsUnknown = true;
    const value = fold(specifier, file, this.#context);
    const known = value.kind === "text" ? value.text : this.#knownStart(specifier);
    if (/^\.{0,2}\//.test(known)) {
      const place = imagePath("..", this.#context.runsAs(file.path));
      this.#paths.add(imagePath(known.slice(0, known.lastIndexOf("/") + 1), place));
    } else if (!/^[@\w]/.test(known) && !this.#isJoined(specifier)) this.#opensUnknown = true;
  }

  /** The text that a template or a sum begins with. */
  #knownStart(node: ts.Expression): string {
    if (this.#ts.isTemplateExpression(node)) return node.head.text;
    if (this.#ts.isBinaryExpression(node)) return this.#knownStart(node.left);
    return this.#ts.isStringLiteralLike(node) ? node.text : "";
  }

  /** `path.join(…)` is read where it stands, also where a variable holds it. */
  #isJoined(node: ts.Expression): boolean {
    if (this.#ts.isIdentifier(node)) return this.#joined.has(node.text);
    return this.#ts.isCallExpression(node) && /^(?:path\.)?(?:join|resolve)$/.test(node.expression.getText());
  }

  #methodName(node: ts.Expression): string {
    return this.#ts.isPropertyAccessExpression(node) ? `.${node.name.text}` : "";
  }

  #open(node: ts.CallExpression, file: SourceFile, surely: boolean): void {
    const [first] = node.arguments;
    if (first === undefined) return;
    const value = fold(first, file, this.#context);
    if (value.kind === "text") this.#path(value.text);
    else if (value.kind === "unknown" && surely && !this.#isJoined(first)) this.#opensUnknown = true;
  }

  #foldPath(node: ts.CallExpression | ts.NewExpression, file: SourceFile): void {
    const value = fold(node, file, this.#context);
    if (value.kind === "text") this.#path(value.text.replace(/^file:\/\//, ""));
    else if (this.#ts.isCallExpression(node)) this.#prefix(node, file);
  }

  /** `path.join(__dirname, "locales", name)`: what is known in front is a directory of which anything may be opened. */
  #prefix(node: ts.CallExpression, file: SourceFile): void {
    const values = node.arguments.map((argument) => fold(argument, file, this.#context));
    const unknown = values.findIndex((value) => value.kind !== "text");
    const known = values.slice(0, Math.max(unknown, 0)).flatMap((value) => (value.kind === "text" ? [value.text] : []));
    const inProgram = known.length === 1 && known[0] === imagePath("..", this.#context.runsAs(file.path));
    if (known.length > 1 || inProgram) this.#path(known.reduce((all, part) => `${all}/${part}`));
    else this.#opensUnknown = true;
  }

  /** A text that looks like a path counts where the image holds it; imports are no texts here. */
  #literal(node: ts.StringLiteralLike | ts.TemplateExpression, file: SourceFile): void {
    const ts = this.#ts;
    if (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return;
    const value = fold(node, file, this.#context);
    if (value.kind !== "text" || value.text.length > 200 || !/^[\w@./*{},-]+$/.test(value.text)) return;
    const wildcard = value.text.search(/[*{]/);
    if (wildcard > 0) this.#path(value.text.slice(0, value.text.lastIndexOf("/", wildcard) + 1) || ".");
    if (wildcard >= 0) return;
    if (/[./]/.test(value.text) && !/^[./]+$/.test(value.text)) this.#path(value.text);
  }

  #path(text: string): void {
    this.#paths.add(imagePath(text, this.#context.workdir));
  }

  #start(name: string, node: ts.CallExpression, file: SourceFile): void {
    const [first] = node.arguments;
    if (first === undefined || /\.(?:which|cd|rm|cp|mkdir|on|promisify|test|ls|find|cat|echo)$/.test(name)) return;
    const value = fold(first, file, this.#context);
    const shell = SHELL_TEXT.test(name) || this.#asksForShell(node);
    this.#shell ||= shell;
    if (FORKS.test(name)) {
      if (value.kind === "text") this.#path(value.text);
      return;
    }
    if (value.kind === "member" && value.name === "process.execPath") return;
    const program = value.kind === "text" ? value.text.trim().split(/\s+/)[0] : this.#firstWord(first);
    if (program === undefined || program === "") this.#startsUnknown = true;
    else if (program !== "node") this.#executables.add(program);
  }

  /** "git log ${range}": the text up to the first blank names the program. */
  #firstWord(node: ts.Expression): string | undefined {
    if (!this.#ts.isTemplateExpression(node)) return undefined;
    return /^\s*([\w./-]+)\s/.exec(node.head.text)?.[1];
  }

  /** `{ shell: true }` among the options. */
  #asksForShell(node: ts.CallExpression): boolean {
    return node.arguments.some(
      (argument) =>
        this.#ts.isObjectLiteralExpression(argument) &&
        argument.properties.some(
          (property) =>
            property.name !== undefined && this.#ts.isIdentifier(property.name) && property.name.text === "shell",
        ),
    );
  }
}
