/**
 * Pages that a program of Node hands out, in an image of a web server instead:
 *
 *     RUN npm i -g serve                     FROM nginx:stable-alpine AS production
 *     CMD ["serve", "-s", "build"]     →     COPY --from=builder /app/build /app/build
 *                                            RUN printf … > /etc/nginx/templates/default.conf.template
 *
 * Offered as a decision where nothing else runs in the image; the program stays unless an answer says otherwise, since what another
 * server answers is the same for files and never the same to the last header. Taken from the finished plan: what the runtime stage has
 * for the program goes, what it has for the files stays.
 */
import { describeBase, isOfficialPrefix } from "../../ecosystems/base-images.ts";
import {
  nginxSettings,
  nginxSettingsFile,
  STANDARD_PORT,
  type StaticServer,
  staticServer,
} from "../../ecosystems/node/static-server.ts";
import { publicationOf } from "../../ecosystems/official-tags.ts";
import type { DecisionLog } from "../../model/decision.ts";
import { CONFIGURATION_KINDS, type DroppedInstruction, type Stage, type StageStep } from "../../model/plan.ts";
import type { Provenance } from "../../model/provenance.ts";
import { isWithin } from "../../text/paths.ts";
import { onBase, type PlannedImage } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import { startTexts } from "./runtime-roots.ts";
import type { Slice } from "./slice.ts";

const NGINX = "nginx:stable-alpine";
/** Programs that only start the server. */
const STARTERS = /^(?:npm|npx|yarn|pnpm|pnpx|bunx|sh|bash)$/;
const WHY = "nginx hands out the files instead.";

/** The plan with nginx in it, where the answers ask for that. */
export function withWebServer(
  plan: PlannedImage,
  { reading, needs, slice }: { readonly reading: ImageReading; readonly needs: RuntimeNeeds; readonly slice: Slice },
  decisions: DecisionLog,
): PlannedImage {
  const server = serverOf(reading, needs, slice);
  const production = plan.stages.at(-1);
  const files = server === undefined ? undefined : production?.steps.find((step) => brings(step, server));
  const starts = startTexts(reading).map(({ because }) => because);
  if (server === undefined || production === undefined || files === undefined) return plan;
  if (decide(server, starts, decisions) !== "nginx") return plan;
  decisions.withdraw("runtime-base");
  return served(plan, production, files, server, starts);
}

/** The one thing that runs in the image, where that is a server of files and nothing else was set up for it. */
function serverOf(reading: ImageReading, needs: RuntimeNeeds, slice: Slice): StaticServer | undefined {
  const { base } = reading.image;
  const own = needs.started.filter(({ name }) => !STARTERS.test(name));
  const [only] = own;
  const isAlone = own.length === 1 && startTexts(reading).every(({ origin }) => origin !== "healthcheck");
  const isRoot = reading.state.user === undefined || /^(?:root|0)(?::|$)/.test(reading.state.user);
  if (only === undefined || !isAlone || !isRoot || !isOfficialPrefix(base.prefix) || base.digest !== undefined)
    return undefined;
  if (slice.packages.some(({ stays }) => stays) || !setsUpOnly(only.name, reading, slice)) return undefined;
  if (publicationOf(describeBase(NGINX)) !== "published" || reading.document.escape !== "\\") return undefined;
  // `PORT=80 serve -s dist` says for itself what the image's variables do not.
  const [started, given] = [only.environment, reading.state.environment].map((one) => one.get("PORT")?.text);
  if (started !== given) return undefined;
  return staticServer(only, reading.image);
}

/** Whether what the runtime stage would repeat is nothing but the install of the program, and what it does for itself. */
function setsUpOnly(program: string, { instructions }: ImageReading, { roles }: Slice): boolean {
  return instructions.every(({ index, units }) =>
    units.every(
      ({ effects }, unit) =>
        roles[index]?.[unit] !== "runtime" ||
        effects.every(
          (effect) =>
            effect.kind === "cache" ||
            effect.kind === "nothing" ||
            (effect.kind === "tools" && effect.names.every((name) => name === program)),
        ),
    ),
  );
}

function brings(step: StageStep, { directory }: StaticServer): boolean {
  return step.kind === "copy" && step.copy.from.kind === "stage" && step.copy.destination === directory;
}

function decide({ program, port }: StaticServer, because: readonly Provenance[], decisions: DecisionLog): string {
  const at = port === undefined ? "the port that PORT says" : `port ${port}`;
  return decisions.decide({
    id: "web-server",
    question: "Which program hands out the pages?",
    options: [
      { value: program, label: `"${program}", as before`, consequence: "The image keeps Node.js for it." },
      {
        value: "nginx",
        label: NGINX,
        consequence: `nginx hands out the same files at ${at}, and index.html for every other path; its headers and its log differ.`,
      },
    ],
    recommended: program,
    smallest: "nginx",
    confidence: "likely",
    because,
  });
}

function served(
  plan: PlannedImage,
  production: Stage,
  files: StageStep,
  server: StaticServer,
  because: readonly Provenance[],
): PlannedImage {
  const kept = production.steps.filter((step) => step === files || isSetting(step));
  const gone = production.steps.flatMap((step): readonly DroppedInstruction[] =>
    kept.includes(step) || step.kind === "synthesized" || step.source === undefined
      ? []
      : [{ source: step.source, reason: WHY, because: step.because, confidence: "likely" }],
  );
  const frame = { because, confidence: "guess" } as const;
  const reason = `nginx answers as "${server.program}" did.`;
  const port = server.port === undefined && !kept.some(setsPort) ? [portStep(server, frame)] : [];
  const { from: _from, ...own } = production;
  const stage: Stage = {
    ...own,
    base: onBase(production, NGINX),
    steps: [...kept, ...port, { kind: "synthesized", text: settingsText(server), reason, ...frame }],
    reason: `What ships starts from "${NGINX}", which hands out the pages.`,
    confidence: "guess",
  };
  return {
    ...plan,
    stages: [...used(plan.stages.slice(0, -1), stage), stage],
    dropped: [...plan.dropped, ...gone],
    onPurpose: { ...plan.onPurpose, [nginxSettingsFile(server)]: reason },
    ...(port.length === 0 ? {} : { resettled: { ...plan.resettled, "ENV PORT": portReason(server) } }),
    needed: plan.needed.filter((path) => isWithin(path, server.directory)),
  };
}

/** What configures the image, but for what starts. */
function isSetting(step: StageStep): boolean {
  if (step.kind !== "original") return false;
  const { kind } = step.source.instruction;
  return CONFIGURATION_KINDS.has(kind) && !["cmd", "entrypoint", "user", "shell", "stopsignal"].includes(kind);
}

function setsPort(step: StageStep): boolean {
  if (step.kind !== "original" || step.source.instruction.kind !== "env") return false;
  return step.source.instruction.pairs.some(({ key }) => key === "PORT");
}

function portStep(server: StaticServer, frame: Pick<StageStep, "because" | "confidence">): StageStep {
  return { kind: "synthesized", text: `ENV PORT=${STANDARD_PORT}`, reason: portReason(server), ...frame };
}

/** A RUN that writes nginx's settings; the image has no directory for templates yet. */
function settingsText(server: StaticServer): string {
  const folder = server.port === undefined ? "mkdir -p /etc/nginx/templates && " : "";
  const lines = nginxSettings(server).map((line) => `    '${line}' \\`);
  return [`RUN ${folder}printf '%s\\n' \\`, ...lines, `    > ${nginxSettingsFile(server)}`].join("\n");
}

function portReason({ program }: StaticServer): string {
  return `"${program}" listens there where PORT says nothing.`;
}

/** The stages that another one stands on or copies from. */
function used(stages: readonly Stage[], last: Stage): readonly Stage[] {
  const wanted = new Set<string>();
  const open = [last];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    const names = [
      ...(stage.base.kind === "stage" ? [stage.base.stage] : []),
      ...stage.steps.flatMap((step) =>
        step.kind === "copy" && step.copy.from.kind === "stage" ? [step.copy.from.stage] : [],
      ),
    ];
    for (const name of names.filter((one) => !wanted.has(one))) {
      wanted.add(name);
      open.push(...stages.filter((one) => one.name === name));
    }
  }
  return stages.filter(({ name, role }) => wanted.has(name) || role === "development" || role === "test");
}
