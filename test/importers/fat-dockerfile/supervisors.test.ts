import { describe, expect, it } from "vitest";
import { goProject, migrated, type Seen } from "./migrated.ts";

/** Two Go programs, one of them started only by what `lines` put in place. */
const image = (lines: string, packages = "cron supervisor runit s6"): string =>
  `FROM golang:1.22
RUN apt-get update && apt-get install -y ${packages}
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o bin/worker ./worker
RUN CGO_ENABLED=0 go build -o bin/unused ./unused
${lines}
`;

function supervised(lines: string, files: Readonly<Record<string, string>> = {}): Seen {
  const sources = { "worker/main.go": "package main\n", "unused/main.go": "package main\n" };
  return migrated({ ...goProject(image(lines)), ...sources, ...files });
}

const WORKER = "builder:/src/bin/worker -> /src/bin/worker";

describe("what a supervisor starts is needed", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    [
      "supervisord -c",
      'COPY sv.conf /etc/sv.conf\nCMD ["supervisord", "-n", "-c", "/etc/sv.conf"]',
      { "sv.conf": "[program:worker]\ncommand = /src/bin/worker --all ; of them\n" },
    ],
    [
      "supervisord with a directory, a variable and a command over two lines",
      'ENV NAME=worker\nCOPY sv.conf /etc/sv.conf\nCMD ["supervisord", "-c/etc/sv.conf"]',
      {
        "sv.conf":
          "[program:a]\ndirectory=/src\ncommand=./bin/%(ENV_NAME)s\n   --queue %(program_name)s_%(process_num)02d\n",
      },
    ],
    [
      "supervisord by way of [include], in an entrypoint script",
      "COPY deploy /deploy\nENTRYPOINT /deploy/start.sh",
      {
        "deploy/start.sh": "#!/bin/sh\nmkdir -p /run/x\nexec supervisord -c /deploy/main.conf\n",
        "deploy/main.conf": "[supervisord]\nnodaemon=true\n[include]\nfiles = conf.d/*.conf\n",
        "deploy/conf.d/worker.conf": "[program:worker]\ncommand=bash -c 'exec /src/bin/worker'\n",
      },
    ],
    [
      "supervisord with the configuration of Debian's package",
      "COPY w.conf /etc/supervisor/conf.d/\nCMD supervisord -n",
      { "w.conf": "[program:worker]\ncommand=/src/bin/worker\n" },
    ],
    [
      "supervisord with a configuration that a command moves",
      'RUN cp deploy/w.conf /etc/supervisord.conf\nCMD ["supervisord"]',
      { "deploy/w.conf": "[eventlistener:worker]\ncommand=/src/bin/worker\n" },
    ],
    [
      "cron.d",
      "COPY jobs /etc/cron.d/jobs\nCMD cron -f",
      { jobs: "# m h\nPATH=/bin\n*/5 * * * * root sh -c /src/bin/worker\n" },
    ],
    [
      "cron as a service",
      "COPY jobs /etc/cron.d/jobs\nCMD service cron start && sleep 9",
      { jobs: "@daily root /src/bin/worker\n" },
    ],
    ["a user's table", 'RUN crontab jobs\nCMD ["cron", "-f"]', { jobs: "0 4 1-7 * mon /src/bin/worker >> /x 2>&1\n" }],
    [
      "BusyBox's tables",
      'COPY jobs /etc/crontabs/root\nCMD ["busybox", "crond", "-f"]',
      { jobs: "* * * * * /src/bin/worker %in\n" },
    ],
    ["supercronic", 'CMD ["supercronic", "/src/jobs"]', { jobs: "@hourly /src/bin/worker\n" }],
    ["scripts of a period", "COPY daily /etc/cron.daily/\nCMD cron -f", { "daily/w": "#!/bin/sh\n/src/bin/worker\n" }],
    ["a Procfile", "CMD honcho start", { Procfile: "worker: bin/worker --all\n" }],
    ["one process of a Procfile", "CMD goreman -f Procs start w", { Procs: "other: bin/none\nw: PORT=1 bin/worker\n" }],
    [
      "services of s6",
      'COPY s6 /s6\nCMD ["s6-svscan", "/s6"]',
      { "s6/w/run": "#!/bin/sh\nexec 2>&1 /src/bin/worker\n" },
    ],
    [
      "services of s6 in execline",
      'COPY s6 /s6\nCMD ["s6-svscan", "/s6"]',
      {
        "s6/w/run":
          "#!/bin/execlineb -P\n# now\nfdmove -c 2 1\nforeground { mkdir -p /run/w }\ns6-setuidgid nobody /src/bin/worker\n",
      },
    ],
    [
      "services of runit",
      "COPY sv /etc/service\nCMD runsvdir -P /etc/service",
      { "sv/w/run": "#!/bin/sh\nexec chpst -u nobody /src/bin/worker\n" },
    ],
    [
      "wait-for-it",
      'COPY wait-for-it.sh /\nCMD ["/wait-for-it.sh", "db:1", "-t", "9", "--", "bin/worker"]',
      { "wait-for-it.sh": "#!/bin/sh\n" },
    ],
    ["dockerize", "CMD dockerize -wait tcp://db:1 -timeout 9s bin/worker", {}],
  ])("%s", (_, lines, files) => {
    const seen = supervised(lines, files);
    expect(seen).toMatchObject({ verdict: "migrated", codes: [] });
    expect(seen.flows).toContain(WORKER);
    expect(seen.flows.filter((flow) => flow.includes("/src"))).toEqual([WORKER]);
  });

  it("with s6-overlay: its settings, the services of either kind, and the command that is its argument", () => {
    const overlay = {
      "root/etc/cont-init.d/10-setup": "#!/usr/bin/with-contenv bash\nmkdir -p /data\n",
      "root/etc/services.d/worker/run": "#!/usr/bin/with-contenv bash\nexec s6-setuidgid nobody /src/bin/worker\n",
      "root/etc/s6-overlay/s6-rc.d/once/type": "oneshot\n",
      "root/etc/s6-overlay/s6-rc.d/once/up": "/etc/s6-overlay/scripts/once\n",
      "root/etc/s6-overlay/scripts/once": "#!/bin/sh\n/src/bin/unused\n",
    };
    const lines = 'RUN apt-get install -y s6-overlay\nCOPY root /\nENTRYPOINT ["/init"]';
    const seen = supervised(lines, overlay);
    expect(seen.verdict).toBe("migrated");
    expect([...seen.flows].sort()).toEqual(["builder:/src/bin/unused -> /src/bin/unused", WORKER]);
  });
});

describe("what supervisord's programs write and read", () => {
  const conf = "[program:worker]\ncommand=/src/bin/worker -c /etc/worker.ini\nstdout_logfile=/var/log/worker/out.log\n";

  it("crosses with them, the directory of their logs included", () => {
    const lines =
      'COPY sv.conf worker.ini /etc/\nRUN mkdir -p /var/log/worker\nCMD ["supervisord", "-c", "/etc/sv.conf"]';
    const { production } = supervised(lines, { "sv.conf": conf, "worker.ini": "a=1\n" });
    expect(production).toContain("COPY sv.conf worker.ini /etc/");
    expect(production).toContain("/var/log/worker");
    expect(production).toMatch(/apt-get install -y.* supervisor/);
  });
});

describe("a configuration that cannot be read", () => {
  it.each([
    ["made by a command", 'RUN echo "x" > /etc/sv.conf\nCMD ["supervisord", "-c", "/etc/sv.conf"]'],
    ["not in the image", 'CMD ["supervisord", "-c", "/etc/mounted.conf"]'],
    ["named by a variable", "CMD supervisord -c $CONF"],
    ["a table that a script makes", "CMD echo '* * * * * /src/bin/worker' | crontab - && cron -f"],
    ["execline that is not known", 'COPY s6 /s6\nCMD ["s6-svscan", "/s6"]'],
  ])("keeps the project whole, and says so: %s", (_, lines) => {
    const seen = supervised(lines, { "s6/w/run": "#!/bin/execlineb -P\nbacktick X { hostname } /src/bin/worker\n" });
    expect(seen.codes).toContain("supervised-unread");
    expect(seen.verdict).toBe("no-benefit");
    expect(seen.summary).toMatch(/^It cannot be told what "[\w-]+" starts, since /);
  });

  it("leaves other supervisors' files alone", () => {
    expect(
      supervised("CMD bin/worker", { "supervisord.conf": "[program:x]\ncommand=/src/bin/unused\n" }),
    ).toMatchObject({
      codes: [],
      flows: [WORKER],
    });
  });
});
