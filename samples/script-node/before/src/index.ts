import express from "express";

const forecast = { city: "Oslo", sky: "clear" };

express()
  .get("/", (_request, response) => response.json(forecast))
  .listen(3000, () => console.log("weather on port 3000"));
