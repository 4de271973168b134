const express = require("express");

const links = new Map([["docs", "/manual/start"]]);
const app = express();

app.get("/health", (_request, response) => response.send("ok"));
app.get("/:name", (request, response) => {
  const target = links.get(request.params.name);
  if (target === undefined) return response.status(404).send("no such link");
  response.redirect(target);
});

module.exports = app;
