/**
 * Several services in one image, where one of them would be lost without a word:
 *
 *     CMD ["monit", "-I"]                            starts what files say that nobody reads here
 *     CMD service shopd start && ./app               no package that RUN installed is known to bring "shopd"
 *     RUN service mysql start && mysql < setup.sql   leaves a database behind, in files that cannot be told
 *
 * Services whose packages are known stay with them. What supervisord, s6, runit and runners of a Procfile start is followed
 * (src/ecosystems/supervisors/).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ResolvedCommand } from "../../ecosystems/ecosystem.ts";
import { baseName } from "../../text/paths.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";

/** Programs that start others by files of their own; each with the place where these are documented. */
const MANAGERS: Readonly<Record<string, string>> = {
  circusd: "https://circus.readthedocs.io/en/latest/configuration/",
  monit: "https://mmonit.com/monit/documentation/monit.html",
  "runit-init": "https://smarden.org/runit/runit-init.8",
  systemd: "https://www.freedesktop.org/software/systemd/man/latest/systemd.html",
};
/** The init systems of distributions. */
const INIT = /^\/(?:usr\/)?s?bin\/init$/;

/** Packages that bring a service of another name, on Debian and Alpine. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  apache2: /^(?:apache2|libapache2-mod-\S+)$/,
  mariadb: /^(?:default-mysql-server|mariadb(?:-server(?:-[\d.]+)?)?)$/,
  mongod: /^mongodb(?:-org|-server)?$/,
  mysql: /^(?:default-mysql-server|mariadb(?:-server(?:-[\d.]+)?)?|mysql(?:-server(?:-[\d.]+)?)?)$/,
  postgresql: /^postgresql(?:-?[\d.]+)?$/,
  redis: /^redis(?:-server)?$/,
  "redis-server": /^redis(?:-server)?$/,
  ssh: /^(?:openssh|openssh-server|ssh)$/,
  sshd: /^(?:openssh|openssh-server|ssh)$/,
  syslog: /^(?:rsyslog|syslog-ng)$/,
};

/** `started`: every command that runs when the image does. */
export function refuseServices(
  reading: ImageReading,
  started: readonly ResolvedCommand[],
  reporter: Reporter,
): ImageOutcome | undefined {
  const { path } = reading.document.source;
  const manager = started.find((command) => isManager(command));
  if (manager !== undefined) {
    const program = manager.argv[0]?.text ?? "";
    reporter.report("services-unread", { program }, manager.because.span);
    return { kind: "refused", summary: `"${program}" starts services by files that are not read.` };
  }
  const setUp = reading.instructions.find(({ units }) =>
    units.some(({ commands }) => commands.some(({ command }) => setUpBy(command) !== undefined)),
  );
  const names = setUp?.units.flatMap(({ commands }) => commands.flatMap(({ command }) => setUpBy(command) ?? []));
  if (setUp !== undefined && names?.[0] !== undefined) {
    reporter.report("service-set-up", { service: names[0] }, { path, ...setUp.instruction.range });
    return { kind: "refused", summary: `A RUN sets up the service "${names[0]}", whose files cannot be told.` };
  }
  for (const command of started) {
    const service = serviceOf(command);
    if (service === undefined || isInstalled(service, reading)) continue;
    reporter.report("service-unknown", { service }, command.because.span);
    return { kind: "refused", summary: `It is not known where the service "${service}" comes from.` };
  }
  return undefined;
}

function isManager({ argv }: ResolvedCommand): boolean {
  const program = argv[0]?.text ?? "";
  return Object.hasOwn(MANAGERS, baseName(program)) || INIT.test(program);
}

/** Databases, which write where they keep what they are told. */
const DATABASES = new Set(
  "initdb mariadbd mariadb-install-db mongod mysql_install_db mysqld mysqld_safe pg_ctl pg_ctlcluster pg_createcluster postgres redis-server slapd".split(
    " ",
  ),
);

/** The service that a RUN starts or fills. */
function setUpBy(command: ResolvedCommand): string | undefined {
  const program = baseName(command.argv[0]?.text ?? "");
  const asks = command.argv.some(({ text }) => /^-{1,2}(?:v|version|help)$/i.test(text));
  return serviceOf(command) ?? (DATABASES.has(program) && !asks ? program : undefined);
}

/** The service that `service NAME start`, `/etc/init.d/NAME start` or the like starts. */
function serviceOf({ argv }: ResolvedCommand): string | undefined {
  const [program = "", first = "", second = ""] = argv.map(({ text }) => text);
  const script = /^\/etc\/(?:init|rc)\.d\/([^/]+)$/.exec(program)?.[1];
  const starts = (verb: string): boolean => /^(?:re)?start$/.test(verb);
  if (script !== undefined) return starts(first) ? script : undefined;
  switch (baseName(program)) {
    case "service":
    case "invoke-rc.d":
    case "rc-service":
      return starts(second) ? first : undefined;
    case "systemctl":
      return starts(first) ? second.replace(/\.service$/, "") : undefined;
    default:
      return undefined;
  }
}

function isInstalled(service: string, { image }: ImageReading): boolean {
  const packages = Object.hasOwn(PACKAGES, service) ? PACKAGES[service] : undefined;
  return image.packages.some((name) => packages?.test(name) ?? versionless(name) === versionless(service));
}

/** The package `php-fpm` brings the service `php8.1-fpm`. */
function versionless(name: string): string {
  return name.replace(/(?<=[a-z])[\d.]+/g, "");
}
