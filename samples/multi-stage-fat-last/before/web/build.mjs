// Puts the harbours into the page.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const harbours = JSON.parse(readFileSync("harbours.json", "utf8"));
const list = harbours.map((name) => `<li>${name}</li>`).join("");
mkdirSync("out", { recursive: true });
writeFileSync("out/index.html", readFileSync("page.html", "utf8").replace("HARBOURS", list));
