import { expect, it } from "vitest";
import { parseTable } from "../../../src/ecosystems/supervisors/cron.ts";

it.each<[string, string, boolean, readonly string[]]>([
  ["five fields", "*/5 0-6 1,15 jan mon-fri /opt/x --all", false, ["/opt/x --all"]],
  ["five fields and a user", "0\t4 * * *  root\t/opt/x", true, ["/opt/x"]],
  ["a nickname", "@daily /opt/x", false, ["/opt/x"]],
  ["a nickname and a user", "@reboot www-data /opt/x", true, ["/opt/x"]],
  ["input after a percent sign", "* * * * * mail -s a b%Hello%", false, ["mail -s a b"]],
  ["an escaped percent sign", "* * * * * date +\\%F", false, ["date +%F"]],
  ["comments and lines of another form", "# * * * * * /opt/x\n\n* * /opt/y\n", false, []],
])("reads a table of jobs: %s", (_, text, namesUser, jobs) => {
  expect(parseTable(text, namesUser, new Map()).jobs).toEqual(jobs);
});

it("reads the variables of a table", () => {
  const { environment } = parseTable("SHELL=/bin/bash\nMAILTO = ''\n* * * * * x\n", false, new Map());
  expect([...environment].map(([name, { text }]) => `${name}=${text}`)).toEqual(["SHELL=/bin/bash", "MAILTO="]);
});
