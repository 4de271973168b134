import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const PIP = "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY app.py .\n";
const LISTED =
  'RUN apt-get update && apt-get install -y curl gnupg && curl -fsSL https://dl.yarnpkg.com/debian/pubkey.gpg | gpg --dearmor -o /usr/share/keyrings/yarn.gpg && echo "deb [signed-by=/usr/share/keyrings/yarn.gpg] https://dl.yarnpkg.com/debian stable main" > /etc/apt/sources.list.d/yarn.list && apt-get update && apt-get install -y yarn\n';

const YARN = "yarn install && yarn build";

/** A Python service whose image is set up by `setup`, and which builds its pages with npm. */
function service(setup: string, start = '["python", "app.py"]', build = "npm ci && npm run build") {
  return migrated({
    Dockerfile: `FROM python:3.11-bookworm\n${setup}WORKDIR /srv\n${PIP}COPY web web\nRUN cd web && ${build}\nCMD ${start}\n`,
    "requirements.txt": "flask==3.0.0\n",
    "app.py": 'import flask\napp = flask.Flask(__name__, static_folder="web/dist")\n',
    "web/package.json": '{"name":"pages","scripts":{"build":"vite build"},"devDependencies":{"vite":"5.0.0"}}',
    "web/package-lock.json": '{"name":"pages","lockfileVersion":3,"packages":{}}',
    "web/src/main.js": "console.log(1)\n",
  });
}

describe("a script that adds the repository of Node.js", () => {
  it.each([
    ["through a pipe", "curl -fsSL https://deb.nodesource.com/setup_20.x | bash -"],
    ["through a pipe, with a variable", "curl -sL https://deb.nodesource.com/setup_$NODE_MAJOR.x | bash"],
    ["by substitution", 'bash -c "$(curl -fsSL https://deb.nodesource.com/setup_20.x)"'],
    ["as a file", "curl -fsSL -o /tmp/setup.sh https://deb.nodesource.com/setup_20.x && bash /tmp/setup.sh"],
    ["with sudo", "wget -qO- https://deb.nodesource.com/setup_20.x | sudo -E bash -"],
  ])("stays in the build stage with it: %s", (_, script) => {
    const result = service(`RUN ${script} && apt-get install -y nodejs\n`);
    expect(result.verdict).toBe("migrated");
    expect(result.codes).not.toContain("command-effects-unknown");
    expect(result.production).not.toContain("nodesource");
    expect(result.production).not.toContain("nodejs");
    expect(result.flows).toContain("builder:/srv -> /srv");
  });

  it("ships where run time starts node", () => {
    const result = service(
      "RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs git\n",
      '["sh", "-c", "node web/dist/server.js & python app.py"]',
    );
    expect(result.production).toContain("https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs");
  });

  it("is unknown where nobody knows the address", () => {
    const result = service("RUN curl -fsSL https://example.com/setup | bash - && apt-get install -y nodejs\n");
    expect(result.codes).toContain("command-effects-unknown");
  });
});

describe("a list of a repository", () => {
  it("stays in the build stage with its key and its package", () => {
    const result = service(LISTED, undefined, YARN);
    expect(result.production).not.toContain("yarn");
    expect(result.production).not.toContain("gnupg");
  });

  it("ships with what adding it takes, where a package of it does", () => {
    const result = service(LISTED, '["sh", "-c", "yarn --cwd web serve & python app.py"]');
    expect(result.production).toContain("gpg --dearmor -o /usr/share/keyrings/yarn.gpg");
    expect(result.production).toContain("install -y curl gnupg");
    expect(result.production).toContain("install -y yarn");
  });

  it("ships with any package that is installed after it where its own are not known", () => {
    const own =
      'RUN echo "deb https://apt.example.com stable main" > /etc/apt/sources.list.d/own.list\nRUN apt-get update && apt-get install -y ';
    expect(service(`${own}libheatmap1 gcc\n`).production).toContain("own.list");
    expect(service(`${own}gcc make\n`).production).not.toContain("own.list");
  });

  it.each([
    ["apt-key", "curl -fsSL https://dl.yarnpkg.com/debian/pubkey.gpg | apt-key add -", "yarn"],
    ["add-apt-repository", 'add-apt-repository "deb https://dl.yarnpkg.com/debian stable main"', "yarn"],
  ])("%s goes where the packages go", (name, command, kept) => {
    const setup = `RUN ${command}\nRUN apt-get update && apt-get install -y ${kept}\n`;
    expect(service(setup, undefined, YARN).production).not.toContain(name);
    expect(service(setup, '["sh", "-c", "yarn serve & python app.py"]').production).toContain(command);
  });
});

describe("a script that installs a tool", () => {
  const SOURCES = {
    "Cargo.toml": '[package]\nname = "tides"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 3\n[[package]]\nname = "tides"\nversion = "0.1.0"\n',
    "src/main.rs": "fn main() {}\n",
  };

  it.each([
    "curl https://sh.rustup.rs -sSf | sh -s -- -y --default-toolchain 1.85.0",
    "curl --proto '=https' -sSf https://sh.rustup.rs > /tmp/init.sh && sh /tmp/init.sh -y",
  ])("stays in the build stage: %s", (script) => {
    const result = migrated({
      Dockerfile: `FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl gcc\nRUN ${script}\nENV PATH=/root/.cargo/bin:$PATH\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/tides"]\n`,
      ...SOURCES,
    });
    expect(result.verdict).toBe("migrated");
    expect(result.codes).not.toContain("command-effects-unknown");
    expect(result.production).not.toContain("rustup");
    expect(result.flows).toEqual(["builder:/src/target/release/tides -> /src/target/release/tides"]);
  });
});

describe("a directory that mktemp names", () => {
  const GO = { "go.mod": "module tides\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n" };

  it("is no place of the runtime stage, and no command there goes to it", () => {
    const result = migrated({
      Dockerfile:
        'FROM golang:1.22\nRUN cd "$(mktemp -d)" && curl -fsSL https://example.com/x.tgz | tar xz && make && mkdir -p /opt/data && chmod 700 /opt/data\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /bin/tides\nENTRYPOINT ["/bin/tides", "--data", "/opt/data"]\n',
      ...GO,
    });
    expect(result.dockerfile).toContain("mktemp");
    expect(result.production).not.toContain("mktemp");
  });

  it("refuses what ships from there", () => {
    const result = migrated({
      Dockerfile:
        'FROM python:3.11\nRUN apt-get update && apt-get install -y cmake\nRUN cd "$(mktemp -d)" && git clone https://example.com/tides . && pip install -e .\nWORKDIR /srv\nCOPY app.py .\nCMD ["python", "app.py"]\n',
      "app.py": "import tides\n",
    });
    expect(result.verdict).toBe("refused");
    expect(result.codes).toContain("directory-unnamed");
  });
});

describe("a package that what ships may need", () => {
  const APT =
    "RUN apt-get update && apt-get install -y \\\n    openjdk-17-jdk-headless python3 \\\n    make \\\n    git\n";

  /** `build` fetches and makes something that nobody sees. */
  function fetched(build: string, start: string) {
    return migrated({
      Dockerfile: `FROM debian:bookworm\n${APT}RUN git clone https://example.com/tides /src\nWORKDIR /src\n${build}WORKDIR /srv\nCOPY start.sh .\nENTRYPOINT ["./start.sh"]\n`,
      "start.sh": `#!/bin/sh\nexec ${start}\n`,
    });
  }

  it("is Java's runtime, where an archive for Java ships", () => {
    const result = fetched("RUN ./gradlew jar && cp build/libs/tides-*.jar /opt/tides.jar\n", "/opt/run-tides");
    expect(result.production).toContain("openjdk-17-jre-headless");
    expect(result.flows).toContain("builder:/opt/tides.jar -> /opt/tides.jar");
  });

  it("is an interpreter, where an unread program ships", () => {
    const result = fetched("RUN curl -o /usr/local/bin/tides https://example.com/tides\n", "tides");
    expect(result.decisions["drop-package:python3"]).toBe("keep");
  });

  it("is no interpreter, where the program is known to be machine code", () => {
    const result = fetched("RUN curl -o /usr/local/bin/jq https://example.com/jq\n", "jq . /srv/data.json");
    expect(result.decisions["drop-package:python3"]).not.toBe("keep");
  });

  it("leaves a list that ends where the last package which stays does", () => {
    const result = fetched("RUN curl -o /usr/local/bin/tides https://example.com/tides\n", "tides");
    expect(result.production).toMatch(/install -y \\\n {4}python3\n/);
  });
});

describe("what a command prints for another", () => {
  it("may be a build, and what is moved stands where it goes", () => {
    const result = migrated({
      Dockerfile:
        'FROM clojure:temurin-17-lein\nWORKDIR /src\nCOPY . .\nRUN mv "$(lein uberjar | grep standalone)" app.jar\nCMD ["java", "-jar", "app.jar"]\n',
      "project.clj": '(defproject tides "0.1.0" :main tides.core)\n',
      "src/tides/core.clj": "(ns tides.core)\n",
    });
    expect(result.verdict).toBe("migrated");
    expect(result.flows).toEqual(["builder:/src/app.jar -> /src/app.jar"]);
  });

  it("is only looked at where nothing is known of the command", () => {
    const result = migrated({
      Dockerfile:
        'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -ldflags "-X main.v=$(version-of ./)" -o /tides\nENTRYPOINT ["/tides"]\n',
      "go.mod": "module tides\n\ngo 1.22\n",
      "main.go": "package main\n\nvar v string\n\nfunc main() {}\n",
    });
    expect(result.codes).toEqual([]);
    expect(result.flows).toEqual(["builder:/tides -> /tides"]);
  });
});

it("knows the program of a module that the build itself begins", () => {
  const result = migrated({
    Dockerfile:
      "FROM golang:1.22\nWORKDIR /go/src/app\nCOPY *.go .\nRUN go mod init tides && go get\nRUN go install\nCMD tides\n",
    "main.go": "package main\n\nfunc main() {}\n",
  });
  expect(result.flows).toEqual(["builder:/go/bin/tides -> /go/bin/tides"]);
});

it("knows the homes of users that Debian has", () => {
  const result = migrated({
    Dockerfile:
      'FROM python:3.11-bookworm\nUSER www-data\nWORKDIR /var/www/html\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY app.py .\nCMD ["python", "app.py"]\n',
    "requirements.txt": "flask==3.0.0\n",
    "app.py": "import flask\n",
  });
  expect(result.codes).not.toContain("install-unread");
  expect(result.flows).toContain("builder:/var/www/.local -> /var/www/.local");
});

it.each(["/app", "/usr/src/app"])("refuses a script that only stands in %s when the image runs", (directory) => {
  const result = migrated({
    Dockerfile: `FROM ruby:3.1\nRUN apt-get update && apt-get install -y cmake\nWORKDIR ${directory}\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCMD ["sh", "bin/start.sh"]\n`,
    Gemfile: 'source "https://rubygems.org"\ngem "puma"\n',
    "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    puma (6.4.0)\n",
    "bin/start.sh": "bundle exec puma\n",
  });
  expect([result.verdict, result.codes]).toEqual(["refused", ["artifact-unknown"]]);
});

it("does not take a script's own variables for places of the image", () => {
  const result = migrated({
    Dockerfile:
      'FROM debian:bookworm\nRUN apt-get update && apt-get install -y make gcc\nWORKDIR /app\nCOPY . .\nRUN ./make-it.sh\nCMD ["/app/out/tides"]\n',
    "make-it.sh": '#!/bin/sh\nread -r place < place.txt\ncp tides.c "$place"\n',
    "tides.c": "int main(void) { return 0; }\n",
  });
  expect(result.codes).toContain("command-effects-unknown");
  expect(result.codes).not.toContain("destination-unknown");
});

it("takes a pattern of unseen files into a directory of the system for what it holds then", () => {
  const result = migrated({
    Dockerfile:
      'FROM debian:bookworm\nRUN apt-get update && apt-get install -y cmake g++\nRUN git clone https://example.com/tides /src\nWORKDIR /src/build\nRUN cmake .. && make\nRUN cp out/tides* /usr/local/bin\nCMD ["tides"]\n',
  });
  expect(result.flows).toContain("builder:/usr/local/bin -> /usr/local/bin");
});
