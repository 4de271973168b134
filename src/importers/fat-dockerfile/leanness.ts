/**
 * Whether the last stage of several holds something for a build:
 *
 *     FROM alpine                  COPY --from=builder /app /app       lean: that is what stages are for
 *     FROM python:3.12             RUN pip install -r requirements     mixed: the plan may find a smaller base, or nothing
 *     FROM golang:1.22             RUN go build -o /app .              fat
 *
 * Packages alone make no stage fat: what is copied from other stages may need any of them, and nobody can tell.
 */
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { packageName } from "../../ecosystems/os-packages/os-packages.ts";
import { purposeOf } from "../../ecosystems/os-packages/purposes.ts";
import type { ImageReading } from "./read-image.ts";

export type Leanness =
  | { readonly kind: "fat" | "mixed" }
  /** `why`: a clause. */
  | { readonly kind: "lean"; readonly why: string };

export function leanness(reading: ImageReading): Leanness {
  if (reading.chosen) return { kind: "lean", why: "a build argument chooses the stage that its last one stands on" };
  const effects = reading.instructions.flatMap(({ units }) => units.flatMap((unit) => unit.effects));
  if (effects.some(isBuild) || (effects.some(installs) && effects.some(isForBuild))) return { kind: "fat" };
  if (holdsCompilers(reading) || effects.some(installs)) return { kind: "mixed" };
  return { kind: "lean", why: "nothing is built in its last stage" };
}

/** Images that are for compiling. Interpreters, and Java's kits, are what many programs run on. */
function holdsCompilers({ image: { base } }: ImageReading): boolean {
  const isKit = /(?:^|\/)dotnet\/(?:core\/)?(?:nightly\/)?sdk(?::|$)|^microsoft\/dotnet:[\w.]+-sdk/.test(
    base.reference,
  );
  return isKit || ["gcc", "go", "rust"].includes(base.toolchain ?? "");
}

function isBuild(effect: Effect): boolean {
  if (effect.kind === "dependencies") return effect.tree.ecosystem === "node" && !effect.tree.production;
  return ["artifact", "check", "foreign"].includes(effect.kind);
}

function installs({ kind }: Effect): boolean {
  return kind === "dependencies" || kind === "dependencies-changed";
}

/** Compilers and headers. */
function isForBuild(effect: Effect): boolean {
  if (effect.kind !== "packages" || effect.action !== "install") return false;
  return effect.names.some((name) => ["build", "development"].includes(purposeOf(packageName(name)).kind));
}
