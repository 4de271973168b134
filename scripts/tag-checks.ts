/**
 * Whether the base images that a result names beyond those of the old files are known to exist:
 *
 *     FROM node:20-slim AS production         in the table of published tags
 *     FROM gcr.io/distroless/static-debian12  in the list of the images of other registries
 *     FROM debian:bookworm-tiny               a problem
 *
 * What the user wrote is the user's: whether that exists is not ours to say. A tag with a variable is looked up by the default value.
 */
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import { readScopes } from "../src/dockerfile/scope.ts";
import { describeBase } from "../src/ecosystems/base-images.ts";
import { publicationOf } from "../src/ecosystems/official-tags.ts";
import { hostPath, ROOT } from "../src/text/paths.ts";

/** https://github.com/GoogleContainerTools/distroless/blob/main/README.md and https://github.com/dotnet/dotnet-docker/blob/main/README.aspnet.md */
const ELSEWHERE =
  /^(?:scratch|gcr\.io\/distroless\/(?:static|base|cc)-debian1[23]|mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:aspnet|runtime):\d+\.\d+(?:-[a-z][\w.-]*)?|microsoft\/dotnet:\d\.\d-(?:aspnetcore-)?runtime(?:-\w+)?)$/;

/** Problems of a Dockerfile that is written; `old` has the texts of the project that name images. */
export function tagProblems(path: string, text: string, old: readonly string[]): readonly string[] {
  const document = parseDockerfile({ path: hostPath(path) ?? ROOT, text });
  return readScopes(document).flatMap(({ stage, base }) => {
    if (base.kind === "stage") return [];
    const written = stage.from.image.text;
    const reference = typeof base.reference.value === "string" ? base.reference.value : written;
    if (old.some((one) => names(one, written) || names(one, reference)) || ELSEWHERE.test(reference)) return [];
    const publication = publicationOf(describeBase(reference));
    // A derived tag with a variable that has no default follows the caller's value.
    if (publication === "published" || (publication === "unlisted" && reference.includes("$"))) return [];
    return [`${path}: nothing shows that "${reference}" exists (${publication})`];
  });
}

/** Whether a text names the very image, and not one whose tag goes on. */
function names(text: string, reference: string): boolean {
  for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1))
    if (!/[\w./:@-]/.test(text[at - 1] ?? " ") && !/[\w.:@/-]/.test(text[at + reference.length] ?? " ")) return true;
  return false;
}
