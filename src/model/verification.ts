/**
 * What a verification found: before against after, check by check. Stands in the JSON document as `verification` of a migration.
 *
 *     verdict "verified"   every check of every image is ok, and a probe was seen to fail without the artifacts
 *     verdict "differs"    at least one problem, each with its true reason
 */
export type VerificationVerdict =
  /** Green: the only one with exit code 0. */
  | "verified"
  /** A check failed. */
  | "differs"
  /** Nothing differs, but no probe noticed when the artifacts were taken away: the behaviour is not proven. */
  | "unproven"
  /** The old build fails by itself. */
  | "before-fails"
  /** A base image cannot be had; `reference` says which. */
  | "base-missing"
  | "after-fails"
  /** Over the size that `--budget` allows. */
  | "over-budget"
  /** The setup is refused or of no benefit: there is nothing to compare. */
  | "nothing-to-verify"
  /** The old build cannot be replayed, or the engine went away. */
  | "impossible";

/** Why an image does not work, as far as that is understood: what repair starts from. */
export type FailureCause =
  | { readonly kind: "library-missing"; readonly library: string; readonly neededBy: string; readonly foundAt?: string }
  | { readonly kind: "module-missing"; readonly module: string; readonly importedBy: string; readonly foundAt?: string }
  | { readonly kind: "executable-missing"; readonly name: string; readonly foundAt?: string }
  | { readonly kind: "file-missing"; readonly path: string }
  | { readonly kind: "permission"; readonly path: string; readonly user: string }
  | { readonly kind: "user-missing"; readonly name: string }
  | { readonly kind: "certificates-missing" }
  | { readonly kind: "time-zone-missing"; readonly zone?: string }
  | { readonly kind: "libc-mismatch"; readonly file: string; readonly wants: string; readonly has: string }
  | { readonly kind: "shebang-missing"; readonly script: string; readonly interpreter: string }
  | { readonly kind: "architecture"; readonly file: string; readonly wants: string; readonly has: string }
  | { readonly kind: "environment-missing"; readonly name: string; readonly value: string };

/** One thing that was noticed. `problem` makes the check fail; `expected` is a listed change; `note` only informs. */
export interface Finding {
  readonly level: "problem" | "expected" | "note";
  /** What is different, one line: `ENV NODE_VERSION is gone`. */
  readonly what: string;
  /** Why that is so, or what it breaks; one sentence. */
  readonly why: string;
  readonly cause?: FailureCause;
}

export interface Check {
  readonly ok: boolean;
  /** One line for the table: `1,204 files equal, 18,211 left behind with a reason`. */
  readonly summary: string;
  readonly findings: readonly Finding[];
}

/** How many files of the old image are where, by bucket: `equal`, `base-image`, `os-package`, `source`, `unexplained` … */
export interface FileCheck extends Check {
  readonly buckets: Readonly<Record<string, { readonly files: number; readonly bytes: number }>>;
}

/** What a started container did. */
export interface Observation {
  readonly staysUp: boolean;
  readonly exitCode?: number;
  readonly health?: "healthy" | "unhealthy" | "starting";
  readonly ports: readonly number[];
  readonly answers: readonly ProbeAnswer[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProbeAnswer {
  readonly port: number;
  readonly request: string;
  /** HTTP status; absent where the port does not speak HTTP or does not answer. */
  readonly status?: number;
  readonly contentType?: string;
  readonly bytes?: number;
  /** SHA-256 of the body, in hex. */
  readonly digest?: string;
}

export interface BehaviourCheck extends Check {
  /** What was tried, one line each: `started as configured`, `GET http://:8080/`. */
  readonly probes: readonly string[];
  /** False where the probes also pass with the artifacts removed, so that they prove nothing. */
  readonly proves: boolean;
  readonly before?: Observation;
  readonly after?: Observation;
}

export interface SizeAndTime {
  readonly bytes: { readonly before: number; readonly after: number };
  readonly layers: { readonly before: number; readonly after: number };
  /** Milliseconds; absent where not measured. */
  readonly coldBuild?: { readonly before: number; readonly after: number };
  /** After touching one source file. */
  readonly rebuild?: { readonly before: number; readonly after: number; readonly touched: string };
  /** What is largest in the new image, largest first. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
}

/** One pair of images. */
export interface ImageVerification {
  /** The stage of the new Dockerfile, and the old Dockerfile whose image it replaces. */
  readonly target: string;
  readonly replaces: string;
  readonly configuration: Check;
  readonly files: FileCheck;
  readonly libraries: Check;
  readonly behaviour: BehaviourCheck;
  readonly size: SizeAndTime;
}

/** A round of repair: what failed, and what was changed because of it. */
export interface RepairRound {
  readonly causes: readonly FailureCause[];
  readonly changes: readonly string[];
}

export interface Verification {
  readonly verdict: VerificationVerdict;
  /** One sentence. */
  readonly summary: string;
  /** What the engine is and has, one line. */
  readonly engine: string;
  readonly images: readonly ImageVerification[];
  readonly rounds: readonly RepairRound[];
  /** The base image that cannot be had. */
  readonly reference?: string;
  /** The last lines of a build that failed, secrets masked. */
  readonly log?: readonly string[];
}
