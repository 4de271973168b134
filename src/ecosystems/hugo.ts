/**
 * Hugo, the generator of static sites:
 *
 *     hugo --minify              public/ below the site
 *     hugo -s docs -d /site      /site
 *     CMD hugo server            builds when the image runs
 *
 * Source: https://gohugo.io/commands/hugo/. `publishDir` of the site's settings takes the place of public/
 * (https://gohugo.io/configuration/all/#publishdir). Left alone: what serves the site, which is not Hugo's to say.
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import type { Ecosystem, ImageView } from "./ecosystem.ts";
import { readOperands } from "./operands.ts";

const VALUED = [
  "-s",
  "--source",
  "-d",
  "--destination",
  "-b",
  "--baseURL",
  "-c",
  "--contentDir",
  "-t",
  "--theme",
  "-e",
];
const SETTINGS = ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"];

export const hugo: Ecosystem = {
  name: "hugo",
  interpret(command, image) {
    if (command.name !== "hugo") return undefined;
    const { values, operands } = readOperands(command.argv, [...VALUED, "--environment", "--config"]);
    if (operands.length > 0 && operands[0]?.text !== "build") return [{ kind: "nothing" }];
    const site = imagePath((values.get("-s") ?? values.get("--source"))?.text ?? ".", command.workdir);
    const output = values.get("-d") ?? values.get("--destination");
    if (output?.known === false) return [{ kind: "unknown", why: "the directory that it writes is not known" }];
    const path = imagePath(output?.text ?? publishDirectory(site, image) ?? "public", site);
    const { because } = command;
    const frame = {
      linkage: { kind: "none" },
      ecosystem: "hugo",
      source: site,
      confidence: "certain",
      because,
    } as const;
    return [{ kind: "artifact", artifact: { path, form: "directory", ...frame } }];
  },
  needs({ command }) {
    if (command.name !== "hugo") return undefined;
    const words = command.argv.map(({ text }) => text).join(" ");
    const reason = `"${words}" builds the site when the image runs.`;
    const frame = { reason, confidence: "certain", because: [command.because] } as const;
    return [{ kind: "everything", directory: command.workdir, developmentServer: words, ...frame }];
  },
  runtimeBases: () => undefined,
};

function publishDirectory(site: ImagePath, image: ImageView): string | undefined {
  const texts = SETTINGS.flatMap((name) => image.read(imagePath(name, site)) ?? []);
  return texts
    .map((text) => /^\s*publishDir\s*[=:]\s*["']?([\w./-]+)/im.exec(text)?.[1])
    .find((one) => one !== undefined);
}
