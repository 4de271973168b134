import express from "express";
import { Notes } from "./notes";

const notes = new Notes();
const app = express();

app.use(express.json());
app.get("/notes", (_request, response) => {
  response.json(notes.all());
});
app.post("/notes", (request, response) => {
  response.status(201).json(notes.add(String(request.body.text)));
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`notes on port ${port}`));
