import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

const lock = (...gems: readonly string[]): string =>
  `GEM\n  specs:\n${gems.map((gem) => `    ${gem} (1.0)\n`).join("")}`;
const APP: Tree = { Gemfile: "", "Gemfile.lock": lock("rack", "puma"), "config.ru": "run App\n", Rakefile: "" };

function seen(base: string, install: string, start = "CMD bundle exec puma", more: Tree = {}) {
  const dockerfile = `FROM ${base}\nWORKDIR /app\nCOPY . .\n${install}\n${start}\n`;
  const result = migrated({ Dockerfile: dockerfile, ...APP, ...more });
  return { ...result, base: /^FROM (\S+)/.exec(result.production)?.[1] };
}

const GEMS = "builder:/usr/local/bundle -> /usr/local/bundle";
const apt = (names: string): string => `RUN apt-get update && apt-get install -y ${names}\n`;

describe("where gems lie", () => {
  it.each([
    ["in the image's own directory", "RUN bundle install", [GEMS]],
    [
      "below the project, with the settings in the image's own",
      "RUN bundle install --deployment --without test",
      [GEMS, "builder:/app -> /app"],
    ],
    [
      "where a setting says",
      "RUN bundle config set --local path /gems && bundle install",
      [GEMS, "builder:/gems -> /gems"],
    ],
    ["where gem puts them", "RUN gem install puma rack", [GEMS]],
  ])("%s", (_, install, flows) => {
    expect([...seen("ruby:3.2", install).flows].sort()).toEqual([...flows].sort());
  });

  it.each([
    ["debian:bookworm", `${apt("ruby ruby-dev")}RUN gem install puma`],
    ["vendor/ruby:1", "RUN bundle install"],
  ])("refuses what it cannot find in %s", (base, install) => {
    expect(seen(base, install).codes).toContain("install-unread");
  });
});

describe("which image it runs on", () => {
  it.each([
    ["ruby:3.2", lock("rack"), "ruby:3.2-slim"],
    ["ruby:3.2.1-bullseye", lock("rack"), "ruby:3.2.1-slim-bullseye"],
    ["ruby:3.2", lock("rmagick"), "ruby:3.2"],
    ["ruby:3.2@sha256:01", lock("rack"), "ruby:3.2@sha256:01"],
  ])("%s", (base, gems, wanted) => {
    expect(seen(base, `${apt("cmake")}RUN bundle install`, undefined, { "Gemfile.lock": gems }).base).toBe(wanted);
  });

  it("keeps the old image where the gems are not listed", () => {
    const dockerfile = `FROM ruby:3.2\n${apt("cmake")}RUN gem install ./shop.gem\nWORKDIR /app\nCOPY app.rb .\nCMD ["ruby", "app.rb"]\n`;
    expect(migrated({ Dockerfile: dockerfile, "app.rb": "", "shop.gem": "" }).production).toMatch(/^FROM ruby:3\.2 /);
  });

  it("installs the libraries of gems, and Node.js where they run JavaScript", () => {
    const { production } = seen("ruby:3.2-bookworm", `${apt("nodejs cmake")}RUN bundle install`, undefined, {
      "Gemfile.lock": lock("pg", "execjs"),
    });
    expect(production).toContain("install -y nodejs\n");
    expect(production).toContain("--no-install-recommends libpq5 ");
  });
});

describe("packages of the system", () => {
  it("become their libraries", () => {
    const { production } = seen(
      "ruby:3.2-slim-bookworm",
      `${apt("build-essential libpq-dev git nodejs")}RUN bundle install`,
    );
    expect(production).toContain("install -y libpq5 nodejs\n");
  });

  it("keep the library of C++ on Alpine", () => {
    const { production } = seen(
      "ruby:3.2-alpine",
      "RUN apk add --no-cache build-base postgresql-dev tzdata\nRUN bundle install",
    );
    expect(production).toContain("apk add --no-cache libstdc++ libpq tzdata\n");
  });
});

describe("what the build makes", () => {
  it.each([
    ["bundle exec rake assets:precompile", "builder:/app -> /app"],
    ["bin/rails assets:precompile", "builder:/app -> /app"],
    ["bundle exec bootsnap precompile --gemfile app/ lib/", "builder:/app -> /app"],
  ])("comes along after %s", (build, flow) => {
    const more = { "bin/rails": "#!/usr/bin/env ruby\n" };
    expect(seen("ruby:3.2-slim", `${apt("gcc")}RUN bundle install && ${build}`, undefined, more).flows).toContain(flow);
  });

  it("is the site that Jekyll makes, for a server that needs no Ruby", () => {
    const install = `${apt("nginx")}RUN bundle install && bundle exec jekyll build -d /var/www/html`;
    const { flows } = seen("ruby:3.2", install, 'CMD ["nginx", "-g", "daemon off;"]');
    expect(flows).toEqual(["builder:/var/www/html -> /var/www/html"]);
  });
});

it("lets tests gate the build", () => {
  expect(seen("ruby:3.2", "RUN bundle install && bundle exec rspec").dockerfile).toContain("AS tester");
});

it("follows a Procfile", () => {
  const { production } = seen("ruby:3.2-slim", `${apt("gcc redis-tools")}RUN bundle install`, "CMD foreman start", {
    Procfile: "web: redis-cli ping && bundle exec puma\n",
  });
  expect(production).toContain("install -y redis-tools\n");
});

it("refuses Jekyll's server, which builds the site", () => {
  expect(seen("ruby:3.2", "RUN bundle install", "CMD bundle exec jekyll serve").codes).toEqual(["development-server"]);
});

it("refuses to ship a program that no instruction brings", () => {
  const dockerfile = `FROM ruby:3.2\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\n${apt("gcc")}RUN bundle install\nCMD ["config/start.sh"]\n`;
  expect(migrated({ Dockerfile: dockerfile, ...APP }).codes).toContain("artifact-unknown");
});
