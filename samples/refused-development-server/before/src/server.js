// Says when the next boat leaves.
import { createServer } from "node:http";

createServer((_, response) => response.end("every 20 minutes")).listen(8080);
