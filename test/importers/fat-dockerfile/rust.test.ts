import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n';
const LOCK = (...names: readonly string[]): string =>
  `version = 3\n${["shop", ...names].map((name) => `\n[[package]]\nname = "${name}"\nversion = "1.0.0"\n`).join("")}`;
const MAIN = "fn main() {}\n";

function project(dockerfile: string, more: Readonly<Record<string, string>> = {}): Parameters<typeof migrated>[0] {
  return { Dockerfile: dockerfile, "Cargo.toml": MANIFEST, "Cargo.lock": LOCK(), "src/main.rs": MAIN, ...more };
}

const FAT = (base: string, build = "cargo build --release", start = '["./target/release/shop"]'): string =>
  `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN ${build}\nCMD ${start}\n`;

/** The last stage's FROM, and what crosses. */
function shipped(dockerfile: string, more?: Readonly<Record<string, string>>) {
  const seen = migrated(project(dockerfile, more));
  const last = seen.dockerfile.split(/^FROM /m).at(-1) ?? "";
  return { base: last.split(" ")[0], flows: seen.flows, last };
}

describe("what cargo builds", () => {
  it.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "the package's own binary",
      FAT("rust:1.85"),
      {},
      ["builder:/app/target/release/shop -> /app/target/release/shop"],
    ],
    [
      "a binary by its own name",
      FAT("rust:1.85", "cargo build --release --bin worker", '["/app/target/release/worker"]'),
      { "Cargo.toml": `${MANIFEST}\n[[bin]]\nname = "worker"\npath = "src/worker.rs"\n` },
      ["builder:/app/target/release/worker -> /app/target/release/worker"],
    ],
    [
      "a file of src/bin, with a profile and another target directory",
      FAT("rust:1.85", "CARGO_TARGET_DIR=/out cargo build --profile dist --bin tool", '["/out/dist/tool"]'),
      { "src/bin/tool.rs": MAIN },
      ["builder:/out/dist/tool -> /out/dist/tool"],
    ],
    [
      "a member of a workspace, whose target directory is the workspace's",
      FAT("rust:1.85", "cargo build --release -p api", '["./target/release/api"]'),
      {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
        "crates/api/Cargo.toml": '[package]\nname = "api"\nversion = "0.1.0"\n',
        "crates/api/src/main.rs": MAIN,
        "crates/other/Cargo.toml": '[package]\nname = "other"\nversion = "0.1.0"\n',
        "crates/other/src/main.rs": MAIN,
      },
      ["builder:/app/target/release/api -> /app/target/release/api"],
    ],
    [
      "what is installed, found along PATH",
      FAT("rust:1.85", "cargo install --path .", '["shop"]'),
      {},
      ["builder:/usr/local/cargo/bin/shop -> /usr/local/cargo/bin/shop"],
    ],
    [
      "a binary that is moved",
      FAT("rust:1.85", "cargo build --release && mv target/release/shop /usr/local/bin/", '["shop"]'),
      {},
      ["builder:/usr/local/bin/shop -> /usr/local/bin/shop"],
    ],
  ])("%s", (_, dockerfile, more, flows) => {
    expect(shipped(dockerfile, more).flows).toEqual(flows);
  });

  it("keeps the skeleton with which dependencies are compiled first", () => {
    const seen = migrated(
      project(`FROM rust:1.85
RUN USER=root cargo new --bin shop
WORKDIR /shop
COPY Cargo.toml Cargo.lock ./
RUN cargo build --release && rm src/*.rs
COPY src ./src
RUN rm -f target/release/deps/shop* && cargo build --release
CMD ["/shop/target/release/shop"]
`),
    );
    expect(seen.dockerfile).toContain("RUN USER=root cargo new --bin shop");
    expect(seen.flows).toEqual(["builder:/shop/target/release/shop -> /shop/target/release/shop"]);
  });
});

describe("where it runs", () => {
  it.each<[string, string, string, Readonly<Record<string, string>>]>([
    ["on the build's own release", "rust:1.85", "gcr.io/distroless/cc-debian12", {}],
    ["on a newer one where the tag says so", "rust:1.90", "gcr.io/distroless/cc-debian13", {}],
    ["anywhere, when it is static", "rust:1.85-alpine", "gcr.io/distroless/static-debian12", {}],
    ["with the library of a crate", "rust:1.85", "debian:bookworm-slim", { "Cargo.lock": LOCK("openssl-sys") }],
    [
      "without it, where the crate builds its own",
      "rust:1.85",
      "gcr.io/distroless/cc-debian12",
      { "Cargo.lock": LOCK("openssl-sys", "openssl-src") },
    ],
    [
      "on the old base, where a crate's library is not known",
      "rust:1.85",
      "rust:1.85",
      { "Cargo.lock": LOCK("gdal-sys") },
    ],
    [
      "on the old base, where the package links to something by itself",
      "rust:1.85",
      "rust:1.85",
      { "build.rs": 'fn main() { println!("cargo:rustc-link-lib=magic"); }\n' },
    ],
    [
      "on the old base, where settings say how it is linked",
      "rust:1.85-alpine",
      "rust:1.85-alpine",
      { ".cargo/config.toml": '[build]\nrustflags = ["-C", "target-feature=-crt-static"]\n' },
    ],
    [
      "on the old base, where a crate binds without the name",
      "rust:1.85",
      "rust:1.85",
      { "Cargo.lock": LOCK("pyo3-ffi") },
    ],
    [
      "on the old base, where no lock file says which crates there are",
      "rust:1.85",
      "rust:1.85",
      { "Cargo.lock": "?" },
    ],
  ])("%s", (_, base, runtime, more) => {
    expect(shipped(FAT(base), more).base).toBe(runtime);
  });

  it("installs the package of the library, by its name in the release", () => {
    const lock = { "Cargo.lock": LOCK("openssl-sys", "pq-sys") };
    expect(shipped(FAT("rust:1.85"), lock).last).toContain("ca-certificates libpq5 libssl3 ");
    expect(shipped(FAT("rust:1.70"), lock).last).toContain("ca-certificates libpq5 libssl1.1 ");
  });
});

describe("what it opens", () => {
  const opens = (text: string, files: readonly string[]): string => {
    const more = Object.fromEntries(files.map((path) => [path, "x"]));
    return shipped(FAT("rust:1.85"), { "src/main.rs": `use std::fs;\nfn main() { ${text} }\n`, ...more }).last;
  };

  it.each<[string, string, string, string]>([
    [
      "a file by its path",
      'fs::read_to_string("data/words.txt").unwrap();',
      "data/words.txt",
      "COPY data/words.txt /app/data/",
    ],
    ["a directory that is served", 'ServeDir::new("public");', "public/a.css", "COPY public /app/public"],
    [
      "a directory that is served under a route",
      'Files::new("/assets", "web").index_file("i");',
      "web/a.css",
      "COPY web /app/web",
    ],
    [
      "settings without their extension",
      'config::File::with_name("conf/default");',
      "conf/default.toml",
      "COPY conf/default.toml /app/conf/",
    ],
  ])("%s", (_, text, file, copy) => {
    expect(opens(text, [file])).toContain(copy);
  });

  it("leaves behind what is inside the program already", () => {
    expect(opens('include_str!("../sql/all.sql"); sqlx::migrate!("./sql");', ["sql/all.sql"])).not.toContain("sql");
  });

  it("keeps a program that it starts", () => {
    expect(opens('std::process::Command::new("git").status();', [])).toMatch(/apt-get install .*\bgit\b/);
  });
});

it("takes nothing for the program that has another name", () => {
  const build = "cargo build --release --target wasm32-unknown-unknown";
  const start = '["wasmtime", "/app/target/wasm32-unknown-unknown/release/shop"]';
  expect(migrated(project(FAT("rust:1.85", build, start))).flows).not.toContain(
    "builder:/app/target/wasm32-unknown-unknown/release/shop -> /app/target/wasm32-unknown-unknown/release/shop",
  );
});

describe("what is refused", () => {
  it.each([
    ["a plug-in of cargo", FAT("rust:1.85", "cargo chef cook --release && cargo build --release")],
    ["a program that cargo compiles when the image runs", FAT("rust:1.85", "cargo build", '["cargo", "run"]')],
  ])("%s", (_, dockerfile) => {
    expect(migrated(project(dockerfile)).verdict).not.toBe("migrated");
  });
});
