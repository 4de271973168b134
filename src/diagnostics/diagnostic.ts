/**
 * What is said to the user about their input, as a value:
 *
 *     reporter.report("container-unknown", { container: "extract" }, span)
 *
 * Severity, message and help come from the catalog, so that the terminal, JSON and later faces agree. What is not
 * decided here: how a diagnostic looks on a terminal.
 */
import type { Span } from "../text/source.ts";
import { type ArgsOf, CATALOG, type DiagnosticCode } from "./catalog.ts";

export type { DiagnosticCode } from "./catalog.ts";

/** `error`: nothing is written. `assumption`: the user may confirm or change it. */
export type Severity = "error" | "warning" | "assumption";

/** A second place that belongs to a diagnostic. */
export interface DiagnosticNote {
  readonly message: string;
  readonly span?: Span;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence, present tense. */
  readonly message: string;
  /** One imperative sentence with the text to type. */
  readonly help?: string;
  /** The smallest word to change; absent where no file is to blame. */
  readonly span?: Span;
  readonly notes: readonly DiagnosticNote[];
}

/** Makes the diagnostic that the catalog describes. */
export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  args: ArgsOf<Code>,
  span?: Span,
  notes: readonly DiagnosticNote[] = [],
): Diagnostic {
  const entry = CATALOG[code] as {
    readonly severity: Severity;
    readonly message: (args: ArgsOf<Code>) => string;
    readonly help?: (args: ArgsOf<Code>) => string;
  };
  const help = entry.help?.(args);
  return {
    code,
    severity: entry.severity,
    message: entry.message(args),
    ...(help === undefined ? {} : { help }),
    ...(span === undefined ? {} : { span }),
    notes,
  };
}

/** Collects diagnostics in the order in which they are reported. */
export class Reporter {
  readonly #reported: Diagnostic[] = [];

  report<Code extends DiagnosticCode>(
    code: Code,
    args: ArgsOf<Code>,
    span?: Span,
    notes: readonly DiagnosticNote[] = [],
  ): void {
    this.#reported.push(diagnostic(code, args, span, notes));
  }

  /** Takes over what another one was told. */
  add(reported: readonly Diagnostic[]): void {
    this.#reported.push(...reported);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#reported;
  }

  get failed(): boolean {
    return this.#reported.some((d) => d.severity === "error");
  }
}

/** A message as a sentence of its own: `nothing is built` becomes `Nothing is built.` */
export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
