const fs = require("node:fs");

fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/server.js", ["src/bells.js", "src/server.js"].map((path) => fs.readFileSync(path, "utf8")).join("\n"));
