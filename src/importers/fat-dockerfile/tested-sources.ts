/**
 * A project that is tested but not built: what ships is the tested sources themselves, out of the tester stage.
 *
 *     COPY . .                     COPY --from=tester /app/package.json /app/
 *     RUN npm test           →     COPY --from=tester /app/src /app/src
 *
 * Left out are files that only tools read: tests, Docker's own, version control's, editors'.
 */
import { baseName } from "../../text/paths.ts";
import type { ImageReading } from "./read-image.ts";
import type { Slice } from "./slice.ts";
import type { Supply } from "./supplies.ts";

/** The slice with its sources out of the stage with the tests; the same slice where something is built anyway. */
export function shipTested(slice: Slice, check: number, reading: ImageReading): Slice {
  if (slice.supplies.some((supply) => supply.kind === "build")) return slice;
  const tested = (supply: Supply): boolean =>
    supply.kind === "context" && supply.at <= check && slice.places.isProject(supply.path);
  const supplies = slice.supplies
    .filter((supply) => !tested(supply) || supply.confidence === "certain" || !onlyToolsRead(supply, reading))
    .map((supply) =>
      tested(supply) ? { ...supply, kind: "build" as const, because: placesOf(supply, reading) } : supply,
    );
  return { ...slice, supplies };
}

function placesOf({ at, because }: Supply, reading: ImageReading): Supply["because"] {
  const copied = reading.instructions[at]?.because;
  return copied === undefined ? because : [copied, ...because];
}

const TOOL_FILES =
  /^(?:\.dockerignore|\.git\w*|\.editorconfig|(?:.*\.)?Dockerfile.*|(?:docker-)?compose.*\.ya?ml|\.\w+-ci\.yml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/;
const TEST_DIRECTORIES = /^(?:tests?|__tests__|specs?|e2e)$/;

function onlyToolsRead(supply: Supply, reading: ImageReading): boolean {
  const name = baseName(supply.path);
  if (TOOL_FILES.test(name)) return true;
  return supply.form === "directory" && TEST_DIRECTORIES.test(name) && !isNamed(name, supply, reading);
}

/** Whether a source outside of a directory names it: `require("./test/fixtures")`. */
function isNamed(name: string, supply: Supply, reading: ImageReading): boolean {
  const { tree } = reading.image;
  const parent = supply.path.slice(0, supply.path.lastIndexOf("/"));
  const files = tree
    .below((parent || "/") as Supply["path"])
    .filter(([path, node]) => node.kind === "file" && !path.startsWith(`${supply.path}/`));
  const mention = new RegExp(`["'\`/]${name}(?:["'\`/])`);
  return files.some(([path]) => /\.[cm]?[jt]sx?$/.test(path) && mention.test(reading.image.read(path) ?? ""));
}
