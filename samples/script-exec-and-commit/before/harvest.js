const { writeFileSync } = require("node:fs");
const trees = require("./trees.json");

const lines = Object.entries(trees).map(([tree, apples]) => `${tree}: ${apples} apples`);
writeFileSync("harvest.txt", `${lines.join("\n")}\n`);
