/**
 * What a verification is going to do, for whoever has to agree to it:
 *
 *     fat-dockerfile:Dockerfile
 *       build as it is   Dockerfile, context "."
 *       build migrated   Dockerfile, target "production", context "."
 *       run              both images, as they are configured, on the network "none"
 */
import type { Migration } from "../model/migration.ts";
import type { BuildRecipe, LegacyImage, MigratedImage } from "../model/recipe.ts";

/** A migration that can be verified, with its recipe. */
export interface Announced {
  readonly migration: Migration;
  readonly recipe: BuildRecipe;
}

export interface AnnouncedRun {
  readonly buildNetwork: string;
  readonly runNetwork: string;
  /** True where the real script is run, on this machine and with the user's rights. */
  readonly runScript: boolean;
}

/** Lines without line ends; texts in them come from the project and are to be made visible by the caller. */
export function announcement({ migration, recipe }: Announced, run: AnnouncedRun): readonly string[] {
  const { script } = recipe;
  const before =
    run.runScript && script !== undefined
      ? [row("run as it is", `${script.argv.join(" ")} (on this machine, with your rights)`)]
      : recipe.before.map((image) => row("build as it is", legacy(image)));
  return [
    migration.id,
    ...before,
    ...recipe.after.map((image) => row("build migrated", migrated(image))),
    row("networks", `${run.buildNetwork} for builds, ${run.runNetwork} for containers`),
    row("run", "the old and the new image, one after the other, as they are configured"),
  ];
}

/** What is built where only the old images are looked at. */
export function announcedBuild(id: string, { before }: BuildRecipe): readonly string[] {
  return [
    id,
    ...before.map((image) => row("build as it is", legacy(image))),
    row("run", "the old image, as it is configured"),
  ];
}

function row(what: string, text: string): string {
  return `  ${what.padEnd(15)} ${text}`;
}

function legacy({ dockerfile, context, target }: LegacyImage): string {
  const file = dockerfile.path ?? "a Dockerfile that the script has in it, or that does what its container did";
  return `${file}${named("target", target)}${named("context", context)}`;
}

function migrated({ dockerfile, context, target }: MigratedImage): string {
  return `${dockerfile}${named("target", target)}${named("context", context)}`;
}

function named(what: string, value: string | undefined): string {
  return value === undefined ? "" : `, ${what} "${value === "" ? "." : value}"`;
}
