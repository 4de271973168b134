require("node:fs").writeFileSync("build.txt", "built");
