/**
 * `restage` on a terminal: a walk from the setups of a repository to a change that is applied, or to nothing at all.
 *
 *     setups ─▶ questions that are not certain ─▶ stages, diff, answers ─▶ apply, verify, save, leave
 *
 * "Back" leads one step up everywhere. Nothing is written before "apply" or "save" is chosen, and Ctrl-C says so. What is not decided
 * here: what changes (migrate.ts), and how it is asked (asker.ts).
 */
import type { Migration, MigrationDecision } from "../../model/migration.ts";
import { mergeAnswers } from "../../project/config.ts";
import { visibleLine } from "../../text/visible.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { prepare } from "../prepare.ts";
import { placesInShort } from "../reasons.ts";
import { locateAll, reportDiagnostics, sourcesOf } from "../report.ts";
import { applyIt, keepAnswers, savePatchFile, verifyIt } from "./actions.ts";
import { type Asker, type Choice, Left } from "./asker.ts";
import { described, listed, nameOf, openDecisions } from "./describe-setup.ts";
import { diffView } from "./diff-view.ts";
import { stagePicture } from "./picture.ts";
import { type Session, say, type WizardOptions } from "./session.ts";

export async function runWizard(host: Host, asker: Asker, options: WizardOptions): Promise<ExitCode> {
  const prepared = await prepare(host, ".", {}, { writes: true });
  if (!prepared.ok) {
    const sourceOf = sourcesOf(prepared.files, prepared.sources);
    reportDiagnostics(host, locateAll(prepared.diagnostics, sourceOf), sourceOf);
    return EXIT.usage;
  }
  const { project } = prepared;
  const session: Session = { host, asker, project, options, answers: {}, wrote: false };
  try {
    await walkSetups(session);
    say(session, session.wrote ? [] : ["Nothing was changed."]);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    say(session, ["", session.wrote ? "Left. What was written before stays." : "Left. Nothing was changed."]);
    return EXIT.interrupted;
  }
}

/** Computed once for each set of answers: a large repository takes its time. */
async function migrationsOf(session: Session): Promise<readonly Migration[]> {
  const { host, project, answers, last } = session;
  if (last?.answers === answers) return last.migrations;
  const migrate = await host.loadMigrate();
  const options = { ...project.options, answers: mergeAnswers(project.options.answers ?? {}, answers) };
  const { migrations } = migrate(project.files, options);
  session.last = { answers, migrations };
  return migrations;
}

async function walkSetups(session: Session): Promise<void> {
  for (;;) {
    const migrations = await migrationsOf(session);
    if (migrations.length === 0) return say(session, ["No Dockerfile and no build script was found here."]);
    const [only, ...others] = migrations;
    if (only !== undefined && others.length === 0) return walkSetup(only.id, session);
    const choices: Choice<string | undefined>[] = migrations.map((one) => ({
      value: one.id,
      name: listed(one),
      description: visibleLine(one.summary),
    }));
    const message = `${migrations.length} setups were found. Which one?`;
    const chosen = await session.asker.choose({ message, choices: [...choices, { value: undefined, name: "Leave" }] });
    if (chosen === undefined) return;
    await walkSetup(chosen, session);
    if (session.wrote) return;
  }
}

async function walkSetup(id: string, session: Session): Promise<void> {
  const first = (await migrationsOf(session)).find((one) => one.id === id);
  if (first === undefined) return;
  say(session, ["", ...described(first)]);
  if (first.changes.length === 0) return explainNothing(first, session);
  const asked = new Set<string>();
  for (;;) {
    const migration = (await migrationsOf(session)).find((one) => one.id === id);
    if (migration === undefined) return;
    const [next] = openDecisions(migration, asked);
    if (next === undefined) {
      if ((await walkMenu(migration, session)) === "done") return;
      continue;
    }
    asked.add(next.id);
    if ((await askDecision(migration, next, session)) === "back") return;
  }
}

/** Why nothing would change, and what would change that. */
async function explainNothing({ diagnostics }: Migration, session: Session): Promise<void> {
  for (const { message, help, path, line } of diagnostics) {
    const at = path === undefined ? "" : ` (${path}${line === undefined ? "" : `:${line}`})`;
    say(session, [
      `  ${visibleLine(message)}${visibleLine(at)}`,
      ...(help === undefined ? [] : [`    ${visibleLine(help)}`]),
    ]);
  }
  await session.asker.choose({ message: "Nothing to apply.", choices: [{ value: "back", name: "Back" }] });
}

/** `back` where the user would rather see the list again. */
async function askDecision(
  migration: Migration,
  { id, question, options, chosen, because, confidence }: MigrationDecision,
  session: Session,
): Promise<"answered" | "back"> {
  const places = placesInShort(because);
  if (places !== "") say(session, ["", `Because of ${visibleLine(places)}.`]);
  const sorted = [...options].sort((a, b) => Number(b.value === chosen) - Number(a.value === chosen));
  const choices: Choice<string | undefined>[] = sorted.map(({ value, label, consequence }) => ({
    value,
    name: `${visibleLine(label)}${value === chosen ? ` (recommended, ${confidence})` : ""}`,
    description: visibleLine(consequence),
  }));
  const answer = await session.asker.choose({
    message: visibleLine(question),
    choices: [...choices, { value: undefined, name: "Back" }],
  });
  if (answer === undefined) return "back";
  const own = { ...session.answers[migration.id], [id]: answer };
  session.answers = { ...session.answers, [migration.id]: own };
  return "answered";
}

type Step = "stages" | "diff" | "edit" | "apply" | "verify" | "save" | "answers" | "back";

const STEPS: readonly Choice<Step>[] = [
  { value: "diff", name: "Show the diff" },
  { value: "apply", name: "Apply it", description: "Writes the files; `restage undo` takes it back." },
  { value: "edit", name: "Change an answer" },
  { value: "verify", name: "Verify it with a container engine", description: "Builds and runs before and after." },
  { value: "save", name: "Save it as a patch" },
  { value: "answers", name: "Save the answers in .restage.yml", description: "Every command reads them there." },
  { value: "stages", name: "Show the stages again" },
  { value: "back", name: "Back, without writing" },
];

async function walkMenu(migration: Migration, session: Session): Promise<"again" | "done"> {
  showStages(migration, session);
  for (;;) {
    const step = await session.asker.choose({ message: `${nameOf(migration)}: what now?`, choices: STEPS });
    switch (step) {
      case "stages":
        showStages(migration, session);
        break;
      case "diff":
        await showDiff(migration, session);
        break;
      case "edit":
        return editAnswer(migration, session);
      case "apply":
        if (await applyIt(migration, session)) return "done";
        break;
      case "verify":
        await verifyIt(migration, session);
        break;
      case "save":
        await savePatchFile(migration, session);
        break;
      case "answers":
        await keepAnswers(migration, session);
        break;
      case "back":
        return "done";
    }
  }
}

function showStages(migration: Migration, session: Session): void {
  const { plain } = session.options;
  session.host.stdout.write(
    `\n${stagePicture(migration, { plain })
      .map((line) => `  ${line}\n`)
      .join("")}\n`,
  );
}

async function showDiff(migration: Migration, session: Session): Promise<void> {
  const { host, options } = session;
  const width = Math.min(host.stdout.columns, 120);
  const lines = diffView(migration, { color: usesColor(host, host.stdout), width });
  const page = Math.max(5, options.rows - 6);
  for (let at = 0; at < lines.length; at += page) {
    host.stdout.write(`${lines.slice(at, at + page).join("\n")}\n`);
    if (at + page >= lines.length) return;
    const left = lines.length - at - page;
    const more = await session.asker.choose({
      message: `${left} more line${left === 1 ? "" : "s"}`,
      choices: [
        { value: true, name: "Go on" },
        { value: false, name: "Enough" },
      ],
    });
    if (!more) return;
  }
}

async function editAnswer(migration: Migration, session: Session): Promise<"again"> {
  const changeable = migration.decisions.filter(({ options }) => options.length > 1);
  if (changeable.length === 0) {
    say(session, ["There is no question here."]);
    return "again";
  }
  const choices: Choice<MigrationDecision | undefined>[] = changeable.map((decision) => ({
    value: decision,
    name: `${visibleLine(decision.question)} ${visibleLine(decision.chosen)}`,
  }));
  const decision = await session.asker.choose({
    message: "Which answer?",
    choices: [...choices, { value: undefined, name: "Back" }],
  });
  if (decision !== undefined) await askDecision(migration, decision, session);
  return "again";
}
