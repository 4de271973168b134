import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { goProject } from "./migrated.ts";

const FAT = (lines = ""): string =>
  `FROM golang:1.22\nWORKDIR /src\nCOPY . .\n${lines}RUN CGO_ENABLED=0 go build -o /app\nCMD ["/app"]\n`;

/** Codes and messages of what is said about a migrated file. */
function said(dockerfile: string, more: Readonly<Record<string, string>> = {}): readonly string[] {
  const [migration] = migrate(memoryProject({ ...goProject(dockerfile), ...more }), { answers: {} }).migrations;
  expect(migration?.verdict).toBe("migrated");
  return (migration?.diagnostics ?? []).map(({ code, message }) => `${code}: ${message}`);
}

describe("secrets", () => {
  it.each([
    "ENV API_TOKEN=abc123\n",
    "ENV DB_PASSWORD abc123\n",
    "ARG NPM_TOKEN\n",
    "ENV AWS_SECRET_ACCESS_KEY=abc123\n",
  ])("are named, and not shown: %s", (line) => {
    const found = said(FAT(line));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^secret-in-image: "(?:API_TOKEN|DB_PASSWORD|NPM_TOKEN|AWS_SECRET_ACCESS_KEY)" /);
    expect(found[0]).not.toContain("abc123");
  });

  it.each([
    "ENV PASSWORD_FILE=/run/secrets/x\n",
    'ENV DB_PASSWORD=""\n',
    "ENV PUBLIC_KEY=x\n",
    "ENV MONKEY=x\n",
    "ARG TOKEN_URL=x\n",
  ])("are not seen in %s", (line) => {
    expect(said(FAT(line))).toEqual([]);
  });
});
