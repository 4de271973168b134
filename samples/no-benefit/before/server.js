const express = require("express");

const roll = (sides) => 1 + Math.floor(Math.random() * sides);

express()
  .get("/:sides", (request, response) => response.json({ roll: roll(Number(request.params.sides)) }))
  .listen(3000, () => console.log("dice on port 3000"));
