const fs = require("node:fs");

fs.mkdirSync("out/drafts", { recursive: true });
for (const name of fs.readdirSync("pages")) {
  const text = fs.readFileSync(`pages/${name}`, "utf8").trim();
  fs.writeFileSync(`out/${name.replace(".txt", ".html")}`, `<p>${text}</p>\n`);
}
fs.writeFileSync("out/drafts/summer.html", "<p>Not yet</p>\n");
