const { mkdirSync, writeFileSync } = require("node:fs");

mkdirSync("dist", { recursive: true });
writeFileSync("dist/moon.js", 'console.log("first quarter");\n');
