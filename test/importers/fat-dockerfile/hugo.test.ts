import { expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const APT = "RUN apt-get update && apt-get install -y hugo nginx\n";

it.each([
  ["hugo -d /var/www/html", {}, "/var/www/html"],
  ["hugo --destination=/usr/share/nginx/html --minify", {}, "/usr/share/nginx/html"],
  ["hugo && cp -r public/. /var/www/html/", {}, "/var/www/html"],
  ["hugo && cp -r out/. /var/www/html/", { "hugo.toml": 'publishDir = "out"\n' }, "/var/www/html"],
])("%s moves the site", (build, more, path) => {
  const dockerfile = `FROM debian:12\n${APT}WORKDIR /site\nCOPY . .\nRUN ${build}\nCMD ["nginx", "-g", "daemon off;"]\n`;
  const result = migrated({ Dockerfile: dockerfile, "config.toml": "", ...more });
  expect(result.flows).toEqual([`builder:${path} -> ${path}`]);
  expect(result.production).toContain("apt-get install -y nginx\n");
});

it("refuses its server, which builds the site", () => {
  const dockerfile = `FROM debian:12\n${APT}WORKDIR /site\nCOPY . .\nRUN hugo\nCMD hugo server --bind 0.0.0.0\n`;
  expect(migrated({ Dockerfile: dockerfile, "config.toml": "" }).codes).toEqual(["development-server"]);
});
