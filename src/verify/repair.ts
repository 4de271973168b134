/**
 * Learns from what fails, and tries again:
 *
 *     differs: cannot find module "left-pad"   →  the full set of dependencies stays   →  verified
 *
 * At most five rounds; it ends when everything is equal, or when a round teaches nothing new. Then the last verdict stands, and the
 * migration is withdrawn: what a run showed not to work is refused, and no longer offered. A need only ever adds something to the new image. What is not decided here: which need a cause leads to
 * (needs-of-causes.ts), and what the plan makes of it (the importers).
 */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { locate } from "../diagnostics/to-json.ts";
import type { Evidence, EvidenceNeed } from "../model/evidence.ts";
import type { Migration } from "../model/migration.ts";
import type { FailureCause, RepairRound, Verification } from "../model/verification.ts";
import { causeInWords } from "./causes-in-words.ts";
import { needInWords, needsOfCauses } from "./needs-of-causes.ts";
import { OldState, type Verified, type VerifyWorld, verifyMigration } from "./verify.ts";

const MOST_ROUNDS = 5;

export interface Repaired {
  readonly migration: Migration;
  readonly verification: Verification;
}

export async function repairMigration(
  first: Migration,
  worldOf: (migration: Migration) => VerifyWorld,
  again: (options: { readonly evidence: Evidence }) => Migration | undefined,
): Promise<Repaired> {
  const rounds: RepairRound[] = [];
  let needs: readonly EvidenceNeed[] = [];
  let migration = first;
  const old = new OldState();
  let verified = await verifyMigration(migration, worldOf(migration), old);
  let end: string | undefined;
  while (canBeRepaired(verified)) {
    end = rounds.length === MOST_ROUNDS ? `${MOST_ROUNDS} rounds were not enough` : undefined;
    if (end !== undefined) break;
    const causes = causesOf(verified);
    const learned = needsOfCauses(causes, verified.images).filter((need) => !needs.some((known) => same(known, need)));
    if (learned.length === 0) {
      end = reasonToStop(verified, causes);
      break;
    }
    needs = [...needs, ...learned];
    const next = again({ evidence: { [first.id]: { needs } } });
    // The same plan once more would fail in the same way.
    if (next === undefined || next.diff === migration.diff || next.changes.length === 0) {
      const wanted = learned.map(needInWords).join("; ");
      end =
        next?.changes.length === 0
          ? `with what it needs (${wanted}), nothing is left to gain`
          : `no plan does what it needs (${wanted})`;
      break;
    }
    rounds.push({ causes, changes: learned.map(needInWords) });
    migration = next;
    const world = worldOf(migration);
    world.progress(`repair ${rounds.length}: ${learned.map(needInWords).join("; ")}`);
    verified = await verifyMigration(migration, world, old);
  }
  const verification = { ...verified.verification, rounds };
  return end === undefined ? { migration, verification } : { migration: withdrawn(migration, end), verification };
}

/** Why nothing is left to learn. */
function reasonToStop({ verification: { verdict } }: Verified, causes: readonly FailureCause[]): string {
  if (verdict === "after-fails") return "the new image does not build";
  if (causes.length === 0) return "what differs has no cause that a plan could take away";
  return `neither what was added nor anything else of the old image helps: ${causes.map(causeInWords).join("; ")}`;
}

/** The setup, refused: nothing is changed, and the reason is said. */
function withdrawn(migration: Migration, end: string): Migration {
  const exhausted = locate(diagnostic("repair-exhausted", { end }));
  const { recipe: _recipe, ...known } = migration;
  return {
    ...known,
    verdict: "refused",
    summary: `Built and run, it is not as it was, and cannot be repaired: ${end}.`,
    diagnostics: [...migration.diagnostics, exhausted],
    ...{ stages: [], outputs: [], changes: [], explanation: [], removed: [], diff: "" },
  };
}

function canBeRepaired({ verification: { verdict } }: Verified): boolean {
  return verdict === "differs" || verdict === "after-fails";
}

function same(a: EvidenceNeed, b: EvidenceNeed): boolean {
  const { because: _a, ...left } = a;
  const { because: _b, ...right } = b;
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Every cause that a failing check has found, each once. */
function causesOf({ verification }: Verified): readonly FailureCause[] {
  const found = verification.images.flatMap(({ configuration, files, libraries, behaviour }) =>
    [configuration, libraries, behaviour, files].flatMap(({ findings }) =>
      findings.flatMap(({ level, cause }) => (level === "problem" && cause !== undefined ? [cause] : [])),
    ),
  );
  return [...new Map(found.map((cause) => [JSON.stringify(cause), cause])).values()];
}
