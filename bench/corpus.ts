/**
 * A corpus of Dockerfiles and projects that anybody can make again: the same number gives the same file.
 *
 *     dockerfileText(42)   // "FROM golang:1.22\nWORKDIR /src\n…"
 *     legacyProject(42)    // { "Dockerfile": …, "go.mod": … } or a builder script with its two Dockerfiles
 *
 * The shapes are those of everyday files: comments, continuations, long RUN lines, ENV and LABEL lists, exec and shell form. So are
 * the sizes: 646 Dockerfiles of public repositories have 1,140 bytes and 10.5 instructions in the mean; these have much the same.
 */

/** Numbers in [0, 1) from a seed (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Pick = <T>(values: readonly T[]) => T;

function picker(seed: number): Pick {
  const next = random(seed);
  return (values) => {
    const value = values[Math.floor(next() * values.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  };
}

const PACKAGES = [
  "ca-certificates",
  "curl",
  "git",
  "libpq-dev",
  "build-essential",
  "tzdata",
  "unzip",
  "libssl-dev",
  "python3",
  "jq",
];

function packageInstall(pick: Pick): string {
  const names = Array.from({ length: pick([3, 8, 16]) }, () => `        ${pick(PACKAGES)} \\\n`).join("");
  return `# What the build needs, from the distribution.\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n${names}    && rm -rf /var/lib/apt/lists/*\n`;
}

/** A tool fetched by hand, as many files do it. */
function download(pick: Pick): string {
  const version = `${pick([1, 2, 3])}.${pick([0, 4, 12])}.${pick([0, 1])}`;
  return `# Not packaged for this distribution.\nRUN set -eux; \\\n    arch="$(dpkg --print-architecture)"; \\\n    case "$arch" in \\\n      amd64) suffix=x86_64 ;; \\\n      arm64) suffix=aarch64 ;; \\\n      *) echo "unsupported architecture: $arch" >&2; exit 1 ;; \\\n    esac; \\\n    curl -fsSL -o /tmp/tool.tar.gz "https://downloads.example.com/tool/v${version}/tool-${version}-linux-$suffix.tar.gz"; \\\n    tar -xzf /tmp/tool.tar.gz -C /usr/local/bin --strip-components=1; \\\n    rm /tmp/tool.tar.gz; \\\n    tool --version\n`;
}

function labels(pick: Pick): string {
  return `LABEL org.opencontainers.image.title="service-${pick([1, 2, 3])}" \\\n      org.opencontainers.image.vendor="Example" \\\n      org.opencontainers.image.licenses="MIT"\n`;
}

function settings(pick: Pick): string {
  const port = pick([80, 3000, 8080]);
  const check = `HEALTHCHECK --interval=30s --timeout=3s CMD curl -f http://localhost:${port}/health || exit 1\n`;
  return `ENV LANG=C.UTF-8 LOG_LEVEL=${pick(["info", "debug"])}\n${pick(["", `EXPOSE ${port}\n`])}${pick(["", "", check])}`;
}

function goBody(pick: Pick): string {
  const output = pick(["/bin/server", "/go/bin/app", "/usr/local/bin/api"]);
  return `WORKDIR ${pick(["/src", "/app", "/go/src/app"])}\n\nCOPY go.mod ./\nRUN go mod download\n\nCOPY . .\nRUN CGO_ENABLED=0 GOOS=linux go build \\\n    -ldflags "-s -w" \\\n    -o ${output} ./cmd/server\n\nCMD ["${output}"]\n`;
}

function nodeBody(pick: Pick): string {
  return `WORKDIR /usr/src/app\nARG NODE_ENV=production\nCOPY package*.json ./\nRUN ${pick(["npm ci", "npm install"])}\n# The sources change most often, so they come last.\nCOPY . .\nRUN npm run build \\\n && npm prune --omit=dev\nCMD ["node", "dist/main.js"]\n`;
}

function pythonBody(pick: Pick): string {
  return `WORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . /app\nRUN set -eux; \\\n    for dir in static media; do \\\n      mkdir -p "/app/$dir"; \\\n    done\nENTRYPOINT ${pick(['["gunicorn", "-b", "0.0.0.0:8000", "app:app"]', "gunicorn -b 0.0.0.0:8000 app:app"])}\n`;
}

/** The `index`-th Dockerfile of the corpus. */
export function dockerfileText(index: number): string {
  const pick = picker(index);
  const [base, body] = pick([
    ["golang:1.22", goBody],
    ["node:20", nodeBody],
    ["python:3.11", pythonBody],
  ] as const);
  return `# Service ${index}\nFROM ${base}\n\n${pick(["", labels(pick)])}${packageInstall(pick)}${pick(["", download(pick), download(pick)])}${settings(pick)}${body(pick)}`;
}

const GO_MODULE = "module example.com/service\n\ngo 1.22\n";
const GO_MAIN = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("up") }\n';

function fatGo(index: number): Readonly<Record<string, string>> {
  const pick = picker(index);
  return {
    Dockerfile: `FROM golang:1.22\n${labels(pick)}${goBody(pick)}`,
    "go.mod": GO_MODULE,
    "cmd/server/main.go": GO_MAIN,
  };
}

function builderScript(index: number): Readonly<Record<string, string>> {
  const pick = picker(index);
  const name = pick(["api", "worker", "web"]);
  const container = pick([`docker create --name extract ${name}-build`, `id=$(docker create ${name}-build)`]);
  const reference = container.startsWith("id=") ? '"$id"' : "extract";
  return {
    "Dockerfile.build": `FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/${name} ./cmd/server\n`,
    "Dockerfile.run": `FROM debian:bookworm-slim\n${labels(pick)}COPY ${name} /usr/local/bin/\nCMD ["${name}"]\n`,
    "build.sh": `#!/bin/sh\nset -e\ndocker build -f Dockerfile.build -t ${name}-build .\n${container}\ndocker cp ${reference}:/out/${name} ./${name}\ndocker rm ${reference}\ndocker build -f Dockerfile.run -t ${name}:latest .\nrm ${name}\n`,
    "go.mod": GO_MODULE,
    "cmd/server/main.go": GO_MAIN,
  };
}

/** The `index`-th legacy project of the corpus, none of which needs a TypeScript compiler to be read. */
export function legacyProject(index: number): Readonly<Record<string, string>> {
  return index % 2 === 0 ? fatGo(index) : builderScript(index);
}
