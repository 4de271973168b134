const { mkdirSync, writeFileSync } = require("node:fs");

mkdirSync("dist", { recursive: true });
writeFileSync("dist/tides.js", 'console.log("high water at 06:12");\n');
