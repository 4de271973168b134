import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const APT = "RUN apt-get update && apt-get install -y cmake g++ make libssl-dev git\n";

function seen(base: string, build: string, start: string) {
  const dockerfile = `FROM ${base}\n${APT}WORKDIR /src\nCOPY . .\nRUN ${build}\nCMD ${start}\n`;
  return migrated({
    Dockerfile: dockerfile,
    "CMakeLists.txt": "add_executable(tides main.cpp)",
    "main.cpp": "int main() {}\n",
  });
}

describe("where an install puts files", () => {
  it.each([
    ["Autoconf's default", "./configure && make && make install", '["tides"]', "/usr/local"],
    [
      "a configured prefix",
      "autoreconf -i && ./configure --prefix=/opt/tides && make install",
      '["/opt/tides/bin/tides"]',
      "/opt/tides",
    ],
    [
      "CMake's default",
      "cmake -B build && cmake --build build && cmake --install build",
      '["tides", "-v"]',
      "/usr/local",
    ],
    [
      "CMake's variable",
      "mkdir b && cd b && cmake .. -DCMAKE_INSTALL_PREFIX=/opt/t && make install",
      '["/opt/t/bin/tides"]',
      "/opt/t",
    ],
    ["Meson's", "meson setup out --prefix=/opt/m && ninja -C out install", '["/opt/m/bin/tides"]', "/opt/m"],
    ["a makefile's variable", "make install PREFIX=/opt/p", '["/opt/p/bin/tides"]', "/opt/p"],
  ])("%s", (_, build, start, path) => {
    const result = seen("debian:bookworm", build, start);
    expect(result.flows).toEqual([`builder:${path} -> ${path}`]);
    expect(result.production).toContain("install -y libssl3");
    expect(result.production.startsWith("FROM debian:bookworm ")).toBe(true);
  });

  it.each([
    ["in an image with a toolchain there", "gcc:12", "./configure && make && make install"],
    ["among the distribution's files", "debian:bookworm", "./configure --prefix=/usr && make install"],
    ["by a rule that nobody sees", "debian:bookworm", "git clone https://example.com/x && cd x && make install"],
  ])("refuses an install %s", (_, base, build) => {
    const result = seen(base, build, '["tides"]');
    expect(result.verdict).toBe("refused");
    expect(result.codes).toContain("install-unread");
  });
});

it("takes a program out of the build directory", () => {
  const result = seen("debian:bookworm", "cmake -B build && cmake --build build", '["build/tides"]');
  expect(result.flows).toEqual(["builder:/src/build/tides -> /src/build/tides"]);
});

it("lets tests gate the build", () => {
  const result = seen(
    "debian:bookworm",
    "./configure --prefix=/opt/t && make && make check && make install",
    '["/opt/t/bin/tides"]',
  );
  expect(result.flows).toEqual(["tester:/opt/t -> /opt/t"]);
});

describe("an image without a command", () => {
  const CARGO = {
    "Cargo.toml": '[package]\nname = "tool"\nversion = "1.0.0"\n',
    "Cargo.lock": 'version = 3\n[[package]]\nname = "tool"\nversion = "1.0.0"\n',
    "src/main.rs": "fn main() {}\n",
  };

  it("is for the programs that the build put into PATH", () => {
    const result = migrated({
      Dockerfile: "FROM rust:1.85\nWORKDIR /src\nCOPY . .\nRUN cargo install --path .\n",
      ...CARGO,
    });
    expect(result.flows).toEqual(["builder:/usr/local/cargo/bin/tool -> /usr/local/cargo/bin/tool"]);
    expect(result.codes).toContain("programs-assumed");
    expect(result.production).toMatch(/^FROM debian:\w+-slim /);
    expect(result.production).toContain("ENV PATH=/usr/local/cargo/bin:$PATH");
  });

  it.each(["vendor/base:1", "node:20", "nginx:1.25"])("is not, where %s may start something of its own", (base) => {
    const dockerfile = `FROM ${base}\nRUN apt-get update && apt-get install -y nim\nCOPY . /src\nRUN nim c -o:/usr/local/bin/tool /src/tool.nim\n`;
    expect(migrated({ Dockerfile: dockerfile, "tool.nim": "" }).codes).not.toContain("programs-assumed");
  });

  it("is refused where the program lies elsewhere", () => {
    const result = migrated({
      Dockerfile: "FROM rust:1.85\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n",
      ...CARGO,
    });
    expect(result.codes).toEqual(["nothing-starts"]);
  });
});

it("takes the build directory whole where libraries are made beside the program", () => {
  const dockerfile = `FROM debian:bookworm\n${APT}WORKDIR /src\nCOPY . .\nRUN cmake -B build && cmake --build build\nCMD ["build/tides"]\n`;
  const result = migrated({ Dockerfile: dockerfile, "CMakeLists.txt": "add_library(x SHARED x.c)\n" });
  expect(result.flows).toEqual(["builder:/src/build -> /src/build"]);
});
