const request = require("supertest");
const app = require("../src/app");

describe("shortener", () => {
  it("redirects a known name", () => request(app).get("/docs").expect(302).expect("Location", "/manual/start"));
  it("knows what it does not know", () => request(app).get("/nothing").expect(404));
});
