const { mkdirSync, writeFileSync } = require("node:fs");

mkdirSync("app", { recursive: true });
writeFileSync("app/timetable.js", 'console.log("next ferry at 09:40");\n');
