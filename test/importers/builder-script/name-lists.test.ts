/** Archives of what `find` finds in an image: members that only a name tells. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import type { Migration } from "../../../src/model/migration.ts";
import { memoryProject } from "../../../src/project/memory.ts";

const BUILDER = "FROM gcc:13\nWORKDIR /work/tools\nCOPY . .\nRUN make tools\n";
const BUILD = "docker build -f Dockerfile.tools -t tools:build .\n";
const FINALS = "docker build -t one one\ndocker build -t two two\n";

function run(script: string, files: Readonly<Record<string, string>> = {}): Migration | undefined {
  const tree = {
    "Dockerfile.tools": BUILDER,
    Makefile: "tools:\n\tcc -o one/serve main.c\n",
    "main.c": "int main(void) { return 0; }\n",
    "one/Dockerfile": "FROM scratch\nCOPY serve /\n",
    "two/Dockerfile": "FROM scratch\nCOPY serve /bin/\nCOPY notes.txt /\n",
    "two/notes.txt": "hello\n",
    "build.sh": script,
    ...files,
  };
  return migrate(memoryProject(tree)).migrations.find((one) => one.id === "builder-script:build.sh");
}

const copies = (migration: Migration | undefined): readonly string[] =>
  (migration?.changes ?? []).flatMap(({ path, after }) =>
    path.endsWith("Dockerfile") ? (after ?? "").split("\n").filter((line) => /^COPY/.test(line)) : [],
  );

const said = (migration: Migration | undefined): readonly string[] =>
  migration?.diagnostics.map(({ code, message }) => `${code}: ${message}`) ?? [];

const ONE_EACH = [
  "COPY . .",
  "COPY --from=builder /work/tools/one/serve /",
  "COPY --from=builder /work/tools/two/serve /bin/",
  "COPY two/notes.txt /",
];

describe("files that find packs", () => {
  it.each([
    ["through xargs", "find . -name serve -print0 | xargs -0 tar -c"],
    [
      "with a start of its own",
      "cd / && find work/tools -type f -name serve | xargs tar cf - ",
      "--strip-components=2",
    ],
    ["from standard input", "find -name 'ser*' | tar --create --files-from=-"],
    ["by -exec", "find . \\( -name serve -o -name '*.so' \\) -exec tar -cf - {} +"],
  ])("go into the builds that name them, from where they are in the image: %s", (_, line, options = "") => {
    const migration = run(`${BUILD}docker run --rm tools:build sh -c "${line}" | tar x ${options}\n${FINALS}`);
    expect(copies(migration)).toEqual(ONE_EACH);
    expect(migration?.verdict).toBe("migrated");
  });

  it("stay on the host where it runs one of them, in directories that the checkout has them in", () => {
    const migration = run(
      `${BUILD}rm -f */serve
docker run --rm tools:build sh -c 'find . -name serve | xargs tar -c' | tar -x
for tool in */serve; do
  name="$(dirname "$tool")"
  "$tool" --check
  docker build -t "$name" "$name"
done
`,
      { "one/serve": "old", "two/serve": "old", "docs/guide.md": "# Guide\n" },
    );
    expect(copies(migration)).toEqual(ONE_EACH);
    expect(migration?.changes.find(({ path }) => path === "build.sh")?.after).toBe(
      `docker build --target builder -t tools:build .
rm -f */serve
docker run --rm tools:build sh -c 'find . -name serve | xargs tar -c' | tar -x
for tool in */serve; do
  name="$(dirname "$tool")"
  "$tool" --check
  docker build --target "$name" -t "$name" .
done
`,
    );
    expect(migration?.verdict).toBe("partial");
    expect(said(migration)).toEqual([
      'artifact-kept-on-host: "/work/tools/one/serve" is still taken out of the image, since ""$tool" --check" reads it',
    ]);
  });

  it("cannot be taken over by a COPY of the directory that they are unpacked into", () => {
    const migration = run(
      `${BUILD}docker run --rm tools:build sh -c 'find . -name serve | xargs tar -c' | tar -x -C out
docker build -t one -f one/Dockerfile out\n`,
      { "one/Dockerfile": "FROM scratch\nCOPY . /\n", "out/notes.txt": "" },
    );
    expect(migration?.verdict).toBe("refused");
    expect(said(migration)).toEqual([
      `members-by-name: which files of the builder's image "." holds is known only to the find that packs them`,
    ]);
  });

  it.each([
    ["a test that is not followed", "find . -newer Makefile -name serve | xargs tar -c"],
    ["an action that binds to the last name only", "find . -name x -o -name serve -print | xargs tar -c"],
    ["options of xargs that change the words", "find . -name serve | xargs -n 1 tar -c"],
  ])("are not guessed: %s", (_, line) => {
    const migration = run(`${BUILD}docker run --rm tools:build sh -c "${line}" | tar x\n${FINALS}`);
    expect(migration?.verdict ?? "none").not.toBe("migrated");
  });
});
