const { createServer } = require("node:http");
const bcrypt = require("bcrypt");

const stored = bcrypt.hashSync("open sesame", 4);

const server = createServer((request, response) => {
  const word = new URL(request.url, "http://localhost").searchParams.get("word") ?? "";
  response.end(bcrypt.compareSync(word, stored) ? "come in\n" : "stay out\n");
});

server.listen(process.env.PORT ?? 3000);
