/**
 * Images of application servers for Java, by repository: what they start, and where they look for what is deployed.
 *
 *     jetty:10-jdk17                    starts by itself, deploys /var/lib/jetty/webapps
 *     quay.io/wildfly/wildfly:26.1      deploys /opt/jboss/wildfly/standalone/deployments
 *
 * Their runtime stage keeps the same image, since nothing tells which parts of the server an application uses.
 * Not here: which Java they have, which base-java.ts reads off their tags.
 */
import type { Source } from "./fact-source.ts";

/** What such an image sets, in the terms of base-images.ts. */
export interface ServerImage extends Source {
  readonly environment?: Readonly<Record<string, string>>;
  /** Appended to the system's PATH, or put before it. */
  readonly path: readonly string[];
  readonly workdir: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd: readonly string[];
  /** Directories whose files it deploys or reads as its settings. */
  readonly deploys: readonly string[];
  /** What its start line is known by: programs of its own. */
  readonly starts: RegExp;
}

const checked = "2026-11-27";

const TOMCAT: ServerImage = {
  environment: { CATALINA_HOME: "/usr/local/tomcat" },
  path: ["/usr/local/tomcat/bin"],
  workdir: "/usr/local/tomcat",
  cmd: ["catalina.sh", "run"],
  deploys: ["/usr/local/tomcat/webapps"],
  starts: /^catalina\.sh$/,
  source: "https://github.com/docker-library/tomcat/blob/master/Dockerfile.template",
  checked,
};

const TOMEE: ServerImage = {
  path: ["/usr/local/tomee/bin"],
  workdir: "/usr/local/tomee",
  cmd: ["catalina.sh", "run"],
  deploys: ["/usr/local/tomee/webapps", "/usr/local/tomee/apps"],
  starts: /^catalina\.sh$/,
  source: "https://github.com/tomitribe/docker-tomee",
  checked,
};

const JETTY: ServerImage = {
  environment: { JETTY_HOME: "/usr/local/jetty", JETTY_BASE: "/var/lib/jetty" },
  path: ["/usr/local/jetty/bin"],
  workdir: "/var/lib/jetty",
  user: "jetty",
  entrypoint: ["/docker-entrypoint.sh"],
  cmd: ["java", "-jar", "/usr/local/jetty/start.jar"],
  deploys: ["/var/lib/jetty/webapps"],
  starts: /^docker-entrypoint\.sh$/,
  source: "https://github.com/jetty/jetty.docker",
  checked,
};

const WILDFLY: ServerImage = {
  environment: { JBOSS_HOME: "/opt/jboss/wildfly" },
  path: [],
  workdir: "/opt/jboss",
  user: "jboss",
  cmd: ["/opt/jboss/wildfly/bin/standalone.sh", "-b", "0.0.0.0"],
  deploys: ["/opt/jboss/wildfly/standalone/deployments"],
  starts: /^(?:standalone|domain)\.sh$/,
  source: "https://github.com/jboss-dockerfiles/wildfly/blob/master/Dockerfile",
  checked,
};

const LIBERTY: ServerImage = {
  environment: { WLP_OUTPUT_DIR: "/opt/ol/wlp/output", LOG_DIR: "/logs" },
  path: ["/opt/ol/wlp/bin", "/opt/ol/docker", "/opt/ol/helpers/build"],
  workdir: "/",
  user: "1001",
  entrypoint: ["/opt/ol/helpers/runtime/docker-server.sh"],
  cmd: ["/opt/ol/wlp/bin/server", "run", "defaultServer"],
  // `/config` is a link to the directory of the server.
  deploys: ["/config", "/opt/ol/wlp/usr/servers/defaultServer"],
  starts: /^(?:docker-server\.sh|server)$/,
  source: "https://github.com/OpenLiberty/ci.docker/blob/main/releases/latest/full/Dockerfile.ubi.openjdk17",
  checked,
};

const PAYARA: ServerImage = {
  environment: {
    HOME_DIR: "/opt/payara",
    PAYARA_DIR: "/opt/payara/appserver",
    SCRIPT_DIR: "/opt/payara/scripts",
    CONFIG_DIR: "/opt/payara/config",
    DEPLOY_DIR: "/opt/payara/deployments",
  },
  path: ["/opt/payara/appserver/bin"],
  workdir: "/opt/payara",
  user: "payara",
  cmd: ["/opt/payara/scripts/entrypoint.sh"],
  deploys: ["/opt/payara/deployments", "/opt/payara/config"],
  starts: /^(?:entrypoint|startInForeground)\.sh$|^asadmin$/,
  source: "https://github.com/payara/Payara/blob/main/appserver/extras/docker-images/basic/src/main/docker/Dockerfile",
  checked,
};

/** By the last parts of an image's name; those of Docker Hub's own library by the name alone. */
const SERVERS: Readonly<Record<string, ServerImage>> = {
  "jboss/wildfly": WILDFLY,
  jetty: JETTY,
  "library/jetty": JETTY,
  "library/tomcat": TOMCAT,
  "library/tomee": TOMEE,
  "appcafe/open-liberty": LIBERTY,
  "open-liberty": LIBERTY,
  "openliberty/open-liberty": LIBERTY,
  "payara/server-full": PAYARA,
  "payara/server-web": PAYARA,
  tomcat: TOMCAT,
  tomee: TOMEE,
  "wildfly/wildfly": WILDFLY,
};

/** The server of an image, by its name without tag: "jboss/wildfly", with whatever registry before it. */
export function serverImage(prefix: string, repository: string): ServerImage | undefined {
  const parts = [...prefix.split("/").filter((part) => part !== ""), repository];
  const names = parts.map((_, at) => parts.slice(at).join("/"));
  const [whole = ""] = names;
  const known = names.find((name) => name.includes("/") && Object.hasOwn(SERVERS, name));
  // A name alone is Docker Hub's, or that of a mirror.
  const alone = parts.length === 1 || /[.:$]/.test(parts[0] ?? "") ? repository : whole;
  const name = known ?? alone;
  return Object.hasOwn(SERVERS, name) ? SERVERS[name] : undefined;
}
