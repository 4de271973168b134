for (const { port, high } of require("./tides.json")) console.log(port, ...high);
