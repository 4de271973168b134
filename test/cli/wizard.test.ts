/** The wizard with answers out of a list: what it asks, in which order, and what it writes. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Asker, Left, type Question } from "../../src/cli/wizard/asker.ts";
import { checkout, commitAll, snapshot } from "../project/checkout.ts";
import { restage } from "./run-restage.ts";

const GO = {
  Dockerfile:
    'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go test ./...\nRUN CGO_ENABLED=0 go build -o /tide .\nCMD ["/tide"]\n',
  "go.mod": "module example.com/tide\n",
  "main.go": "package main\n\nfunc main() {}\n",
};

/** Chooses by the beginning of a choice's name; where the list ends, the user leaves. */
function scripted(answers: readonly string[]): { readonly asker: Asker; readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const next = (message: string): string => {
    asked.push(message);
    const answer = left.shift();
    if (answer === undefined) throw new Left();
    return answer;
  };
  const asker: Asker = {
    choose: async <Value>({ message, choices }: Question<Value>) => {
      const wanted = next(message);
      const found = choices.find(({ name }) => name.startsWith(wanted));
      if (found === undefined)
        throw new Error(`"${wanted}" is not among ${choices.map(({ name }) => name).join(", ")}`);
      return found.value;
    },
    text: async (message, standard) => next(message) || standard,
  };
  return { asker, asked };
}

async function walk(cwd: string, answers: readonly string[]) {
  const { asker, asked } = scripted(answers);
  const ran = await restage([], { cwd, ask: async () => asker, terminal: false });
  return { ...ran, asked };
}

describe("a walk", () => {
  test("asks about what is not certain, and writes when it is told to", async () => {
    const root = checkout(GO);
    const { code, asked, stdout } = await walk(root, ["debian:bookworm-slim", "Apply it"]);
    expect(code).toBe(0);
    expect(asked).toEqual(["Which image does the runtime stage start from?", "Dockerfile: what now?"]);
    expect(stdout).toContain("modified  Dockerfile");
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).toContain("FROM debian:bookworm-slim AS production");
    const undone = await restage(["undo"], { cwd: root });
    expect(undone.code).toBe(0);
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).toBe(GO.Dockerfile);
  });

  test("changes an answer, certain ones too, and shows what comes of it", async () => {
    const root = checkout(GO);
    const steps = ["gcr.io", "Change an answer", "What becomes of the tests", "They are left out", "Apply it"];
    const { code } = await walk(root, steps);
    expect(code).toBe(0);
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).not.toContain("go test");
  });

  test("saves a patch that git takes", async () => {
    const root = checkout(GO);
    commitAll(root);
    const { stdout } = await walk(root, ["gcr.io", "Save it", "tide.patch", "Back"]);
    expect(stdout).toContain("Saved as tide.patch");
    execFileSync("git", ["apply", "tide.patch"], { cwd: root });
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).toContain("AS production");
  });

  test("keeps the answers for the next time", async () => {
    const root = checkout(GO);
    const none = await walk(root, ["gcr.io", "Back"]);
    expect(none.stdout).not.toContain("Saved");
    const { stdout } = await walk(root, ["debian:bookworm-slim", "Save the answers", "Back"]);
    expect(stdout).toContain("Saved in .restage.yml.");
    expect(readFileSync(join(root, ".restage.yml"), "utf8")).toContain("runtime-base: debian:bookworm-slim");
    rmSync(join(root, ".restage.yml"));
    const twice = await walk(root, [
      ...["scratch", "Save the answers", "Change an answer", "Which image", "golang:1.22", "Save the answers", "Back"],
    ]);
    expect(twice.stdout.match(/Saved in/g)).toHaveLength(2);
    expect(readFileSync(join(root, ".restage.yml"), "utf8")).toContain("runtime-base: golang:1.22");
    writeFileSync(join(root, ".restage.yml"), 'answers:\n  "*": { runtime-base: "debian:bookworm-slim" }\n');
    const again = await walk(root, ["Back"]);
    expect(again.asked).toEqual(["Dockerfile: what now?"]);
    const { stdout: patch } = await restage(["migrate"], { cwd: root });
    expect(patch).toContain("+FROM debian:bookworm-slim AS production");
  });

  test("asks again before it writes over what git has not recorded", async () => {
    const root = checkout(GO);
    commitAll(root);
    writeFileSync(join(root, "Dockerfile"), `${GO.Dockerfile}# mine\n`);
    const before = snapshot(root);
    const kept = await walk(root, ["gcr.io", "Apply it", "No", "Back"]);
    expect(kept.stderr).toContain("file-uncommitted");
    expect(snapshot(root)).toEqual(before);
    const { code } = await walk(root, ["gcr.io", "Apply it", "Yes"]);
    expect(code).toBe(0);
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).toContain("AS production");
  });

  test("says that nothing was verified where there is no engine", async () => {
    const { stdout } = await walk(checkout(GO), ["gcr.io", "Verify it", "Back"]);
    expect(stdout).toContain("Without an engine nothing was verified.");
  });

  test("that ends anywhere leaves everything as it was", async () => {
    const root = checkout(GO);
    const before = snapshot(root);
    for (const steps of [[], ["gcr.io"], ["gcr.io", "Show the diff"], ["gcr.io", "Change an answer"]]) {
      const { code, stdout } = await walk(root, steps);
      expect([code, stdout.includes("Left. Nothing was changed.")]).toEqual([130, true]);
    }
    expect(snapshot(root)).toEqual(before);
  });

  test("finds nothing in an empty directory, and says so", async () => {
    const { code, stdout } = await walk(checkout({ "a.txt": "" }), []);
    expect([code, stdout]).toEqual([0, "No Dockerfile and no build script was found here.\nNothing was changed.\n"]);
  });
});

test("without a terminal it names the command to use", async () => {
  const { code, stderr } = await restage([], { cwd: checkout(GO) });
  expect(code).toBe(2);
  expect(stderr).toContain("restage migrate");
});

test("hostile files stay text on the screen", async () => {
  const evil = "\u001b[2J\u202e<script>";
  const root = checkout({ ...GO, Dockerfile: `# ${evil} ${"x".repeat(100_000)}\n${GO.Dockerfile}# ${evil}\n` });
  const { stdout } = await walk(root, ["gcr.io", "Show the diff", "Go on", "Enough"]);
  expect(stdout).toContain("AS production");
  expect(stdout).not.toContain("\u001b[2J");
  expect(stdout).not.toContain("\u202e");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(400);
});
