/**
 * Verifications as one self-contained HTML page without any script:
 *
 *     verificationsToHtml([{ id: "fat-dockerfile:Dockerfile", verification }])
 *
 * Every text is escaped, so that nothing which stands in an image or a log can become markup; a policy forbids scripts and all
 * that would be fetched besides.
 */
import { maskSecrets } from "../model/mask.ts";
import type { Check, Finding, ImageVerification, Verification } from "../model/verification.ts";
import { escapeHtml, htmlPage } from "../text/html.ts";
import { causeInWords } from "./causes-in-words.ts";
import { megabytes, seconds } from "./to-text.ts";

export interface VerifiedSetup {
  readonly id: string;
  readonly verification: Verification;
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
.ok,.verified{color:#1a7f37}.failed,.problem{color:#cf222e}.expected,.note,.dim{opacity:.75}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{overflow-x:auto;padding:.6rem;border:1px solid #8884}summary{cursor:pointer}@media(prefers-color-scheme:dark){.ok,.verified{color:#3fb950}.failed,.problem{color:#ff7b72}}`;

/** The page as text. */
export function verificationsToHtml(setups: readonly VerifiedSetup[]): string {
  const body = `<h1>Verification</h1>\n${setups.map(setupSection).join("\n")}`;
  return htmlPage({ title: "restage: verification", style: STYLE, body });
}

function setupSection({ id, verification }: VerifiedSetup): string {
  const { verdict, summary, images, rounds, log = [], engine } = verification;
  const repairs = rounds.map(
    ({ causes, changes }, index) =>
      `<h3>Repair ${index + 1}</h3><ul>${[...causes.map((cause) => `because ${causeInWords(cause)}`), ...changes]
        .map((text) => `<li>${safe(text)}</li>`)
        .join("")}</ul>`,
  );
  const tail = log.length === 0 ? "" : `<pre>${log.map(safe).join("\n")}</pre>`;
  return `<section>
<h2>${safe(id)}: <span class="${verdict === "verified" ? "verified" : "failed"}">${verdict}</span></h2>
<p>${safe(summary)}</p>
<p class="dim">${safe(engine)}</p>
${repairs.join("\n")}
${images.map(imageSection).join("\n")}
${tail}
</section>`;
}

function imageSection(image: ImageVerification): string {
  const { configuration, files, libraries, behaviour, size } = image;
  const { bytes, layers, coldBuild, rebuild, largest } = size;
  const checks = { configuration, files, libraries, behaviour } as const;
  const rows = Object.entries(checks).map(([name, check]) => checkRow(name, check));
  const sizes: readonly (readonly [string, string])[] = [
    ["size", `${megabytes(bytes.before)} → ${megabytes(bytes.after)}`],
    ["layers", `${layers.before} → ${layers.after}`],
    ...(coldBuild ? [["cold build", `${seconds(coldBuild.before)} → ${seconds(coldBuild.after)}`] as const] : []),
    ...(rebuild
      ? [[`build after touching ${rebuild.touched}`, `${seconds(rebuild.before)} → ${seconds(rebuild.after)}`] as const]
      : []),
    ...largest.map(({ path, bytes }) => [`largest: ${path}`, megabytes(bytes)] as const),
  ];
  const buckets = Object.entries(files.buckets).map(
    ([name, bucket]) => `<tr><td>${safe(name)}</td><td>${bucket.files}</td><td>${megabytes(bucket.bytes)}</td></tr>`,
  );
  return `<h3>${safe(image.target)} replaces ${safe(image.replaces)}</h3>
<table><tr><th>check</th><th>result</th><th>what was found</th></tr>
${rows.join("\n")}
${sizes.map(([name, text]) => `<tr><td>${safe(name)}</td><td></td><td>${safe(text)}</td></tr>`).join("\n")}
</table>
<details><summary>where the old image's files are</summary><table><tr><th>bucket</th><th>files</th><th>size</th></tr>
${buckets.join("\n")}
</table></details>`;
}

function checkRow(name: string, { ok, summary, findings }: Check): string {
  const result = ok ? '<td class="ok">ok</td>' : '<td class="failed">FAILED</td>';
  const list = findings.length === 0 ? "" : `<ul>${findings.map(findingItem).join("")}</ul>`;
  const open = ok ? "" : " open";
  const shown = list === "" ? safe(summary) : `<details${open}><summary>${safe(summary)}</summary>${list}</details>`;
  return `<tr><td>${name}</td>${result}<td>${shown}</td></tr>`;
}

function findingItem({ level, what, why }: Finding): string {
  return `<li class="${level}"><strong>${level}</strong> <code>${safe(what)}</code><br>${safe(why)}</li>`;
}

function safe(text: string): string {
  return escapeHtml(maskSecrets(text));
}
