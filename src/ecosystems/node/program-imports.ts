/**
 * What a source imports when it runs:
 *
 *     import a from "a"; export * from "b"; require("c"); await import("d")     a, b, c, d
 *     import type { E } from "e"; import { F } from "f" used as a type only     nothing: the compiler leaves them out
 */
import type { ts } from "ts-morph";
import { loadTypeScript } from "./load-ts-morph.ts";
import type { SourceFile } from "./source-file.ts";

/** The specifiers, in order. */
export function importsOf(file: SourceFile): readonly string[] {
  const typescript = loadTypeScript();
  const used = /\.[cm]?tsx?$/.test(file.path) ? valueNames(typescript, file.ast) : undefined;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(typescript, node, used);
    if (specifier !== undefined) found.push(specifier);
    typescript.forEachChild(node, visit);
  };
  visit(file.ast);
  return found;
}

function specifierOf(typescript: typeof ts, node: ts.Node, used: ReadonlySet<string> | undefined): string | undefined {
  if (typescript.isImportDeclaration(node))
    return isElided(typescript, node, used) ? undefined : textOf(typescript, node.moduleSpecifier);
  if (typescript.isExportDeclaration(node))
    return node.isTypeOnly ? undefined : textOf(typescript, node.moduleSpecifier);
  if (typescript.isImportEqualsDeclaration(node) && typescript.isExternalModuleReference(node.moduleReference))
    return node.isTypeOnly ? undefined : textOf(typescript, node.moduleReference.expression);
  return typescript.isCallExpression(node) && isLoader(typescript, node)
    ? textOf(typescript, node.arguments[0])
    : undefined;
}

function textOf(typescript: typeof ts, node: ts.Expression | undefined): string | undefined {
  return node !== undefined && typescript.isStringLiteralLike(node) ? node.text : undefined;
}

/** `require(…)`, `require.resolve(…)`, `import(…)`. */
export function isLoader(typescript: typeof ts, node: ts.CallExpression): boolean {
  const { expression } = node;
  if (expression.kind === typescript.SyntaxKind.ImportKeyword) return true;
  if (typescript.isIdentifier(expression)) return expression.text === "require";
  return (
    typescript.isPropertyAccessExpression(expression) &&
    typescript.isIdentifier(expression.expression) &&
    expression.expression.text === "require" &&
    expression.name.text === "resolve"
  );
}

/** TypeScript leaves out an import none of whose names is used as a value (unless `verbatimModuleSyntax` forbids it). */
function isElided(typescript: typeof ts, node: ts.ImportDeclaration, used: ReadonlySet<string> | undefined): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  if (used === undefined) return false;
  const bindings = clause.namedBindings;
  const names = [
    ...(clause.name === undefined ? [] : [clause.name.text]),
    ...(bindings === undefined
      ? []
      : typescript.isNamespaceImport(bindings)
        ? [bindings.name.text]
        : bindings.elements.filter((element) => !element.isTypeOnly).map((element) => element.name.text)),
  ];
  return !names.some((name) => used.has(name));
}

/** Identifiers outside of types and import declarations. */
function valueNames(typescript: typeof ts, ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      typescript.isImportDeclaration(node) ||
      typescript.isInterfaceDeclaration(node) ||
      typescript.isTypeAliasDeclaration(node)
    )
      return;
    // `class A extends B` stands in a node that counts as a type, but B is a value.
    if (typescript.isTypeNode(node) && !typescript.isExpressionWithTypeArguments(node)) return;
    if (typescript.isIdentifier(node)) names.add(node.text);
    typescript.forEachChild(node, visit);
  };
  visit(ast);
  return decorated(typescript, ast) ? allNames(typescript, ast) : names;
}

/** With `emitDecoratorMetadata` the types of decorated parameters become values. */
function decorated(typescript: typeof ts, ast: ts.SourceFile): boolean {
  return (
    typescript.forEachChild(
      ast,
      (node) =>
        typescript.isClassDeclaration(node) && (node.modifiers?.some((one) => typescript.isDecorator(one)) ?? false),
    ) === true
  );
}

function allNames(typescript: typeof ts, ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (typescript.isImportDeclaration(node)) return;
    if (typescript.isIdentifier(node)) names.add(node.text);
    typescript.forEachChild(node, visit);
  };
  visit(ast);
  return names;
}
