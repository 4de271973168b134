import "./style.css";
import { minutes } from "./teas.js";

const list = Object.entries(minutes).map(([tea, time]) => `<li>${tea}: ${time} min</li>`);
document.querySelector("#app").innerHTML = `<h1>Tea timer</h1><ul>${list.join("")}</ul>`;
