/**
 * The values of expressions in sources and configuration files, as far as they follow from the text:
 *
 *     path.join(__dirname, "../views")        "/app/views" for a file that runs as /app/dist/server.js
 *     module.exports = { output: { path: … } }
 *
 * Follows constants, imports of the project's own files, paths, environment variables with a fallback, and functions that only
 * return. Everything else is unknown, and says so.
 */
import type { ts } from "ts-morph";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment } from "../ecosystem.ts";
import { callBuiltin, readBuiltin } from "./fold-builtins.ts";
import { loadTypeScript } from "./load-ts-morph.ts";
import type { Binding, SourceFile } from "./source-file.ts";
import { propertyOf, UNKNOWN, type Value } from "./value.ts";

/** What folding may ask for. */
export interface FoldContext {
  /** The project's own file that an import names; `undefined` for packages. */
  resolve(specifier: string, from: ImagePath): SourceFile | undefined;
  /** Where a source's code lies when it runs, for `__dirname`. */
  runsAs(source: ImagePath): ImagePath;
  readonly workdir: ImagePath;
  readonly environment: Environment;
}

/** Names that are parameters of a function being called. */
type Scope = ReadonlyMap<string, Value>;
const NO_SCOPE: Scope = new Map();
const DEEPEST = 40;

/** The value of an expression in a file. */
export function fold(node: ts.Expression, file: SourceFile, context: FoldContext): Value {
  return new Folder(context).fold(node, file, NO_SCOPE, 0);
}

/** The value of a module's default export, `module.exports` included; functions are called without arguments. */
export function foldDefaultExport(file: SourceFile, context: FoldContext): Value {
  const folder = new Folder(context);
  return folder.called(folder.exported(file, "default", 0), 0);
}

class Folder {
  readonly #context: FoldContext;
  readonly #ts = loadTypeScript();

  constructor(context: FoldContext) {
    this.#context = context;
  }

  fold(node: ts.Expression, file: SourceFile, scope: Scope, depth: number): Value {
    const ts = this.#ts;
    if (depth > DEEPEST) return UNKNOWN;
    const inner = (child: ts.Expression): Value => this.fold(child, file, scope, depth + 1);
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return { kind: "text", text: node.text };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: "boolean", value: true };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "boolean", value: false };
    if (ts.isTemplateExpression(node)) return this.#template(node, inner);
    if (ts.isIdentifier(node)) return this.#identifier(node.text, file, scope, depth);
    if (isWrapped(ts, node)) return inner(node.expression);
    if (ts.isPropertyAccessExpression(node)) return this.#property(node, file, inner);
    if (ts.isElementAccessExpression(node)) return this.#element(node, inner);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, file, scope, depth);
    if (ts.isArrayLiteralExpression(node)) return { kind: "list", items: node.elements.map(inner) };
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: "function", node, file };
    if (ts.isBinaryExpression(node)) return this.#binary(node, inner);
    if (ts.isConditionalExpression(node)) return this.#conditional(node, inner);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return this.#call(node, file, inner, depth);
    return UNKNOWN;
  }

  /** What a module exports under a name. */
  exported(file: SourceFile, name: string, depth: number): Value {
    if (file.ast.fileName.endsWith(".json")) return this.#json(file, name, depth);
    const node = file.exports.get(name);
    if (node !== undefined) return this.fold(node, file, NO_SCOPE, depth + 1);
    const local = file.exportedNames.get(name);
    if (local !== undefined) return this.#identifier(local, file, NO_SCOPE, depth);
    const whole = file.exports.get("default");
    if (name === "default") return this.#namespace(file, depth);
    // `module.exports = { name }` read as `import { name }`.
    return whole === undefined ? UNKNOWN : propertyOf(this.fold(whole, file, NO_SCOPE, depth + 1), name);
  }

  #json(file: SourceFile, name: string, depth: number): Value {
    const [statement] = file.ast.statements;
    if (statement === undefined || !this.#ts.isExpressionStatement(statement)) return UNKNOWN;
    const whole = this.fold(statement.expression, file, NO_SCOPE, depth + 1);
    return name === "default" || name === "*" ? whole : propertyOf(whole, name);
  }

  #namespace(file: SourceFile, depth: number): Value {
    if (depth > DEEPEST) return UNKNOWN;
    const names = [...file.exportedNames.keys(), ...[...file.exports.keys()].filter((name) => name !== "default")];
    if (names.length === 0) return UNKNOWN;
    const fields = names.map((name) => [name, this.exported(file, name, depth + 1)] as const);
    return { kind: "object", fields: new Map(fields), open: true };
  }

  /** The result of a function that only returns; other values as they are. */
  called(value: Value, depth: number, args: readonly Value[] = []): Value {
    if (value.kind !== "function" || depth > DEEPEST) return value;
    const returned = returnedBy(this.#ts, value.node);
    if (returned === undefined) return UNKNOWN;
    const scope = new Map(
      value.node.parameters.flatMap((parameter, at) =>
        this.#ts.isIdentifier(parameter.name) ? [[parameter.name.text, args[at] ?? UNKNOWN] as const] : [],
      ),
    );
    return this.fold(returned, value.file, scope, depth + 1);
  }

  #identifier(name: string, file: SourceFile, scope: Scope, depth: number): Value {
    const given = scope.get(name);
    if (given !== undefined) return given;
    if (name === "undefined") return { kind: "undefined" };
    const runsAs = this.#context.runsAs(file.path);
    const binding = file.bindings.get(name);
    // ES modules make `__dirname` themselves: `const __dirname = dirname(fileURLToPath(import.meta.url))`.
    if (name === "__dirname") return { kind: "text", text: imagePath("..", runsAs) };
    if (name === "__filename") return { kind: "text", text: runsAs };
    return binding === undefined ? readBuiltin(name) : this.#binding(binding, file, depth);
  }

  #binding(binding: Binding, file: SourceFile, depth: number): Value {
    if (depth > DEEPEST) return UNKNOWN;
    switch (binding.kind) {
      case "expression":
        return this.fold(binding.node, file, NO_SCOPE, depth + 1);
      case "function":
        return { kind: "function", node: binding.node, file };
      case "property":
        return propertyOf(this.fold(binding.of, file, NO_SCOPE, depth + 1), binding.name);
      case "import":
        return this.#imported(binding.specifier, binding.name, file, depth);
      case "unknown":
        return UNKNOWN;
    }
  }

  #imported(specifier: string, name: string, file: SourceFile, depth: number): Value {
    const own = this.#context.resolve(specifier, file.path);
    if (own !== undefined) return this.exported(own, name === "*" ? "default" : name, depth + 1);
    if (specifier.startsWith(".")) return UNKNOWN;
    const module = specifier.replace(/^node:/, "");
    return { kind: "member", name: name === "*" || name === "default" ? module : `${module}.${name}` };
  }

  #property(node: ts.PropertyAccessExpression, file: SourceFile, inner: (node: ts.Expression) => Value): Value {
    const name = node.name.text;
    if (this.#ts.isMetaProperty(node.expression)) return this.#importMeta(name, file);
    const on = inner(node.expression);
    if (on.kind === "member" && on.name === "process.env") return this.#variable(name);
    return propertyOf(on, name);
  }

  #element(node: ts.ElementAccessExpression, inner: (node: ts.Expression) => Value): Value {
    const key = inner(node.argumentExpression);
    if (key.kind !== "text") return UNKNOWN;
    const on = inner(node.expression);
    if (on.kind === "member" && on.name === "process.env") return this.#variable(key.text);
    return propertyOf(on, key.text);
  }

  #importMeta(name: string, file: SourceFile): Value {
    const runsAs = this.#context.runsAs(file.path);
    if (name === "url") return { kind: "text", text: `file://${runsAs}` };
    if (name === "filename") return { kind: "text", text: runsAs };
    return name === "dirname" ? { kind: "text", text: imagePath("..", runsAs) } : UNKNOWN;
  }

  /** An environment variable that the image does not set may be set when it runs; then the fallback beside it counts. */
  #variable(name: string): Value {
    const value = this.#context.environment.get(name);
    if (value === undefined) return { kind: "undefined" };
    return value.known ? { kind: "text", text: value.text } : UNKNOWN;
  }

  #template(node: ts.TemplateExpression, inner: (node: ts.Expression) => Value): Value {
    let text = node.head.text;
    for (const span of node.templateSpans) {
      const value = inner(span.expression);
      if (value.kind !== "text") return UNKNOWN;
      text += value.text + span.literal.text;
    }
    return { kind: "text", text };
  }

  #binary(node: ts.BinaryExpression, inner: (node: ts.Expression) => Value): Value {
    const { SyntaxKind } = this.#ts;
    const left = inner(node.left);
    switch (node.operatorToken.kind) {
      case SyntaxKind.PlusToken: {
        const right = inner(node.right);
        return left.kind === "text" && right.kind === "text" ? { kind: "text", text: left.text + right.text } : UNKNOWN;
      }
      case SyntaxKind.BarBarToken:
      case SyntaxKind.QuestionQuestionToken:
        return left.kind === "undefined" || isEmpty(left) ? inner(node.right) : left;
      case SyntaxKind.EqualsEqualsEqualsToken:
      case SyntaxKind.EqualsEqualsToken:
        return equality(left, inner(node.right), true);
      case SyntaxKind.ExclamationEqualsEqualsToken:
      case SyntaxKind.ExclamationEqualsToken:
        return equality(left, inner(node.right), false);
      default:
        return UNKNOWN;
    }
  }

  #conditional(node: ts.ConditionalExpression, inner: (node: ts.Expression) => Value): Value {
    const test = inner(node.condition);
    if (test.kind === "boolean") return inner(test.value ? node.whenTrue : node.whenFalse);
    if (test.kind === "undefined") return inner(node.whenFalse);
    const [yes, no] = [inner(node.whenTrue), inner(node.whenFalse)];
    return yes.kind === "text" && no.kind === "text" && yes.text === no.text ? yes : UNKNOWN;
  }

  #object(node: ts.ObjectLiteralExpression, file: SourceFile, scope: Scope, depth: number): Value {
    const ts = this.#ts;
    const fields = new Map<string, Value>();
    let open = false;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.fold(property.expression, file, scope, depth + 1);
        if (spread.kind === "object") for (const [name, value] of spread.fields) fields.set(name, value);
        open ||= spread.kind !== "object" || spread.open;
      } else if (ts.isShorthandPropertyAssignment(property)) {
        fields.set(property.name.text, this.#identifier(property.name.text, file, scope, depth + 1));
      } else if (ts.isPropertyAssignment(property) && isPlainName(ts, property.name)) {
        fields.set(property.name.text, this.fold(property.initializer, file, scope, depth + 1));
      } else open ||= !ts.isMethodDeclaration(property);
    }
    return { kind: "object", fields, open };
  }

  #call(
    node: ts.CallExpression | ts.NewExpression,
    file: SourceFile,
    inner: (node: ts.Expression) => Value,
    depth: number,
  ): Value {
    const ts = this.#ts;
    const args = [...(node.arguments ?? [])];
    const [first] = args;
    if (ts.isIdentifier(node.expression) && node.expression.text === "require" && first && ts.isStringLiteral(first))
      return this.#imported(first.text, "*", file, depth);
    const callee = inner(node.expression);
    if (callee.kind === "function") return this.called(callee, depth + 1, args.map(inner));
    if (callee.kind !== "member") return this.#method(node, inner);
    const values = args.map((arg) => (callee.name === "path.join" ? inner(arg) : this.called(inner(arg), depth + 1)));
    return callBuiltin(callee.name, values, this.#context.workdir);
  }

  /** `dir.replace(…)` and the like are not followed; `x.toString()` is x. */
  #method(node: ts.CallExpression | ts.NewExpression, inner: (node: ts.Expression) => Value): Value {
    const { expression } = node;
    if (!this.#ts.isPropertyAccessExpression(expression)) return UNKNOWN;
    return /^(?:toString|valueOf)$/.test(expression.name.text) ? inner(expression.expression) : UNKNOWN;
  }
}

function isEmpty(value: Value): boolean {
  return (value.kind === "text" && value.text === "") || (value.kind === "boolean" && !value.value);
}

function equality(left: Value, right: Value, wanted: boolean): Value {
  const known = (value: Value): boolean => value.kind === "text" || value.kind === "undefined";
  if (!known(left) || !known(right)) return UNKNOWN;
  const equal = left.kind === right.kind && (left.kind !== "text" || right.kind !== "text" || left.text === right.text);
  return { kind: "boolean", value: equal === wanted };
}

/** `x as T`, `x satisfies T`, `x!`, `(x)`, `await x`. */
function isWrapped(
  typescript: typeof ts,
  node: ts.Expression,
): node is
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.ParenthesizedExpression
  | ts.AwaitExpression {
  return (
    typescript.isAsExpression(node) ||
    typescript.isSatisfiesExpression(node) ||
    typescript.isNonNullExpression(node) ||
    typescript.isParenthesizedExpression(node) ||
    typescript.isAwaitExpression(node)
  );
}

function isPlainName(typescript: typeof ts, name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return typescript.isIdentifier(name) || typescript.isStringLiteral(name);
}

/** The expression that a function returns in its only return statement; what stands before it is not looked at. */
function returnedBy(typescript: typeof ts, node: ts.SignatureDeclaration): ts.Expression | undefined {
  const body = "body" in node ? (node.body as ts.Node | undefined) : undefined;
  if (body === undefined) return undefined;
  if (!typescript.isBlock(body)) return body as ts.Expression;
  const returns = body.statements.filter((statement) => typescript.isReturnStatement(statement));
  const [only] = returns;
  return returns.length === 1 && only === body.statements.at(-1) ? only?.expression : undefined;
}
