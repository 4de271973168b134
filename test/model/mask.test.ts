import { expect, test } from "vitest";
import { maskSecrets } from "../../src/model/mask.ts";

const cases: readonly (readonly [name: string, input: string, expected: string])[] = [
  ["a build argument's value", "ARG NPM_TOKEN=abc123", "ARG NPM_TOKEN=***"],
  ["a quoted value", 'ENV DB_PASSWORD="a b c" OTHER=1', "ENV DB_PASSWORD=*** OTHER=1"],
  ["the old form of ENV", "ENV API_KEY abc", "ENV API_KEY ***"],
  ["a value on the command line", "docker build --build-arg TOKEN=abc .", "docker build --build-arg TOKEN=*** ."],
  ["an option's value", "npm login --password hunter2 --registry x", "npm login --password *** --registry x"],
  ["credentials in a URL", "git clone https://me:pw@example.org/a.git", "git clone https://***@example.org/a.git"],
  ["a token as a URL's user", "ADD https://abc@example.org/a /a", "ADD https://***@example.org/a /a"],
  ["an npm configuration line", "//registry.npmjs.org/:_authToken=abc", "//registry.npmjs.org/:_authToken=***"],
  ["an authorization header", 'curl -H "Authorization: Bearer abcdefghij"', 'curl -H "Authorization: Bearer ***"'],
  ["a token known by its form", `echo ghp_${"a".repeat(36)}`, "echo ***"],
  ["a JSON value", '{"password": "abc"}', '{"password": "***"}'],
  ["a reference stays", "ENV NPM_TOKEN=$NPM_TOKEN", "ENV NPM_TOKEN=$NPM_TOKEN"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a Dockerfile
  ["a reference in braces stays", "ARG NPM_TOKEN=${NPM_TOKEN}", "ARG NPM_TOKEN=${NPM_TOKEN}"],
  ["a declaration without a value stays", "ARG NPM_TOKEN", "ARG NPM_TOKEN"],
  ["a user of git over ssh stays", "ssh://git@example.org/a.git", "ssh://git@example.org/a.git"],
  ["a URL with a reference stays", "https://$TOKEN@example.org/a", "https://$TOKEN@example.org/a"],
  ["an address stays", "ADD https://example.org/@scope/a.tgz /a", "ADD https://example.org/@scope/a.tgz /a"],
  ["other variables stay", "ENV NODE_ENV=production", "ENV NODE_ENV=production"],
  ["prose stays", 'The password of "app" is set by ENV', 'The password of "app" is set by ENV'],
];

test.each(cases)("%s", (_name, input, expected) => {
  expect(maskSecrets(input)).toBe(expected);
  expect(maskSecrets(maskSecrets(input))).toBe(expected);
});

test("long texts take no long time", () => {
  const started = performance.now();
  for (const text of ["-", "a", "token", "a.", "a-", "a+", "http://", '"']) maskSecrets(text.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
