/**
 * What `[ … ]` and `test` answer, as far as the script and the checkout tell.
 *
 *     [ -f docker/api/Dockerfile.build ]      true when the checkout has it
 *     [ -z "$COMMIT" ]                        undefined: the environment decides
 *
 * `[[ … ]]` is taken apart in test-expression.ts.
 */
import { type Field, fieldValue, type SymbolicValue } from "../../shell/symbolic.ts";
import { exists, type HostTree, look, shapeOf } from "./host-tree.ts";
import { absolutePath, fieldKey, isPartlyUnknown, settledText } from "./values.ts";

/** `undefined`: only the real run knows. */
export type Truth = boolean | undefined;

/** The files that conditions ask about. */
export interface TestPlace {
  readonly host: HostTree;
  readonly cwd: string;
}

/** The operands of `test`, without the closing bracket. */
export function testTruth(operands: readonly Field[], place: TestPlace): Truth {
  const words = operands.map(fieldKey);
  if (words[0] === "!" && operands.length > 1) return negate(testTruth(operands.slice(1), place));
  for (const [operator, combine] of CONNECTIVES) {
    const at = words.lastIndexOf(operator);
    if (at > 0 && at < words.length - 1) {
      return combine(testTruth(operands.slice(0, at), place), testTruth(operands.slice(at + 1), place));
    }
  }
  const [first, second, third] = operands;
  if (first === undefined) return false;
  if (second === undefined) return isFilled(fieldValue(first));
  if (third === undefined) return unary(words[0] ?? "", second, place);
  return operands.length === 3 ? binary(first, words[1] ?? "", third) : undefined;
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function or(a: Truth, b: Truth): Truth {
  if (a === true || b === true) return true;
  return a === undefined || b === undefined ? undefined : false;
}

function and(a: Truth, b: Truth): Truth {
  return negate(or(negate(a), negate(b)));
}

/** `-o` binds less than `-a`, so it is taken apart first. */
const CONNECTIVES: readonly (readonly [string, (a: Truth, b: Truth) => Truth])[] = [
  ["-o", or],
  ["-a", and],
];

/** Whether a string is not empty. */
function isFilled(value: SymbolicValue): Truth {
  if (value.length === 0) return false;
  const sure = value.some((part) => (part.kind === "text" ? part.text !== "" : part.tag !== undefined));
  return sure ? true : undefined;
}

function unary(operator: string, operand: Field, place: TestPlace): Truth {
  if (operator === "-n") return isFilled(fieldValue(operand));
  if (operator === "-z") return negate(isFilled(fieldValue(operand)));
  if (!/^-[defrswxhL]$/.test(operator)) return undefined;
  const key = fieldKey(operand);
  if (isPartlyUnknown(key)) return undefined;
  const node = look(place.host, absolutePath(place.cwd, key));
  if (node.kind === "image" && node.presumed) return undefined;
  if (!exists(node)) return false;
  const shape = shapeOf(place.host.files, node);
  if (operator === "-d") return shape === "unknown" ? undefined : shape === "directory";
  if (operator === "-f") return shape === "unknown" ? undefined : shape === "file";
  return operator === "-e" || operator === "-r" ? true : undefined;
}

function binary(left: Field, operator: string, right: Field): Truth {
  const a = settledText(fieldValue(left));
  const b = settledText(fieldValue(right));
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case "=":
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "-eq":
      return Number(a) === Number(b);
    case "-ne":
      return Number(a) !== Number(b);
    case "-gt":
      return Number(a) > Number(b);
    case "-ge":
      return Number(a) >= Number(b);
    case "-lt":
      return Number(a) < Number(b);
    case "-le":
      return Number(a) <= Number(b);
    default:
      return undefined;
  }
}
