/**
 * Programs that a build takes out of other images or off the network, and that nothing starts when the image runs:
 *
 *     COPY --from=composer:2 /usr/bin/composer /usr/bin/composer     RUN composer install is all that starts it
 *     curl -sS https://getcomposer.org/installer | php               composer.phar
 *
 * Whether run time starts them is for its needs to say.
 */
import { baseName, type ImagePath, isWithin } from "../../text/paths.ts";
import type { ImageReading, InstructionReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Slice } from "./slice.ts";

interface Parts {
  readonly reading: ImageReading;
  readonly needs: RuntimeNeeds;
  readonly slice: Slice;
}

/** `COPY --from=image /tool /bin/tool` for a tool that only RUNs start, of which the runtime stage repeats none. */
export function fetchedForBuild(
  one: InstructionReading,
  paths: readonly ImagePath[],
  { reading, needs, slice }: Parts,
): boolean {
  const started = reading.instructions.flatMap((each) =>
    each.units.flatMap((unit) => unit.commands.map(({ command }) => command)),
  );
  return paths.every(
    (path) =>
      !needs.paths.some((need) => isWithin(path, need.path) || isWithin(need.path, path)) &&
      !slice.tools.has(baseName(path)) &&
      one.instruction.flags.some((flag) => flag.name === "from") &&
      started.some((command) => {
        const [first] = command.argv;
        return first?.known === true && reading.image.which(first.text, command.workdir, command.environment) === path;
      }),
  );
}

/** Names of programs that stand in the old image, in some layer of it, and do not ship. */
export function fetchedTools(reading: ImageReading, needs: RuntimeNeeds, slice: Slice): readonly string[] {
  const ships = (path: ImagePath): boolean =>
    slice.supplies.some((supply) => isWithin(path, supply.path)) ||
    needs.paths.some((need) => isWithin(path, need.path));
  const tools = reading.image.tools.filter((path) => !ships(path) && !slice.tools.has(baseName(path)));
  const layers = reading.instructions.flatMap((one) => removedTools(one, reading));
  const copied = reading.instructions.flatMap((one) => copiedTools(one, { reading, needs, slice }));
  return [...new Set([...tools.map((path) => baseName(path)), ...layers, ...copied])].map((name) =>
    name.replace(/\.phar$/, ""),
  );
}

/** What is copied out of another image and that the runtime stage leaves out. */
function copiedTools(one: InstructionReading, parts: Parts): readonly string[] {
  if (one.instruction.kind !== "copy") return [];
  const { tree } = parts.reading.image;
  const nodes = tree.below("/" as ImagePath).filter(([, node]) => node.origin.at === one.index);
  const paths = nodes
    .filter(([, node]) => node.kind === "file" && node.origin.kind === "foreign")
    .map(([path]) => path);
  const inside = paths.some((path) => parts.slice.places.isProject(path));
  return paths.length > 0 && !inside && fetchedForBuild(one, paths, parts) ? paths.map((path) => baseName(path)) : [];
}

/** `/usr/bin/composer`, `/hugo`; what lies elsewhere may be anything. */
const PROGRAM = /^\/(?:[^/]+\/)*s?bin\/[\w.-]+$|^\/[\w-]+$/;

/** What was copied out of another image and taken away by a later layer, which still holds it. */
function removedTools({ instruction, index }: InstructionReading, { image }: ImageReading): readonly string[] {
  if (instruction.kind !== "copy" || !instruction.flags.some((flag) => flag.name === "from")) return [];
  const programs = instruction.sources.filter(({ text }) => PROGRAM.test(text));
  const left = image.tree.below("/" as ImagePath).some(([, node]) => node.origin.at === index);
  return left ? [] : programs.map((operand) => baseName(operand.text));
}
