/**
 * What supervisors start that find a script for each service in directories:
 *
 *     /init                     s6-overlay: /etc/cont-init.d, /etc/s6-overlay/s6-rc.d, /etc/services.d, then its arguments
 *     s6-svscan /etc/s6         /etc/s6/web/run
 *     runsvdir -P /etc/service  the same of runit
 *     my_init                   /etc/my_init.d, /etc/service
 *
 * (https://github.com/just-containers/s6-overlay#the-docker-way, https://skarnet.org/software/s6/s6-svscan.html,
 * http://smarden.org/runit/runsvdir.8.html, https://github.com/phusion/baseimage-docker#adding-additional-daemons)
 */
import { quoteWord } from "../../shell/quote.ts";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { commandText, readOperands } from "../operands.ts";
import { executed } from "./execline.ts";
import { starts, tells, untold } from "./started-by.ts";

/** What s6-overlay reads, by what it holds: scripts, a directory for each service, or settings. */
const OVERLAY_SCRIPTS = ["/etc/cont-init.d", "/etc/cont-finish.d"];
const OVERLAY_SERVICES = ["/etc/services.d", "/etc/s6-overlay/s6-rc.d"];
const OVERLAY_SETTINGS = ["/etc/s6-overlay", "/etc/fix-attrs.d"];

/** Scripts of a service, each in a file of its own. */
const SERVICE_SCRIPTS = /^(?:run|finish|check|up|down|setup)$/;

/** s6-overlay, where the image has anything for it; its arguments are a command. */
export function overlayNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const known = [...OVERLAY_SCRIPTS, ...OVERLAY_SERVICES, ...OVERLAY_SETTINGS].map((path) => imagePath(path));
  const there = known.filter((path) => image.kindOf(path) !== undefined);
  if (command.argv[0]?.text !== "/init") return [];
  return [
    ...there.map((path) => tells(path, command)),
    ...OVERLAY_SCRIPTS.flatMap((path) => scriptNeeds(imagePath(path), command, image)),
    ...OVERLAY_SERVICES.flatMap((path) => serviceNeeds(imagePath(path), command, image)),
    ...restNeeds(command, command.argv.slice(1)),
  ];
}

/** The init of Phusion's base image. */
export function runitNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const at = command.argv.findIndex(({ text }) => text === "--");
  const places = ["/etc/my_init.d", "/etc/service"].map((path) => imagePath(path));
  return [
    ...places.filter((path) => image.kindOf(path) !== undefined).map((path) => tells(path, command)),
    ...scriptNeeds(imagePath("/etc/my_init.d"), command, image),
    ...serviceNeeds(imagePath("/etc/service"), command, image),
    ...restNeeds(command, at < 0 ? [] : command.argv.slice(at + 1)),
  ];
}

/** A supervisor that is given the directory of its services. */
export function scanNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { operands } = readOperands(command.argv, command.name === "runsvdir" ? [] : ["-t", "-d", "-c", "-C", "-L"]);
  const [operand] = operands;
  if (operand?.known === false) return untold(`"${operand.text}" is not known`, command, image);
  const directory = imagePath(operand?.text ?? ".", command.workdir);
  const services = serviceNeeds(directory, command, image);
  if (services.length === 0) return untold(`no service is found in "${directory}"`, command, image);
  return [tells(directory, command), ...services];
}

function restNeeds(command: ResolvedCommand, rest: ResolvedCommand["argv"]): readonly RuntimeNeed[] {
  return rest.length === 0 ? [] : [starts(commandText(rest), command, command.workdir, command.environment)];
}

/** The services of a directory: `web/run`. */
function serviceNeeds(directory: ImagePath, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  return image.children(directory).flatMap((name) => {
    const service = imagePath(name, directory);
    return image
      .children(service)
      .filter((file) => SERVICE_SCRIPTS.test(file))
      .flatMap((file) => fileNeeds(imagePath(file, service), service, command, image));
  });
}

/** Scripts that run one after another. */
function scriptNeeds(directory: ImagePath, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  return image
    .children(directory)
    .map((name) => imagePath(name, directory))
    .filter((path) => image.kindOf(path) === "file")
    .flatMap((path) => fileNeeds(path, imagePath("/"), command, image));
}

/** `up` and `down` of s6-rc are lines of execline, whatever they begin with; so is a script for `execlineb`. */
function fileNeeds(
  path: ImagePath,
  workdir: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const text = image.read(path);
  if (text === undefined) return untold(`"${path}" is not in the checkout`, command, image);
  const isExecline = /\/s6-rc\.d\/[^/]+\/(?:up|down)$/.test(path) || /^#!.*\bexeclineb\b/.test(text);
  const script = isExecline ? executed(text) : quoteWord(path);
  if (script === undefined) return untold(`"${path}" is a script for execline that is not read`, command, image);
  return [tells(path, command), starts(script, command, workdir, command.environment)];
}
