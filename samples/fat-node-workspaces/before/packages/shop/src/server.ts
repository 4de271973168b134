import { priceOf } from "@orchard/pricing";
import express from "express";

const app = express();

app.get("/price", ({ query }, response) => {
  response.json({ price: priceOf({ apples: Number(query.apples ?? 0), pears: Number(query.pears ?? 0) }) });
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`orchard on port ${port}`));
