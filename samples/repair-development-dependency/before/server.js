// The formatters are plug-ins, and the list of them is read when the server starts.
const { formatters } = require("./plugins.json");
const [pad] = formatters.map((name) => require(name));
require("node:http").createServer((_, response) => response.end(`${pad("7", 3, "0")}\n`)).listen(8080);
