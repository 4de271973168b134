// Renders pages/*.txt (first line: the title) to public/*.html.
const fs = require("node:fs");
const path = require("node:path");

const escape = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

fs.mkdirSync("public", { recursive: true });
for (const name of fs.readdirSync("pages")) {
  const [title, ...lines] = fs.readFileSync(path.join("pages", name), "utf8").trim().split("\n");
  const html = `<!doctype html>\n<title>${escape(title)}</title>\n<h1>${escape(title)}</h1>\n<p>${escape(lines.join("\n"))}</p>\n`;
  fs.writeFileSync(path.join("public", `${path.parse(name).name}.html`), html);
}
