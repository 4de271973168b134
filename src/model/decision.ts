/**
 * Choices that the tool makes and the user may change, with the answers that do so.
 *
 *     const tests = decisions.decide({ id: "tests", question: "…", options, recommended: "gate", confidence, because });
 *     // "gate", or the user's answer for this setup (or for every setup, under "*")
 */
import type { Provenance } from "./provenance.ts";

/** `certain`: follows from the text. `likely`: a rule with rare exceptions. `guess`: please look. */
export type Confidence = "certain" | "likely" | "guess";

export interface DecisionOption {
  readonly value: string;
  readonly label: string;
  /** One sentence: what the result is like with this choice. */
  readonly consequence: string;
}

export interface Decision {
  /** Stable over runs and machines: "runtime-base", "tests", "keep:/app/public", "drop-package:git". */
  readonly id: string;
  readonly question: string;
  readonly options: readonly DecisionOption[];
  readonly chosen: string;
  readonly confidence: Confidence;
  readonly because: readonly Provenance[];
}

export interface DecisionDraft extends Omit<Decision, "chosen"> {
  readonly recommended: string;
  /** The option with the smallest image, where that is not the recommended one, since it changes more: a guess when it is taken. */
  readonly smallest?: string;
  /** Set where any text is a fitting answer (an image reference, say), not only the options' values. */
  readonly open?: boolean;
}

/** Answers by setup id (or "*"), then by decision id. */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An answer that fits no decision, or none of its options. */
export interface UnusedAnswer {
  readonly setup: string;
  readonly decision: string;
  readonly value: string;
  readonly why: "unknown-decision" | "unknown-option";
}

/** Takes the decisions of one setup, applying the user's answers to them. */
export class DecisionLog {
  readonly #decisions: Decision[] = [];
  readonly #refused = new Set<string>();
  readonly #setup: string;
  readonly #answers: Answers;
  readonly #smallest: boolean;

  /** `smallest`: where no answer is given, the option with the smallest image is taken instead of the recommended one. */
  constructor(setup: string, answers: Answers, { smallest = false }: { readonly smallest?: boolean } = {}) {
    this.#setup = setup;
    this.#answers = answers;
    this.#smallest = smallest;
  }

  #answer(id: string): string | undefined {
    return this.#answers[this.#setup]?.[id] ?? this.#answers["*"]?.[id];
  }

  /** A log for trying something out: the same answers, and nothing that is decided in it counts. */
  trial(): DecisionLog {
    return new DecisionLog(this.#setup, this.#answers, { smallest: this.#smallest });
  }

  /** Records a decision and returns the value to act on. Asking twice for one id gives the first value. */
  decide(draft: DecisionDraft): string {
    const known = this.#decisions.find((d) => d.id === draft.id);
    if (known) return known.chosen;
    const { recommended, smallest, open, ...rest } = draft;
    const answer = this.#answer(draft.id);
    const fits = answer !== undefined && (open === true || draft.options.some((o) => o.value === answer));
    if (answer !== undefined && !fits) this.#refused.add(draft.id);
    const proposed = this.#smallest ? (smallest ?? recommended) : recommended;
    const chosen = fits ? answer : proposed;
    const confidence = fits ? "certain" : proposed === recommended ? draft.confidence : "guess";
    this.#decisions.push({ ...rest, chosen, confidence });
    return chosen;
  }

  /** Whether what was decided is no more than a guess. */
  isGuess(id: string): boolean {
    return this.#decisions.some((decision) => decision.id === id && decision.confidence === "guess");
  }

  /** A later choice left nothing to decide; an answer for it counts as unused. */
  withdraw(id: string): void {
    const at = this.#decisions.findIndex((decision) => decision.id === id);
    if (at >= 0) this.#decisions.splice(at, 1);
  }

  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  /** Answers for this very setup that no decision took. */
  get unused(): readonly UnusedAnswer[] {
    const own = this.#answers[this.#setup] ?? {};
    return Object.entries(own)
      .filter(([id]) => this.#refused.has(id) || !this.#decisions.some((d) => d.id === id))
      .map(([decision, value]) => ({
        setup: this.#setup,
        decision,
        value,
        why: this.#refused.has(decision) ? "unknown-option" : "unknown-decision",
      }));
  }
}
