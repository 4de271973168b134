console.log(`worker @VERSION@ sorts ${require("./queue.json").length} letters`);
