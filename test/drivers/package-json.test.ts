/** Scripts of a package.json as drivers: the whole chain of calls, and a file that is JSON afterwards. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM node:16\nWORKDIR /src\nCOPY . .\nRUN npm ci && npm run build\n",
  Dockerfile: "FROM nginx:1.21\nCOPY dist /usr/share/nginx/html\n",
  "src/index.js": "",
};

function changed(scripts: string, files: Readonly<Record<string, string>> = {}) {
  const text = `{\n  "name": "shop",\n  "scripts": {\n${scripts}\n  }\n}\n`;
  const { migrations } = migrate(memoryProject({ ...FILES, "package.json": text, ...files }));
  const found = migrations.find(({ id }) => id === "builder-script:package.json");
  const errors = found?.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const changed = found?.changes.find(({ path }) => path === "package.json")?.after ?? "";
  return {
    errors,
    scripts: /"scripts": \{\n([\s\S]*?)\n? {2}\}/.exec(changed)?.[1],
    parsed: changed === "" ? undefined : JSON.parse(changed),
  };
}

const CHAIN = `    "build": "webpack",
    "docker": "npm run docker:builder && npm run docker:extract && npm run docker:image",
    "docker:builder": "docker build -t shop-build -f Dockerfile.build .",
    "docker:extract": "docker create --name x shop-build && docker cp x:/src/dist dist && docker rm x",
    "docker:image": "docker build -t \\"shop:$npm_package_name\\" ."`;

describe("what is left of the scripts", () => {
  it.each([
    [
      "a chain of scripts loses those in the middle",
      CHAIN,
      {},
      `    "build": "webpack",
    "docker": "npm run docker:image",
    "docker:image": "docker build -t \\"shop:$npm_package_name\\" ."`,
    ],
    [
      "a script that a CI file calls stays, and does nothing",
      CHAIN,
      { ".travis.yml": "script: npm run docker:extract\n" },
      `    "build": "webpack",
    "docker": "npm run docker:image",
    "docker:extract": "true",
    "docker:image": "docker build -t \\"shop:$npm_package_name\\" ."`,
    ],
    [
      "hooks, and the comma before what was last",
      `    "docker": "docker build -t shop .",
    "predocker": "docker build -t b -f Dockerfile.build . && docker create --name x b && docker cp x:/src/dist dist",
    "postdocker": "docker rm -f x"`,
      {},
      `    "docker": "docker build -t shop ."`,
    ],
    [
      "text that is put in is JSON",
      `    "image": "docker build --build-arg \\"A=$A\\" -t b -f Dockerfile.build . && docker create --name x b && docker cp x:/src/dist dist && docker build -t \\"shop\\" ."`,
      { "Dockerfile.build": "FROM node:16\nARG A\nRUN make $A /src/dist\n" },
      `    "image": "docker build --build-arg \\"A=$A\\" -t \\"shop\\" ."`,
    ],
  ])("%s", (_name, scripts, files, wanted) => {
    const result = changed(scripts, files);
    expect([result.errors, result.scripts]).toEqual([[], wanted]);
  });

  it("is called from a CI file, which then is the driver's caller only", () => {
    const result = changed(CHAIN, { ".travis.yml": "script:\n  - npm run docker\n  - echo built and run\n" });
    expect(result.errors).toEqual([]);
    expect(result.parsed).toMatchObject({ scripts: { docker: "npm run docker:image" } });
  });
});
