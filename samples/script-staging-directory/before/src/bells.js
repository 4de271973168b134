const strokes = require("./conf/bells.json");
