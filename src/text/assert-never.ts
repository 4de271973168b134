/** Ends an exhaustive `switch`: a compile error where a case is missing, a thrown error where the types lied. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
