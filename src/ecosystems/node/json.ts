/**
 * JSON as Node tools read it: `package.json` strictly, `tsconfig.json` and its like with comments and trailing commas.
 *
 *     parseJson('{"a": 1}')                  // { a: 1 }
 *     parseJsonWithComments('{"a": 1, // x\n}')
 *
 * What does not parse is `undefined`.
 */

/** An object of unknown fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text as JSON; a byte-order mark is allowed, as npm allows it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

const STRING_OR_COMMENT = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const STRING_OR_TRAILING_COMMA = /"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g;

/** JSON in which comments and trailing commas are allowed. */
export function parseJsonWithComments(text: string): unknown {
  const bare = text.replace(STRING_OR_COMMENT, (part) => (part.startsWith('"') ? part : " "));
  return parseJson(bare.replace(STRING_OR_TRAILING_COMMA, (part) => (part.startsWith('"') ? part : "")));
}

/** The field of an object that is a text. */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** The field of an object that is an object. */
export function objectField(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** The texts among an object's fields. */
export function textFields(object: JsonObject): Readonly<Record<string, string>> {
  const pairs = Object.entries(object).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return Object.fromEntries(pairs);
}

/** The texts in a list. */
export function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
