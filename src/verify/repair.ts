/**
 * Learns from what fails, and tries again:
 *
 *     differs: cannot find module "left-pad"   →  the full set of dependencies stays   →  verified
 *
 * At most five rounds; it ends when everything is equal, or when a round teaches nothing new, which is an honest end: the last
 * verdict stands. A need only ever adds something to the new image. What is not decided here: which need a cause leads to
 * (needs-of-causes.ts), and what the plan makes of it (the importers).
 */
import type { Evidence, EvidenceNeed } from "../model/evidence.ts";
import type { Migration } from "../model/migration.ts";
import type { FailureCause, RepairRound, Verification } from "../model/verification.ts";
import { needInWords, needsOfCauses } from "./needs-of-causes.ts";
import { type Verified, type VerifyWorld, verifyMigration } from "./verify.ts";

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
  let verified = await verifyMigration(migration, worldOf(migration));
  while (rounds.length < MOST_ROUNDS && canBeRepaired(verified)) {
    const causes = causesOf(verified);
    const learned = needsOfCauses(causes, verified.images).filter((need) => !needs.some((known) => same(known, need)));
    if (learned.length === 0) break;
    needs = [...needs, ...learned];
    const next = again({ evidence: { [first.id]: { needs } } });
    // The same plan once more would fail in the same way.
    if (next === undefined || next.diff === migration.diff || next.changes.length === 0) break;
    rounds.push({ causes, changes: learned.map(needInWords) });
    migration = next;
    const world = worldOf(migration);
    world.progress(`repair ${rounds.length}: ${learned.map(needInWords).join("; ")}`);
    verified = await verifyMigration(migration, world);
  }
  return { migration, verification: { ...verified.verification, rounds } };
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
