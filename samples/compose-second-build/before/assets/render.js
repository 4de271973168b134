const { mkdirSync, writeFileSync } = require("node:fs");
const { boats } = require("./harbour.json");

mkdirSync("public", { recursive: true });
writeFileSync("public/index.html", `<ul>${boats.map((boat) => `<li>${boat}</li>`).join("")}</ul>\n`);
