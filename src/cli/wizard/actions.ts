/** What the wizard does when it is told to: apply, verify, save. Each says what came of it. */
import type { Migration } from "../../model/migration.ts";
import { visibleLine } from "../../text/visible.ts";
import { changeLines } from "../change-lines.ts";
import { EXIT } from "../exit-codes.ts";
import { locateAll, reportDiagnostics, sourcesOf } from "../report.ts";
import { type Session, say } from "./session.ts";

/** True where it was written. */
export async function applyIt(migration: Migration, session: Session): Promise<boolean> {
  const { applyChanges } = await import("../../project/apply.ts");
  const { host, project, asker } = session;
  const write = (force: boolean) => applyChanges(project.root, migration.changes, { force });
  let result = write(false);
  if (!result.ok) {
    report(session, result.diagnostics);
    if (!result.diagnostics.every(({ code }) => code === "file-uncommitted")) return false;
    const anyway = await asker.choose({
      message: "Git has not recorded what stands there now. Write all the same?",
      choices: [
        { value: false, name: "No" },
        { value: true, name: "Yes, `restage undo` would bring it back" },
      ],
    });
    if (!anyway) return false;
    result = write(true);
    if (!result.ok) {
      report(session, result.diagnostics);
      return false;
    }
  }
  session.wrote = true;
  host.stdout.write(`${changeLines(migration).join("")}Done. \`restage undo\` takes it back, byte for byte.\n`);
  return true;
}

function report({ host, project }: Session, diagnostics: Parameters<typeof locateAll>[0]): void {
  const sourceOf = sourcesOf(project.files);
  reportDiagnostics(host, locateAll(diagnostics, sourceOf), sourceOf);
}

/** `restage verify` on this setup, with the answers of this walk. */
export async function verifyIt(migration: Migration, session: Session): Promise<void> {
  const { runVerify } = await import("../commands/verify.ts");
  const { openScratch } = await import("../../project/scratch.ts");
  const { writeFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const scratch = openScratch();
  try {
    const answers = join(scratch.directory, "answers.json");
    writeFileSync(answers, JSON.stringify({ answers: session.answers }));
    const [first] = migration.sources;
    const driver =
      migration.kind === "builder-script" ? { script: first?.path ?? "" } : { dockerfile: first?.path ?? "" };
    const flags = {
      yes: false,
      repair: false,
      write: false,
      runScript: false,
      prune: false,
      cached: false,
      json: false,
      given: {},
    };
    const exit = await runVerify({ name: "verify", directory: ".", answers, ...driver, ...flags }, session.host);
    if (exit === EXIT.engineMissing) say(session, ["Without an engine nothing was verified."]);
  } finally {
    scratch.close();
  }
}

export async function savePatchFile(migration: Migration, session: Session): Promise<void> {
  const { savePatch } = await import("../patch-file.ts");
  const file = await session.asker.text("Which file?", "restage.patch");
  const problems = savePatch(session.host.cwd, file, [migration]);
  if (problems.length > 0) report(session, problems);
  else {
    session.wrote = true;
    say(session, [`Saved as ${visibleLine(file)}; \`git apply\` takes it.`]);
  }
}

/** What was answered in this walk, in the file that every command reads. */
export async function keepAnswers(migration: Migration, session: Session): Promise<void> {
  const answers = session.answers[migration.id];
  if (answers === undefined)
    return say(session, ["Nothing was answered otherwise than recommended; there is nothing to save."]);
  const { withAnswers } = await import("../../project/save-answers.ts");
  const { applyChanges } = await import("../../project/apply.ts");
  const { openProject } = await import("../../project/read.ts");
  const { CONFIGURATION } = await import("../prepare.ts");
  const { root } = session.project;
  // This walk may have saved some before, so the file is read as it is now.
  const opened = openProject(root);
  if (!opened.ok) return report(session, [opened.diagnostic]);
  const { files } = opened;
  const entry = files.entry(CONFIGURATION);
  const read = files.read(CONFIGURATION);
  const before = read.ok ? read.text : undefined;
  const after =
    entry !== undefined && !read.ok ? undefined : withAnswers(before, { [migration.id]: answers }, [migration]);
  if (after === undefined) return say(session, [`"${CONFIGURATION}" is not a file that answers can be put into.`]);
  const action = before === undefined ? "create" : "modify";
  const change = {
    path: CONFIGURATION,
    action,
    mode: "100644",
    after,
    ...(before === undefined ? {} : { before }),
  } as const;
  const result = applyChanges(root, [change], { force: true });
  if (!result.ok) return report(session, result.diagnostics);
  session.wrote = true;
  say(session, [`Saved in ${CONFIGURATION}.`]);
}
