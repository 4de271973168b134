const { mkdirSync, writeFileSync } = require("node:fs");

mkdirSync("pages", { recursive: true });
for (const { port, high } of require("./tides.json")) {
  const page = `<!doctype html><title>${port}</title><p>High water: ${high.join(", ")}</p>\n`;
  writeFileSync(`pages/${port.toLowerCase()}.html`, page);
}
