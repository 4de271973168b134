/** The abstract host: what stands where once files were copied, poured out and taken away. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ABSENT,
  arrive,
  cleanCheckout,
  fromCheckout,
  type HostNode,
  type HostTree,
  look,
  place,
} from "../../../src/importers/builder-script/host-tree.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { type HostPath, imagePath } from "../../../src/text/paths.ts";

const start = cleanCheckout(memoryProject({ "src/main.go": "", "out/old.txt": "", readme: "" }));
const at = (path: string): string => fromCheckout(path as HostPath);
const image = (path: string): HostNode => ({
  kind: "image",
  image: "b",
  path: imagePath(path),
  shape: "unknown",
  presumed: false,
  by: [],
});

/** A node in one word: where it comes from. */
function shown(tree: HostTree, path: string): string {
  const node = look(tree, at(path));
  if (node.kind === "image") return `image ${node.path}${node.presumed ? " (presumed)" : ""}`;
  if (node.kind === "checkout") return `checkout ${node.path}`;
  return node.kind;
}

describe("docker cp", () => {
  // https://docs.docker.com/reference/cli/docker/container/cp/#description
  it.each([
    ["to a path that is not there", "dist", false, "dist", "image /app/dist"],
    ["of a directory, whose contents are then there", "dist", false, "dist/a.js", "image /app/dist/a.js (presumed)"],
    ["to a directory that is there", "out", false, "out/dist", "image /app/dist"],
    ["beside what stands there already", "out", false, "out/old.txt", "checkout out/old.txt"],
    ["of contents to a directory that is there", "out", true, "out/a.js", "image /app/dist/a.js (presumed)"],
    ["over a file", "readme", false, "readme", "image /app/dist"],
    ["to the root of the checkout", ".", false, "dist", "image /app/dist"],
  ])("%s", (_, to, contents, path, expected) => {
    const { tree } = arrive(start, { path: at(to), name: "dist", contents }, image("/app/dist"));
    expect(shown(tree, path)).toBe(expected);
  });
});

describe("the host's files", () => {
  it("are the checkout's until something is put over them", () => {
    expect(shown(start, "src/main.go")).toBe("checkout src/main.go");
    expect(shown(start, "src/gone.go")).toBe("absent");
    expect(shown(place(start, at("src/main.go"), ABSENT), "src/main.go")).toBe("absent");
  });

  const name = fc.constantFrom("a", "b", "out", "src");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));

  it("hold what was put there last, and nothing else changes beside it", () => {
    fc.assert(
      fc.property(path, path, (first, second) => {
        const tree = place(place(start, at(first), image("/first")), at(second), image("/second"));
        expect(shown(tree, second)).toBe("image /second");
        const apart = !`${first}/`.startsWith(`${second}/`) && !`${second}/`.startsWith(`${first}/`);
        if (apart) expect(shown(tree, first)).toBe("image /first");
        expect(shown(tree, "readme")).toBe("checkout readme");
      }),
    );
  });
});
