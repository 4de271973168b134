/**
 * Runs of single entries of a driver, each made once however often it is asked for.
 *
 *     dry.of(entry)      what `make image` alone would come to
 */
import type { Driver, DriverEntry } from "../../drivers/driver.ts";
import { onceForEach } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { runDriver, type ScriptRun } from "./run-script.ts";

/** The runs; each from a clean world. */
export class DryRuns {
  readonly #files: ProjectFiles;
  readonly #driver: Driver;
  readonly #runs = new Map<DriverEntry, ScriptRun>();

  constructor(files: ProjectFiles, driver: Driver) {
    this.#files = files;
    this.#driver = driver;
  }

  of(entry: DriverEntry): ScriptRun {
    const known = this.#runs.get(entry) ?? runDriver(this.#files, { ...this.#driver, entries: [entry] });
    this.#runs.set(entry, known);
    return known;
  }
}

/** The runs of a driver in a project, the same ones whenever they are asked for. */
export const dryRuns: (files: ProjectFiles, driver: Driver) => DryRuns = onceForEach(
  (files, driver: Driver) => new DryRuns(files, driver),
);
