/**
 * Why an image does not work, as a clause for people:
 *
 *     causeInWords({ kind: "user-missing", name: "app" })      // the user "app" is not in /etc/passwd
 */
import type { FailureCause } from "../model/verification.ts";
import { assertNever } from "../text/assert-never.ts";

/** A clause without a full stop. */
export function causeInWords(cause: FailureCause): string {
  switch (cause.kind) {
    case "library-missing":
      return `the library "${cause.library}" that "${cause.neededBy}" needs is missing${at(cause.foundAt)}`;
    case "module-missing":
      return `the module "${cause.module}" that "${cause.importedBy}" imports is missing${at(cause.foundAt)}`;
    case "executable-missing":
      return `the program "${cause.name}" is missing${at(cause.foundAt)}`;
    case "file-missing":
      return `"${cause.path}" is missing`;
    case "permission":
      return `the user "${cause.user}" may not use "${cause.path}"`;
    case "user-missing":
      return `the user "${cause.name}" is not in /etc/passwd`;
    case "certificates-missing":
      return "the certificates of the public authorities are missing";
    case "time-zone-missing":
      return `the time zone ${cause.zone === undefined ? "data" : `"${cause.zone}"`} is missing`;
    case "libc-mismatch":
      return `"${cause.file}" wants ${cause.wants}, and the image has ${cause.has}`;
    case "shebang-missing":
      return `the interpreter "${cause.interpreter}" of "${cause.script}" is missing`;
    case "architecture":
      return `"${cause.file}" is for ${cause.wants}, and the image is for ${cause.has}`;
    case "environment-missing":
      return `the variable "${cause.name}" is not set`;
    default:
      return assertNever(cause);
  }
}

function at(path: string | undefined): string {
  return path === undefined ? "" : ` (the old image has it at "${path}")`;
}
