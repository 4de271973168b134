/**
 * What programs start that are told in files of their own what to start:
 *
 *     supervisord -c /app/supervisord.conf     `command=gunicorn app:app` of [program:web]
 *     honcho start                             `web: gunicorn app:app` of ./Procfile
 *     cron -f                                  the jobs of /etc/cron.d
 *
 * Only what they start and read is said here. The program itself is its own ecosystem's, as every other one is.
 */
import type { ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { cronNeeds, installedTab } from "./cron.ts";
import { procfileNeeds } from "./procfile.ts";
import { overlayNeeds, runitNeeds, scanNeeds } from "./service-directories.ts";
import { supervisordNeeds } from "./supervisord.ts";

type Supervisor = (command: ResolvedCommand, image: ImageView) => readonly RuntimeNeed[];

const SUPERVISORS: Readonly<Record<string, Supervisor>> = {
  cron: cronNeeds,
  crond: cronNeeds,
  crontab: installedTab,
  foreman: procfileNeeds,
  forego: procfileNeeds,
  goreman: procfileNeeds,
  hivemind: procfileNeeds,
  honcho: procfileNeeds,
  init: overlayNeeds,
  my_init: runitNeeds,
  overmind: procfileNeeds,
  runsvdir: scanNeeds,
  "s6-svscan": scanNeeds,
  supercronic: installedTab,
  supervisor: supervisordNeeds,
  supervisord: supervisordNeeds,
};

/** Needs of what a supervisor or scheduler starts; none for any other program. */
export function supervisedNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const called = appletOf(command);
  return Object.hasOwn(SUPERVISORS, called.name) ? (SUPERVISORS[called.name]?.(called, image) ?? []) : [];
}

/** `busybox crond -f` is `crond -f`, and `service cron start` starts cron. */
function appletOf(command: ResolvedCommand): ResolvedCommand {
  const [, applet] = command.argv;
  if (applet === undefined || !applet.known) return command;
  if (command.name === "busybox") return { ...command, name: applet.text, argv: command.argv.slice(1) };
  return command.name === "service" ? { ...command, name: applet.text, argv: [applet] } : command;
}
