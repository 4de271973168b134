// Joins the style sheets of this directory into one file without line ends.
const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const directory = join(__dirname, "css");
const sheets = readdirSync(directory).sort();
const text = sheets.map((name) => readFileSync(join(directory, name), "utf8").replace(/\s*\n\s*/g, "")).join("");
writeFileSync(join(__dirname, "..", "public", "style.css"), text);
