require("node:http")
  .createServer((_request, response) => response.end("post @VERSION@\n"))
  .listen(3000);
