import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

/** A Node project with a compiled program; `script` is its "dev". */
function nodeProject(script: string, cmd = "npm run dev"): Tree {
  const scripts = { build: "tsc", start: "node dist/index.js", dev: script };
  const manifest = { scripts, dependencies: { express: "4.19.2" }, devDependencies: { typescript: "5.4.5" } };
  return {
    Dockerfile: `FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nCMD ${cmd}\n`,
    "package.json": JSON.stringify(manifest),
    "package-lock.json": "{}",
    "tsconfig.json": '{"compilerOptions":{"outDir":"dist"}}',
    "src/index.ts": "console.log(1)\n",
    "server.js": "require('express')\n",
  };
}

function goProject(cmd: string, lines = ""): Tree {
  return {
    Dockerfile: `FROM golang:1.22\nWORKDIR /app\nCOPY . .\n${lines}RUN go build -o /bin/app .\nCMD ${cmd}\n`,
    "go.mod": "module example.com/shop\n",
    "main.go": "package main\n\nfunc main() {}\n",
  };
}

function pythonProject(cmd: string, lines = ""): Tree {
  return {
    Dockerfile: `FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n${lines}CMD ${cmd}\n`,
    "requirements.txt": "flask\ndjango\n",
    "app.py": "import flask\n",
    "manage.py": "import django\n",
  };
}

function rustProject(cmd: string, lines = ""): Tree {
  return {
    Dockerfile: `FROM rust:1.79\nWORKDIR /app\nCOPY . .\n${lines}RUN cargo build --release\nCMD ${cmd}\n`,
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\n',
    "src/main.rs": "fn main() {}\n",
  };
}

function rubyProject(cmd: string, lines = ""): Tree {
  return {
    Dockerfile: `FROM ruby:3.3\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n${lines}CMD ${cmd}\n`,
    Gemfile: 'source "https://rubygems.org"\ngem "rails"\n',
    "Gemfile.lock": "GEM\n",
    "config/application.rb": "",
  };
}

function javaProject(cmd: string): Tree {
  return {
    Dockerfile: `FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ${cmd}\n`,
    "pom.xml": "<project><artifactId>shop</artifactId><version>1</version></project>",
  };
}

function dotnetProject(cmd: string): Tree {
  const framework = "<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>";
  return {
    Dockerfile: `FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nRUN dotnet publish -c Release -o /out\nCMD ${cmd}\n`,
    "shop.csproj": `<Project Sdk="Microsoft.NET.Sdk.Web">${framework}</Project>`,
  };
}

function phpProject(cmd: string): Tree {
  return {
    Dockerfile: `FROM php:8.3-cli\nWORKDIR /app\nCOPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nCOPY composer.json composer.lock ./\nRUN composer install\nCOPY . .\nCMD ${cmd}\n`,
    "composer.json": "{}",
    "composer.lock": "{}",
    artisan: "<?php",
  };
}

describe("an image for development", () => {
  it.each<[command: string, project: Tree]>([
    ["nodemon server.js", nodeProject("nodemon server.js")],
    ["npx nodemon server.js", nodeProject("", '["npx", "nodemon", "server.js"]')],
    ["node --watch server.js", nodeProject("node --watch server.js")],
    ["ts-node-dev --respawn src/index.ts", nodeProject("ts-node-dev --respawn src/index.ts")],
    ["tsx watch src/index.ts", nodeProject("tsx watch src/index.ts")],
    ["vite --host", nodeProject("vite --host")],
    ["next dev", nodeProject("next dev")],
    ["astro dev", nodeProject("astro dev")],
    ["react-scripts start", nodeProject("react-scripts start")],
    ["ng serve", nodeProject("ng serve")],
    ["webpack serve", nodeProject("webpack serve")],
    ["nest start --watch", nodeProject("nest start --watch")],
    ["gulp watch", nodeProject("gulp watch")],
    ["tsc -w", nodeProject('concurrently "tsc -w" "node dist/index.js"')],
    ["air", goProject('["air"]', "RUN go install github.com/air-verse/air@latest\n")],
    ["air -c .air.toml", goProject("air -c .air.toml", "RUN go install github.com/cosmtrek/air@latest\n")],
    ["reflex -r .go$ go run .", goProject('["reflex", "-r", ".go$", "go", "run", "."]')],
    ["CompileDaemon -command=./app", goProject("CompileDaemon -command=./app")],
    ["dlv debug --headless", goProject("dlv debug --headless")],
    ["flask run --debug", pythonProject("flask run --debug")],
    ["flask --app app --debug run", pythonProject("flask --app app --debug run")],
    ["python -m flask run", pythonProject("python -m flask run", "ENV FLASK_DEBUG=1\n")],
    ["flask run", pythonProject("flask run", "ENV FLASK_ENV=development\n")],
    ["uvicorn app:app --reload", pythonProject("uvicorn app:app --reload")],
    ["gunicorn --reload app:app", pythonProject("gunicorn --reload app:app")],
    ["fastapi dev app.py", pythonProject("fastapi dev app.py")],
    ["watchmedo auto-restart -- python app.py", pythonProject("watchmedo auto-restart -- python app.py")],
    ["trunk serve", rustProject("trunk serve", "RUN cargo install trunk\n")],
    ["rails server", rubyProject("rails server", "ENV RAILS_ENV=development\n")],
    ["bundle exec rails s -e development", rubyProject("bundle exec rails s -e development")],
    ["bundle exec guard", rubyProject("bundle exec guard")],
    ["symfony server:start", phpProject("symfony server:start")],
  ])("that starts `%s` is refused with the command", (command, project) => {
    const seen = migrated(project);
    expect([seen.verdict, seen.summary, seen.codes]).toEqual([
      "refused",
      `It runs the development server "${command}".`,
      ["development-server"],
    ]);
  });

  it.each<[command: string, project: Tree]>([
    ["tsc", nodeProject("", "npm run build && npm start")],
    ["go run .", goProject('["go", "run", "."]')],
    ["go build -o app .", goProject("go build -o app . && ./app")],
    ["cargo watch -x run", rustProject("cargo watch -x run", "RUN cargo install cargo-watch\n")],
    ["cargo run --release", rustProject("cargo run --release")],
    ["mvn spring-boot:run", javaProject('["mvn", "spring-boot:run"]')],
    ["./gradlew bootRun", javaProject('["./gradlew", "bootRun"]')],
    ["dotnet watch run", dotnetProject('["dotnet", "watch", "run"]')],
  ])("that runs `%s` on the sources keeps all of them", (command, project) => {
    const seen = migrated(project);
    expect([seen.verdict, seen.summary]).toEqual([
      "no-benefit",
      `It runs "${command}" on the sources, so all of them stay.`,
    ]);
  });

  it.each<[string, Tree]>([
    ["manage.py runserver", pythonProject("python manage.py runserver 0.0.0.0:8000")],
    ["flask run", pythonProject("flask run")],
    ["gunicorn", pythonProject("gunicorn app:app --reload-engine auto")],
    ["rails server without an environment", rubyProject("rails server")],
    ["rails server in production", rubyProject("rails server", "ENV RAILS_ENV=production\n")],
    ["php artisan serve", phpProject("php artisan serve")],
    ["a watcher that is only asked for its version", nodeProject("nodemon --version && node dist/index.js")],
  ])("is not what starts %s", (_, project) => {
    expect(migrated(project).codes).not.toContain("development-server");
  });

  it("is not what starts a program of the project that is called like a watcher", () => {
    const project = goProject('["/bin/air"]');
    const dockerfile = project.Dockerfile?.replace("-o /bin/app", "-o /bin/air") ?? "";
    expect(migrated({ ...project, Dockerfile: dockerfile }).flows).toEqual(["builder:/bin/air -> /bin/air"]);
  });

  it("is not what a health check or a build starts", () => {
    const project = nodeProject("", '["node", "dist/index.js"]');
    const dockerfile = project.Dockerfile?.replace("RUN npm run build", "RUN npm run build && npx tsc") ?? "";
    expect(migrated({ ...project, Dockerfile: `${dockerfile}HEALTHCHECK CMD uvicorn --reload\n` }).verdict).toBe(
      "migrated",
    );
  });

  it("of an editor is left alone", () => {
    const project = goProject('["/bin/app"]');
    const inside = migrated(
      { ...project, ".devcontainer/Dockerfile": project.Dockerfile ?? "" },
      {},
      ".devcontainer/Dockerfile",
    );
    expect([inside.verdict, inside.summary]).toEqual([
      "no-benefit",
      "It is a development container, whose tools are what it is for.",
    ]);
  });
});
