require("node:http")
  .createServer((request, response) => response.end(`${strokes[request.url.slice(1)] ?? 0} strokes\n`))
  .listen(3000);
