import { describe, it } from "vitest";
import { goProject, migrated } from "./migrated.ts";
const MAIN='package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", http.FileServer(http.Dir("static"))) }\n';
describe("x", () => {
  it("y", () => {
    const files = {
      ...goProject(`ARG GO=1.22
FROM node:20 AS frontend
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web .
RUN npm run build

# The server
FROM golang:\${GO}
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=frontend /web/dist ./static
RUN go build -o /bin/server .
EXPOSE 8080
CMD ["/bin/server"]
`, MAIN), "web/package.json": '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"5"}}', "web/package-lock.json": "{}" };
    const seen = migrated(files);
    console.log(seen.verdict, seen.summary, seen.codes, seen.decisions, seen.flows); console.log(seen.dockerfile);
    const emb = migrated({...files, "main.go": 'package main\n\nimport "embed"\n\n//go:embed static\nvar files embed.FS\n\nfunc main() {}\n'});
    console.log(emb.verdict, emb.summary, emb.codes, emb.decisions, emb.flows); console.log(emb.dockerfile);
    const chain = migrated({...files, Dockerfile: `FROM golang:1.22 AS base
WORKDIR /app
ENV PORT=8080
COPY go.mod go.sum ./
RUN go mod download

FROM base
COPY . .
RUN go build -o /bin/server .
CMD ["/bin/server"]
`});
    console.log(chain.verdict, chain.summary, chain.codes, chain.decisions, chain.flows); console.log(chain.dockerfile);
    const num = migrated({...files, Dockerfile: files.Dockerfile.replace("AS frontend","").replaceAll("frontend", "0")});
    console.log(num.verdict, num.summary, num.codes, num.decisions, num.flows); console.log(num.dockerfile);
    const again = migrated({...files, Dockerfile: seen.dockerfile}); console.log(again.verdict, again.summary, again.codes);
  });
});
