/** Pages that a program of Node hands out, and nginx in its place where the answers ask for it. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { migrated } from "./migrated.ts";

const PROJECT = {
  "package.json": '{"scripts":{"build":"vite build","start":"serve -s dist"},"devDependencies":{"vite":"5"}}',
  "package-lock.json": "{}",
  "index.html": "<p>tides</p>",
};
const START = 'CMD ["serve", "-s", "dist", "-l", "5000"]\n';
const file = (start = START, more = ""): string =>
  `FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm i -g serve\n${more}EXPOSE 5000\n${start}`;
const NGINX = { "web-server": "nginx" };

describe("serve", () => {
  it("stays unless the answer says otherwise", () => {
    const seen = migrated({ ...PROJECT, Dockerfile: file() });
    expect(seen.production).toContain(START);
    expect(seen.decisions["web-server"]).toBe("serve");
  });

  it("gives way to nginx, which answers at the same port out of the same directory", () => {
    const seen = migrated({ ...PROJECT, Dockerfile: file(START, "LABEL team=sea\n") }, NGINX);
    expect(seen.dockerfile).toBe(`FROM node:20 AS builder
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM nginx:stable-alpine AS production
WORKDIR /app
COPY --from=builder /app/dist /app/dist
LABEL team=sea
EXPOSE 5000
RUN printf '%s\\n' \\
    'server {' \\
    '    listen 5000;' \\
    '    root /app/dist;' \\
    '    charset utf-8;' \\
    '    gzip on;' \\
    '    gzip_types text/css application/javascript application/json image/svg+xml;' \\
    '    location / {' \\
    '        try_files $uri /index.html;' \\
    '    }' \\
    '}' \\
    > /etc/nginx/conf.d/default.conf
`);
    expect(seen.decisions["runtime-base"]).toBeUndefined();
  });

  it("stays on the platform that the file names", () => {
    const dockerfile = file().replace("FROM node", "FROM --platform=linux/amd64 node");
    const seen = migrated({ ...PROJECT, Dockerfile: dockerfile }, NGINX);
    expect(seen.production).toContain("FROM --platform=linux/amd64 nginx:stable-alpine AS production\n");
  });

  it("leaves the port to PORT where the command names none", () => {
    const seen = migrated({ ...PROJECT, Dockerfile: file('CMD ["serve", "-s", "dist"]\n') }, NGINX);
    expect(seen.production).toContain("ENV PORT=3000\n");
    expect(seen.production).toMatch(/listen \$\{PORT\};/);
    expect(seen.production).toContain("/etc/nginx/templates/default.conf.template");
    const own = migrated({ ...PROJECT, Dockerfile: file('CMD ["serve", "-s", "dist"]\n', "ENV PORT=80\n") }, NGINX);
    expect(own.production).not.toContain("PORT=3000");
  });

  it("is taken for its size where that counts", () => {
    const files = memoryProject({ ...PROJECT, Dockerfile: file() });
    const [smallest] = migrate(files, { smallest: true }).migrations;
    expect(smallest?.decisions.find(({ id }) => id === "web-server")).toMatchObject({
      chosen: "nginx",
      confidence: "guess",
    });
    const answers = { "*": { "web-server": "serve" } };
    const [answered] = migrate(files, { smallest: true, answers }).migrations;
    expect(answered?.decisions.find(({ id }) => id === "web-server")).toMatchObject({
      chosen: "serve",
      confidence: "certain",
    });
  });
});

describe("nginx is not offered", () => {
  it.each([
    ["for lists of directories", file('CMD ["serve", "dist"]\n'), {}],
    ["for settings of serve's own", file(), { "public/serve.json": "{}" }],
    ["for a certificate", file('CMD ["serve", "-s", "dist", "--ssl-cert", "x.pem"]\n'), {}],
    ["for a socket", file('CMD ["serve", "-s", "dist", "-l", "unix:/run/tide.sock"]\n'), {}],
    ["where a health check runs another program", file(START, "HEALTHCHECK CMD curl -f localhost:5000\n"), {}],
    ["where something else is set up", file(START, "RUN mkdir -p /var/lib/tide\n"), {}],
    ["where it does not run as root", file(START, "USER node\n"), {}],
    ["where the command sets its own port", file("CMD PORT=80 serve -s dist\n"), {}],
    ["beside another program", file("CMD node worker.js & serve -s dist\n"), { "worker.js": "" }],
    ["for a digest, which would be given up", file().replace("node:20", `node:20@sha256:${"a".repeat(64)}`), {}],
    ["for images of a registry of one's own", file().replace("node:20", "registry.example/node:20"), {}],
  ])("%s", (_, dockerfile, more) => {
    const seen = migrated({ ...PROJECT, ...more, Dockerfile: dockerfile }, NGINX);
    expect(seen.decisions["web-server"]).toBeUndefined();
    expect(seen.dockerfile).not.toContain("FROM nginx");
  });
});
