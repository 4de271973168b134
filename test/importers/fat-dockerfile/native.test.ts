import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

function seen(build: string, start: string, more: Tree = {}, base = "debian:12") {
  const dockerfile = `FROM ${base}\nRUN apt-get update && apt-get install -y gcc git\nWORKDIR /src\nCOPY . .\nRUN ${build}\nCMD ${start}\n`;
  return migrated({ Dockerfile: dockerfile, "src/main.nim": "", ...more });
}

describe("the program", () => {
  it.each<[string, string, Tree, string]>([
    ["nim c -d:release -o:/usr/bin/app src/main.nim", '["app"]', {}, "/usr/bin/app"],
    ["nim c src/main.nim", '["src/main"]', {}, "/src/src/main"],
    ["nim compile --outdir:bin src/main.nim", '["bin/main"]', {}, "/src/bin/main"],
    ["nimble build -y", '["./tool"]', { "x.nimble": 'bin = @["tool"]\n' }, "/src/tool"],
    ["crystal build --release -o bin/app src/app.cr", '["bin/app"]', { "src/app.cr": "" }, "/src/bin/app"],
    [
      "shards build --production",
      '["bin/web"]',
      { "shard.yml": "name: x\ntargets:\n  web:\n    main: src/web.cr\n" },
      "/src/bin/web",
    ],
    ["dub build -b release", '["./server"]', { "dub.json": '{\n  "name": "server"\n}\n' }, "/src/server"],
    ["dub build", '["out/srv"]', { "dub.sdl": 'name "x"\ntargetName "srv"\ntargetPath "out"\n' }, "/src/out/srv"],
    ["ldc2 -O3 -of=app app.d", '["./app"]', { "app.d": "" }, "/src/app"],
    ["gu install native-image && native-image --no-fallback -cp out Main app", '["./app"]', {}, "/src/app"],
    ["ghc -o app Main.hs", '["./app"]', { "Main.hs": "" }, "/src/app"],
    ["stack install --local-bin-path /opt/bin", '["/opt/bin/app"]', {}, "/opt/bin"],
    ["swift build -c release", '[".build/release/App"]', { "Package.swift": "" }, "/src/.build/release"],
    ["zig build -Doptimize=ReleaseFast", '["zig-out/bin/app"]', {}, "/src/zig-out/bin"],
    [
      "mix deps.get && MIX_ENV=prod mix release",
      '["_build/prod/rel/shop/bin/shop", "start"]',
      { "mix.exs": "" },
      "/src/_build/prod/rel/shop",
    ],
  ])("of %s", (build, start, more, path) => {
    expect(seen(build, start, more).flows).toEqual([`builder:${path} -> ${path}`]);
  });
});

it("keeps the old base, and leaves what compiles behind", () => {
  const { production } = seen("nim c -o:/usr/bin/app src/main.nim", '["app"]');
  expect(production).toMatch(/^FROM debian:12 /);
  expect(production).not.toContain("gcc");
});

it("runs a static program on a minimal image", () => {
  expect(seen("crystal build --static -o /app src/app.cr", '["/app"]', { "src/app.cr": "" }).production).toMatch(
    /^FROM gcr\.io\/distroless\/static-debian12 /,
  );
});

it.each([
  ["nimble c -o:server src/main.nim", '["./server"]', "builder:/src/server -> /src/server"],
  ["opam exec -- ocamlopt -o app main.ml", '["./app"]', "builder:/src/app -> /src/app"],
  ["ghc -O2 -optl-static -outputdir o -o app Main.hs", '["./app"]', "builder:/src/app -> /src/app"],
])("reads %s", (build, start, flow) => {
  expect(seen(build, start, { "main.ml": "", "Main.hs": "" }).flows).toContain(flow);
});

it.each(["nim e build.nims", "cabal run gen", "zig cc main.c", "dub run x"])(
  "does not know what %s writes",
  (build) => {
    expect(seen(build, '["/src/app"]', { "main.c": "" }).codes).toContain("command-effects-unknown");
  },
);

it.each([
  ["ghc -static -o app Main.hs", "Haskell's own libraries are meant"],
  ["nim c --passL:-static -d:ssl -o:app src/main.nim", "libraries are loaded by name"],
])("takes no program of %s for static: %s", (build) => {
  expect(seen(build, '["./app"]', { "Main.hs": "" }).production).toMatch(/^FROM debian:12 /);
});

it("keeps a compiler's package whose libraries its programs may load", () => {
  const dockerfile =
    'FROM alpine:3.19\nRUN apk add --no-cache crystal shards gcc\nCOPY . /src\nRUN cd /src && crystal build -o /app app.cr\nCMD ["/app"]\n';
  expect(migrated({ Dockerfile: dockerfile, "app.cr": "" }).production).toContain(
    "apk add --no-cache crystal shards\n",
  );
});

it("refuses a program that nothing makes, where nothing is built either", () => {
  const dockerfile =
    'FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /src\nCOPY main.c .\nRUN true\nCMD ["./app"]\n';
  expect(migrated({ Dockerfile: dockerfile, "main.c": "" }).codes).toContain("artifact-unknown");
});

it("keeps files and programs that the sources name", () => {
  const more = { "src/main.nim": 'echo readFile("data/a.txt")\ndiscard execCmd("git log")\n', "data/a.txt": "" };
  const { production } = seen("nim c -o:/usr/bin/app src/main.nim", '["app"]', more);
  expect(production).toContain("data/a.txt");
  expect(production).toContain("apt-get install -y git\n");
});

it.each([
  ["mix deps.get && mix compile", "mix phx.server"],
  ["crystal build src/app.cr", "crystal run src/app.cr"],
])("stays as it is where %s is followed by %s", (build, start) => {
  expect(seen(build, start, { "src/app.cr": "" }).verdict).toBe("no-benefit");
});

it("refuses programs whose place is not known", () => {
  expect(seen("cabal install", '["app"]').codes).toContain("install-unread");
});

it("plans on with a source that is not in the checkout, where only the build reads it", () => {
  const dockerfile = (to: string): string =>
    `FROM debian:12\nRUN apt-get update && apt-get install -y nim\nWORKDIR /src\nCOPY proto ${to}\nCOPY main.nim ./\nRUN protoc --nim_out=/src/gen /src/proto/x.proto && nim c -o:/usr/bin/app main.nim\nCMD ["app"]\n`;
  expect(migrated({ Dockerfile: dockerfile("/src/proto"), "main.nim": "" }).flows).toEqual([
    "builder:/usr/bin/app -> /usr/bin/app",
  ]);
  expect(migrated({ Dockerfile: dockerfile("/usr/bin"), "main.nim": "" }).codes).toContain("context-sources-missing");
});

describe("releases of Elixir and Erlang", () => {
  const MIX: Tree = { "mix.exs": "" };
  const RELX: Tree = { "rebar.config": '{relx, [{release, {shop, "1"}, [shop]}, {mode, prod}]}.\n' };

  it.each<[string, string, string, Tree, string, string]>([
    [
      "elixir:1.15",
      "mix do deps.get --only prod, release --path /srv/shop",
      '["/srv/shop/bin/shop", "start"]',
      MIX,
      "/srv/shop",
      "elixir:1.15-slim",
    ],
    [
      "elixir:1.15-alpine",
      "mix deps.get && mix release",
      '["_build/prod/rel/shop/bin/shop", "start"]',
      MIX,
      "/src/_build/prod/rel/shop",
      "elixir:1.15-alpine",
    ],
    [
      "erlang:26",
      "rebar3 as prod release",
      '["_build/prod/rel/shop/bin/shop", "foreground"]',
      RELX,
      "/src/_build/prod/rel/shop",
      "erlang:26-slim",
    ],
    [
      "erlang:26",
      "rebar3 as prod tar && mkdir -p /srv/shop && tar -xzf _build/prod/rel/shop/shop-1.tar.gz -C /srv/shop",
      '["/srv/shop/bin/shop", "foreground"]',
      RELX,
      "/srv/shop",
      "erlang:26-slim",
    ],
  ])("%s: %s", (base, build, start, more, path, runtime) => {
    const dockerfile = `FROM ${base}\nWORKDIR /src\nCOPY . .\nRUN ${build}\nCMD ${start}\n`;
    const { flows, production } = migrated({ Dockerfile: dockerfile, "src/shop.erl": "", ...more });
    expect(flows).toEqual([`builder:${path} -> ${path}`]);
    expect(production).toMatch(new RegExp(`^FROM ${runtime} `));
  });

  it("keeps the sources that a release of the development mode links to", () => {
    const dockerfile =
      'FROM erlang:26\nWORKDIR /src\nCOPY . .\nRUN rebar3 release\nCMD ["_build/default/rel/shop/bin/shop", "foreground"]\n';
    expect(migrated({ Dockerfile: dockerfile, ...RELX }).verdict).toBe("no-benefit");
  });
});

describe("an image of an unknown base that says nothing of what it starts", () => {
  const build = (last: string): string => `FROM acme/nim-static
RUN apk add bash
RUN git clone https://example.com/tides.git /tides && cd /tides && nimble install -d -y
RUN cd /tides && nim c -o:/usr/bin/tides src/tides.nim && cp data/harbours.tsv / ${last}
ENV TIDES_HARBOURS=/harbours.tsv
`;

  it("is for the programs that its build tries, and keeps its base", () => {
    const { production, flows, codes } = migrated({ Dockerfile: build("&& rm -rf /tides && tides --help") });
    expect(production).toMatch(/^FROM acme\/nim-static AS production\n/);
    expect(production).toContain("RUN apk add bash\n");
    expect(flows).toEqual(["builder:/usr/bin/tides -> /usr/bin/tides", "builder:/harbours.tsv -> /harbours.tsv"]);
    expect(codes).toEqual(["programs-assumed"]);
  });

  it.each([
    ["its sources are left", build("&& tides --help")],
    ["its program is not tried", build("&& rm -rf /tides")],
    ["files of the project are left", `${build("&& rm -rf /tides && tides --help")}COPY site /srv/site\n`],
  ])("is refused where %s", (_, Dockerfile) => {
    expect(migrated({ Dockerfile, "site/index.html": "" })).toMatchObject({
      verdict: "refused",
      codes: ["nothing-starts"],
    });
  });
});
