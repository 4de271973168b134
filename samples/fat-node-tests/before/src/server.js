const app = require("./app");

app.listen(3000, () => console.log("shortener on port 3000"));
