const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");

mkdirSync("site/pages", { recursive: true });
const days = readFileSync("src/days.txt", "utf8").trim().split("\n");
writeFileSync("site/pages/index.html", `<ul>${days.map((day) => `<li>${day}</li>`).join("")}</ul>\n`);
writeFileSync("site/robots.txt", "User-agent: *\n");
