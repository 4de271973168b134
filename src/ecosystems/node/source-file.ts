/**
 * A JavaScript or TypeScript file as syntax, with what its names stand for.
 *
 *     import config from "./config"; const views = join(__dirname, "views");
 *     // bindings: config → default of "./config"; views → the expression join(…)
 *
 * A name that is declared more than once anywhere in the file stands for nothing: scopes are not told apart.
 */
import type { ts } from "ts-morph";
import type { ImagePath } from "../../text/paths.ts";
import { loadTypeScript } from "./load-ts-morph.ts";

/** What a name stands for. */
export type Binding =
  | { readonly kind: "expression"; readonly node: ts.Expression }
  | { readonly kind: "function"; readonly node: ts.SignatureDeclaration }
  /** `name` "*" for the whole module. */
  | { readonly kind: "import"; readonly specifier: string; readonly name: string }
  /** A property of an expression, from destructuring. */
  | { readonly kind: "property"; readonly of: ts.Expression; readonly name: string }
  | { readonly kind: "unknown" };

export interface SourceFile {
  readonly path: ImagePath;
  readonly ast: ts.SourceFile;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Exports by name: "default", and "module.exports" as "default" too. */
  readonly exports: ReadonlyMap<string, ts.Expression>;
  /** Names that are exported under the same or another name. */
  readonly exportedNames: ReadonlyMap<string, string>;
}

/** Larger files are data or bundles. */
const LARGEST = 1_000_000;

/** Reads a file; `undefined` when it is too large to be a source. */
export function readSourceFile(path: ImagePath, text: string): SourceFile | undefined {
  if (text.length > LARGEST) return undefined;
  const ts = loadTypeScript();
  const name = /\.(?:[cm]?[jt]sx?|json)$/.test(path) ? path : `${path}.js`;
  // JSX has to be read in ".js" too, and type assertions only in ".ts".
  const ast = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, scriptKind(ts, name));
  const collector = new Collector(ts);
  collector.visit(ast);
  return {
    path,
    ast,
    bindings: collector.bindings,
    exports: collector.exports,
    exportedNames: collector.exportedNames,
  };
}

function scriptKind(typescript: typeof ts, name: string): ts.ScriptKind {
  const { ScriptKind } = typescript;
  if (name.endsWith(".json")) return ScriptKind.JSON;
  if (/\.[cm]?ts$/.test(name)) return ScriptKind.TS;
  return name.endsWith(".tsx") ? ScriptKind.TSX : ScriptKind.JSX;
}

class Collector {
  readonly bindings = new Map<string, Binding>();
  readonly exports = new Map<string, ts.Expression>();
  readonly exportedNames = new Map<string, string>();
  readonly #ts: typeof ts;

  constructor(typescript: typeof ts) {
    this.#ts = typescript;
  }

  visit(node: ts.Node): void {
    this.#collect(node);
    this.#ts.forEachChild(node, (child) => this.visit(child));
  }

  #collect(node: ts.Node): void {
    const ts = this.#ts;
    if (ts.isImportDeclaration(node)) this.#import(node);
    else if (ts.isVariableDeclaration(node)) this.#variable(node);
    else if (ts.isFunctionDeclaration(node) && node.name) this.#bind(node.name.text, { kind: "function", node });
    else if (ts.isParameter(node)) this.#unknownNames(node.name);
    else if (ts.isExportAssignment(node)) this.exports.set("default", node.expression);
    else if (ts.isExportDeclaration(node)) this.#exportNames(node);
    else if (ts.isBinaryExpression(node)) this.#assignment(node);
  }

  #bind(name: string, binding: Binding): void {
    this.bindings.set(name, this.bindings.has(name) ? { kind: "unknown" } : binding);
  }

  #unknownNames(name: ts.BindingName): void {
    const ts = this.#ts;
    if (ts.isIdentifier(name)) this.#bind(name.text, { kind: "unknown" });
    else for (const element of name.elements) if (ts.isBindingElement(element)) this.#unknownNames(element.name);
  }

  #import(node: ts.ImportDeclaration): void {
    const ts = this.#ts;
    const clause = node.importClause;
    if (clause === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return;
    const specifier = node.moduleSpecifier.text;
    if (clause.name) this.#bind(clause.name.text, { kind: "import", specifier, name: "default" });
    const named = clause.namedBindings;
    if (named === undefined) return;
    if (ts.isNamespaceImport(named)) this.#bind(named.name.text, { kind: "import", specifier, name: "*" });
    else
      for (const element of named.elements)
        this.#bind(element.name.text, { kind: "import", specifier, name: (element.propertyName ?? element.name).text });
  }

  #variable(node: ts.VariableDeclaration): void {
    const ts = this.#ts;
    const { name, initializer } = node;
    if (initializer === undefined) this.#unknownNames(name);
    else if (ts.isIdentifier(name)) {
      this.#bind(name.text, { kind: "expression", node: initializer });
      if (isExported(ts, node)) this.exportedNames.set(name.text, name.text);
    } else if (ts.isObjectBindingPattern(name)) this.#destructuring(name, initializer);
    else this.#unknownNames(name);
  }

  #destructuring(pattern: ts.ObjectBindingPattern, of: ts.Expression): void {
    const ts = this.#ts;
    for (const element of pattern.elements) {
      const key = element.propertyName ?? element.name;
      if (ts.isIdentifier(element.name) && ts.isIdentifier(key) && !element.dotDotDotToken)
        this.#bind(element.name.text, { kind: "property", of, name: key.text });
      else this.#unknownNames(element.name);
    }
  }

  #exportNames(node: ts.ExportDeclaration): void {
    const ts = this.#ts;
    if (node.moduleSpecifier || !node.exportClause || !ts.isNamedExports(node.exportClause)) return;
    for (const element of node.exportClause.elements)
      this.exportedNames.set(element.name.text, (element.propertyName ?? element.name).text);
  }

  /** `module.exports = x`, `exports.name = x`; any other assignment to a name makes it unknown. */
  #assignment(node: ts.BinaryExpression): void {
    const ts = this.#ts;
    if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const target = node.left;
    if (ts.isIdentifier(target)) this.bindings.set(target.text, { kind: "unknown" });
    if (!ts.isPropertyAccessExpression(target)) return;
    const on = target.expression;
    if (ts.isIdentifier(on) && on.text === "module" && target.name.text === "exports")
      this.exports.set("default", node.right);
    const ofExports = ts.isIdentifier(on) && on.text === "exports";
    const ofModule = ts.isPropertyAccessExpression(on) && on.name.text === "exports";
    if (ofExports || ofModule) this.exports.set(target.name.text, node.right);
  }
}

function isExported(typescript: typeof ts, node: ts.VariableDeclaration): boolean {
  const statement = node.parent?.parent;
  return (
    statement !== undefined &&
    typescript.isVariableStatement(statement) &&
    (statement.modifiers?.some((modifier) => modifier.kind === typescript.SyntaxKind.ExportKeyword) ?? false)
  );
}
