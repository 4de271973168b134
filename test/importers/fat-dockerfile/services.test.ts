import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

/** A Python project with `packages`, and a script that may start it. */
function project(packages: string, lines: string, script = ""): Record<string, string> {
  return {
    Dockerfile: `FROM python:3.12\nRUN apt-get update && apt-get install -y ${packages}\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n${lines}\n`,
    "requirements.txt": "flask\n",
    "app.py": "import flask\n",
    "start.sh": `#!/bin/sh\n${script}\n`,
  };
}

describe("several services in one image", () => {
  it.each([
    ["by name", "nginx redis-server", "CMD service nginx start && service redis start && python app.py"],
    ["by their scripts", "postgresql", "CMD /etc/init.d/postgresql start && python app.py"],
    ["under the name of another package", "default-mysql-server", "CMD service mysql start; exec python app.py"],
    ["in the background", "redis-server", "CMD redis-server & python app.py"],
    ["as daemons", "nginx memcached", "CMD nginx && memcached -d && python app.py"],
  ])("all stay where they are started %s", (_, packages, lines) => {
    const seen = migrated(project(packages, lines));
    expect(seen.verdict).toBe("migrated");
    expect(seen.production).toContain(`RUN apt-get update && apt-get install -y ${packages}\n`);
    expect(seen.production).toContain(lines);
  });

  it("all stay where a script starts them", () => {
    const files = project(
      "nginx memcached",
      'CMD ["./start.sh"]',
      "memcached -d -u nobody\nservice nginx start\npython app.py",
    );
    expect(migrated(files).production).toContain("install -y nginx memcached\n");
  });

  it.each([
    ["/sbin/init", "systemd", 'CMD ["/sbin/init"]'],
    ["circusd", "nginx", "CMD circusd circus.ini"],
    ["monit", "monit", "CMD monit -I"],
  ])("are refused where %s starts them by files of its own", (program, packages, lines) => {
    const seen = migrated(project(packages, lines));
    expect([seen.verdict, seen.summary, seen.codes]).toEqual([
      "refused",
      `"${program}" starts services by files that are not read.`,
      ["services-unread"],
    ]);
  });

  it.each([
    ["shopd", "CMD service shopd start && python app.py"],
    ["postgresql", 'CMD ["sh", "-c", "systemctl start postgresql.service && python app.py"]'],
  ])("are refused where nothing is known to bring %s", (service, lines) => {
    const seen = migrated(project("nginx", lines));
    expect([seen.verdict, seen.summary, seen.codes]).toEqual([
      "refused",
      `It is not known where the service "${service}" comes from.`,
      ["service-unknown"],
    ]);
  });

  it.each([
    ["mysql", "default-mysql-server", "RUN service mysql start && mysql -e 'CREATE DATABASE shop'"],
    ["postgresql", "postgresql", "RUN /etc/init.d/postgresql start && createdb shop"],
    ["mysqld_safe", "mariadb-server", "RUN mysqld_safe & sleep 5 && mysql < schema.sql"],
    ["initdb", "postgresql", "RUN initdb -D /var/lib/postgresql/data"],
  ])("are refused where a RUN starts %s to set it up", (service, packages, run) => {
    const seen = migrated(project(packages, `${run}\nCMD service nginx start && python app.py`));
    expect([seen.verdict, seen.summary, seen.codes]).toEqual([
      "refused",
      `A RUN sets up the service "${service}", whose files cannot be told.`,
      ["service-set-up"],
    ]);
  });

  it("are nothing to refuse where nothing is built", () => {
    const seen = migrated({
      Dockerfile: 'FROM debian:12\nRUN apt-get update && apt-get install -y runit\nCMD ["runsvdir", "/etc/service"]\n',
    });
    expect(seen.verdict).toBe("no-benefit");
  });

  it("do not include a database that is only asked for its version", () => {
    expect(
      migrated(project("redis-server", "RUN redis-server --version\nCMD redis-server & python app.py")).verdict,
    ).toBe("migrated");
  });
});
