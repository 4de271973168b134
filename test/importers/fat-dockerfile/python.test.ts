import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

const PROJECT = { "pyproject.toml": `[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3"\n` };
const APP: Tree = {
  ...PROJECT,
  Pipfile: '[packages]\nflask = "*"\n',
  "requirements.txt": "flask==3.0\nredis[hiredis]>=5\n",
  "app.py": "import flask\n",
};
const site = (version: string, packages = "site-packages"): readonly string[] => [
  `builder:/usr/local/lib/python${version}/${packages} -> /usr/local/lib/python${version}/${packages}`,
  "builder:/usr/local/bin -> /usr/local/bin",
];

function fat(base: string, install: string, more = "", start = 'CMD ["python", "app.py"]'): string {
  return `FROM ${base}\nWORKDIR /app\nCOPY . .\n${install}\n${more}${start}\n`;
}

function seen(dockerfile: string, more: Tree = {}, answers: Record<string, string> = {}) {
  const result = migrated({ Dockerfile: dockerfile, ...APP, ...more }, answers);
  return { ...result, base: /^FROM (\S+)/.exec(result.production)?.[1] };
}

describe("where packages lie", () => {
  it.each<[string, string, string, readonly string[]]>([
    ["pip of an official image", "python:3.11", "RUN pip install -r requirements.txt", site("3.11")],
    ["a full version", "python:3.9.18-bookworm", "RUN python -m pip install -r requirements.txt", site("3.9")],
    ["a version that the tag leaves open", "python:3", "RUN pip3 install -r requirements.txt", site("3")],
    [
      "a virtual environment by PATH",
      "python:3.11",
      "RUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install -r requirements.txt",
      ["builder:/opt/venv -> /opt/venv"],
    ],
    [
      "a virtual environment that a line activates",
      "python:3.11",
      "RUN python3 -m venv /venv && . /venv/bin/activate && pip install -r requirements.txt\nENV PATH=/venv/bin:$PATH",
      ["builder:/venv -> /venv"],
    ],
    [
      "a virtual environment by the path of its pip",
      "python:3.11",
      "RUN virtualenv /venv\nRUN /venv/bin/pip install -r requirements.txt",
      ["builder:/venv -> /venv"],
    ],
    ["a target", "python:3.11", "RUN pip install --target /deps -r requirements.txt", ["builder:/deps -> /deps"]],
    [
      "the user's own",
      "python:3.11",
      "RUN pip install --user -r requirements.txt",
      ["builder:/root/.local -> /root/.local"],
    ],
    [
      "Poetry without an environment",
      "python:3.11",
      "RUN pip install poetry && poetry config virtualenvs.create false && poetry install --no-root",
      site("3.11"),
    ],
    [
      "Poetry's cache",
      "python:3.11",
      "RUN pip install poetry && poetry install --no-root",
      [...site("3.11"), "builder:/root/.cache/pypoetry/virtualenvs -> /root/.cache/pypoetry/virtualenvs"],
    ],
    ["Pipenv in the system", "python:3.11", "RUN pip install pipenv && pipenv install --system --deploy", site("3.11")],
  ])("%s", (_, base, install, flows) => {
    const start = /poetry/.test(install) && !/create false/.test(install) ? "CMD poetry run python app.py" : undefined;
    expect(seen(fat(base, install, "", start)).flows).toEqual(expect.arrayContaining([...flows]));
  });

  it("makes a link of a known name where the version is not known", () => {
    const { dockerfile } = seen(fat("python:3", "RUN pip install -r requirements.txt"));
    expect(dockerfile.split("RUN ln -sT python3.* /usr/local/lib/python3\n")).toHaveLength(3);
  });

  it("is /usr/local of Debian's own Python", () => {
    const install =
      "RUN apt-get update && apt-get install -y python3-pip gcc python3-dev && pip3 install -r requirements.txt";
    const { flows, production } = seen(fat("debian:bookworm", install, "", 'CMD ["python3", "app.py"]'));
    expect(flows).toEqual(site("3.11", "dist-packages"));
    expect(production).toContain("apt-get install -y python3 python3-setuptools\n");
  });

  it.each([
    ["vendor/image:1", "RUN pip install flask"],
    ["ubuntu", "RUN apt-get update && apt-get install -y python3-pip && pip3 install flask"],
    ["python:3.11", "RUN useradd app\nUSER app\nRUN pip install flask"],
    ["python:3.11", "RUN uv tool install flask"],
  ])("refuses what it cannot find: %s, %s", (base, install) => {
    const result = seen(fat(base, install));
    expect(result.verdict).toBe("refused");
    expect(result.codes).toContain("install-unread");
  });
});

describe("which image it runs on", () => {
  it.each<[string, string, Tree, string]>([
    ["python:3.11", "RUN pip install -r requirements.txt", {}, "python:3.11-slim"],
    ["python:3.11-bookworm", "RUN pip install -r requirements.txt", {}, "python:3.11-slim-bookworm"],
    ["python", "RUN pip install -r requirements.txt", {}, "python:slim"],
    ["python:3.11", "RUN pip install uwsgi pygraphviz", {}, "python:3.11"],
    ["python:3.11", "RUN pip install git+https://example.com/x.git", {}, "python:3.11"],
    ["python:3.11", "RUN pip install -r requirements.txt", { "requirements.txt": "-r more.txt\n" }, "python:3.11"],
    [
      "python:3.11",
      "RUN pip install -r requirements.txt",
      { "requirements.txt": "-r more.txt\n", "more.txt": "flask\n" },
      "python:3.11-slim",
    ],
    [
      "python:3.11",
      "RUN pip install .",
      { "pyproject.toml": '[project]\nname = "x"\ndependencies = ["flask>=2"]\n' },
      "python:3.11-slim",
    ],
    ["python:3.11@sha256:0123", "RUN pip install -r requirements.txt", {}, "python:3.11@sha256:0123"],
  ])("%s, %s %j: %s", (base, install, more, wanted) => {
    const result = seen(`${fat(base, `RUN apt-get update && apt-get install -y gcc\n${install}`)}`, more);
    expect(result.base).toBe(wanted);
  });

  it("takes the slim image where an answer names it, and says what may be missing", () => {
    const dockerfile = fat(
      "python:3.11",
      "RUN apt-get update && apt-get install -y gcc\nRUN pip install git+https://example.com/x.git",
    );
    expect(seen(dockerfile, {}, { "runtime-base": "python:3.11-slim" }).base).toBe("python:3.11-slim");
  });

  it("installs the libraries of packages that are compiled against them", () => {
    const { production } = seen(fat("python:3.11-bookworm", "RUN pip install psycopg2 mysqlclient"));
    expect(production).toContain("--no-install-recommends libmariadb3 libpq5");
  });

  it("installs the programs that sources and packages start", () => {
    const more = { "app.py": 'import subprocess\nsubprocess.run(["git", "log"])\n' };
    const { production } = seen(fat("python:3.11", "RUN pip install pydub"), more);
    expect(production).toMatch(/--no-install-recommends \S*.*ffmpeg git/);
  });
});

describe("packages of the system", () => {
  it("leaves compilers and headers behind, and keeps their libraries", () => {
    const install =
      "RUN apt-get update && apt-get install -y build-essential libpq-dev libffi-dev tesseract-ocr && pip install psycopg2";
    const { production } = seen(fat("python:3.11-slim-bookworm", install));
    expect(production).toContain("RUN apt-get update && apt-get install -y libpq5 libffi8 tesseract-ocr\n");
  });

  it("keeps the library of C++ on Alpine, where the image has none", () => {
    const { production } = seen(
      fat("python:3.11-alpine", "RUN apk add --no-cache g++ libxslt-dev\nRUN pip install lxml"),
    );
    expect(production).toContain("RUN apk add --no-cache libstdc++ libxslt\n");
  });

  it("writes a library once", () => {
    const install =
      "RUN apt-get update && apt-get install -y libjpeg-dev libjpeg62-turbo-dev gcc && pip install pillow";
    expect(seen(fat("python:3.11-slim-bookworm", install)).production).toContain("install -y libjpeg62-turbo\n");
  });

  it("keeps an update of its own before an install that stays", () => {
    const install = "RUN apt-get update\nRUN apt-get install -y gcc tesseract-ocr\nRUN pip install pillow";
    const { production } = seen(fat("python:3.11-slim", install));
    expect(production).toContain("RUN apt-get update\nRUN apt-get install -y tesseract-ocr\n");
  });
});

describe("sources", () => {
  const gcc = "RUN apt-get update && apt-get install -y gcc";

  it("are copied from the checkout", () => {
    const { production, flows } = seen(fat("python:3.11-slim", `${gcc}\nRUN pip install flask`));
    expect(production).toContain("COPY . .\n");
    expect(flows).toEqual(site("3.11"));
  });

  it.each([
    ["an editable install", "RUN pip install -e ."],
    ["Django's collected files", "RUN pip install django && python manage.py collectstatic --noinput"],
    ["a database that Flask makes", "RUN pip install flask && flask db upgrade"],
  ])("come as the build left them after %s", (_, install) => {
    const { flows } = seen(fat("python:3.11-slim", `${gcc}\n${install}`), {
      "setup.py": "setup(name='x')\n",
      "manage.py": "",
    });
    expect(flows).toContain("builder:/app -> /app");
  });

  it("bring STATIC_ROOT along, where it lies elsewhere", () => {
    const more = { "manage.py": "", "shop/settings.py": 'STATIC_ROOT = "/srv/static"\n' };
    const { flows } = seen(
      fat("python:3.11-slim", `${gcc}\nRUN pip install django && python manage.py collectstatic`),
      more,
    );
    expect(flows).toContain("builder:/srv/static -> /srv/static");
  });

  it("stay away where the package is installed and the program starts elsewhere", () => {
    const dockerfile = `FROM python:3.9-slim\nCOPY . /build\n${gcc}\nRUN cd /build && pip install .\nWORKDIR /home\nENTRYPOINT ["shop"]\n`;
    const { flows, production } = seen(dockerfile, { "setup.py": "setup(name='shop')\n" });
    expect(flows).toEqual(site("3.9"));
    expect(production).not.toContain("/build");
  });
});

it("moves tests to a stage that gates", () => {
  const { dockerfile, verdict } = seen(fat("python:3.11", "RUN pip install -r requirements.txt pytest\nRUN pytest"));
  expect(verdict).toBe("migrated");
  expect(dockerfile).toMatch(/FROM builder AS tester\nWORKDIR \/app\nRUN pytest|FROM builder AS tester\nRUN pytest/);
});

it.each([
  ["a slim image that compiles nothing", "python:3.11-slim", "RUN pip install --no-cache-dir flask"],
  ["a digest", "python:3.11@sha256:01", "RUN pip install flask"],
])("finds no benefit in %s", (_, base, install) => {
  expect(seen(fat(base, install)).verdict).toBe("no-benefit");
});

describe("managers", () => {
  it.each<[string, string, readonly string[]]>([
    [
      "PDM's environment",
      "RUN pip install pdm\nRUN pdm sync --prod --no-editable\nENV PATH=/app/.venv/bin:$PATH",
      ["builder:/app -> /app"],
    ],
    ["Pipenv's packages by their names", "RUN pip install pipenv && pipenv install --system", site("3.11")],
  ])("ships %s on the slim image", (_, install, flows) => {
    const result = seen(fat("python:3.11", install));
    expect(result.flows).toEqual(expect.arrayContaining([...flows]));
    expect(result.base).toBe("python:3.11-slim");
  });

  it("takes an image of uv's own for the Python that it stands on", () => {
    const install = "RUN uv sync --locked\nENV PATH=/app/.venv/bin:$PATH";
    expect(seen(fat("ghcr.io/astral-sh/uv:python3.12-bookworm", install)).base).toBe("python:3.12-slim-bookworm");
  });

  it("installs a manager again that CMD starts", () => {
    const install = "RUN curl -LsSf https://astral.sh/uv/install.sh | sh\nENV PATH=/root/.local/bin:$PATH\nRUN uv sync";
    const { production, verdict } = seen(fat("python:3.12", install, "", 'CMD ["uv", "run", "app.py"]'));
    expect(verdict === "no-benefit" || production.includes("astral.sh/uv/install.sh")).toBe(true);
  });

  it("does not lose what a fetched program writes", () => {
    const install = "RUN pip install -r requirements.txt\nRUN curl https://example.org/corpora.py | python";
    const { production, verdict } = seen(fat("python:3.11", install));
    expect(verdict === "no-benefit" || production.includes("COPY --from=builder /app /app")).toBe(true);
  });
});

describe("comments between the words of a RUN", () => {
  const Dockerfile = `FROM python:3.12-alpine
RUN apk add --no-cache \\
      bash \\
# the headers of
#     sqlite-dev \\
      libffi-dev \\
# which pip wants
      pkgconf
WORKDIR /shop
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "shop.py"]
`;

  it("go with the words after them", () => {
    const { verdict, production } = migrated({
      Dockerfile,
      "requirements.txt": "cffi==1.17\n",
      "shop.py": "import cffi\n",
    });
    expect(verdict).toBe("migrated");
    expect(production).toContain("RUN apk add --no-cache \\\n      bash");
    expect(production).not.toMatch(/pkgconf|which pip wants/);
  });
});

describe("what starts that is not in the image", () => {
  const seen = (start: string, more: Readonly<Record<string, string>> = {}) =>
    migrated({
      Dockerfile: `FROM python:3.12\nRUN apt-get update && apt-get install -y git build-essential\nWORKDIR /usr/src/app\nRUN pip install flask gunicorn\n${start}\n`,
      "start.sh": `#!/bin/sh\nset -e\nexec "$\{@}"\n`,
      ...more,
    });

  it.each([
    ["a relative program, which is mounted", 'CMD ["./bin/start-shop"]'],
    ["a file below /usr/src, where a base image has none", 'CMD ["/usr/src/app/bin/start-shop"]'],
  ])("is refused: %s", (_, start) => {
    expect(seen(start)).toMatchObject({ verdict: "refused", codes: ["artifact-unknown"] });
  });

  it("is no reason to refuse where nothing is built: its tools are what the image is for", () => {
    const Dockerfile = `FROM ruby:3.3
RUN apt-get update && apt-get install -y build-essential
WORKDIR /usr/src/app
ENTRYPOINT ["./bin/start-shop"]
`;
    expect(migrated({ Dockerfile })).toMatchObject({
      verdict: "no-benefit",
      summary: 'Nothing is built in it, and "./bin/start-shop", which it starts, is mounted.',
      codes: [],
    });
  });

  it("follows what a script starts as all of its arguments", () => {
    expect(seen('COPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\nCMD ["gunicorn", "shop:app"]').flows).toContain(
      "builder:/usr/local/bin -> /usr/local/bin",
    );
  });
});

describe("a setup that has nothing to do with the build before it", () => {
  const shop = (setup: string): Readonly<Record<string, string>> => ({
    Dockerfile: `FROM python:3.12-slim
RUN apt-get update && apt-get install -y build-essential gnupg
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /shop
COPY . .
RUN pip install -r requirements.txt && python manage.py collectstatic --no-input
RUN ${setup}
CMD ["python", "manage.py", "runserver"]
`,
    "requirements.txt": "django==5.1\n",
    "manage.py": "import django\n",
    "shop/__init__.py": "",
  });

  it.each([
    "groupadd --system shop && useradd --system -g shop shop && chown -R shop:shop /shop",
    "command -v gpgconf && gpgconf --kill all || :",
  ])("is not refused for what its words could name: %s", (setup) => {
    expect(migrated(shop(setup))).toMatchObject({ verdict: "migrated", codes: [] });
  });
});

describe("setuptools of the distribution, which programs import without saying so", () => {
  it.each([
    ["python3 python3-pip python3-setuptools", "python3 python3-setuptools"],
    ["python3 python3-pip", "python3 python3-setuptools"],
    ["python3-pip python3-setuptools", "python3 python3-setuptools"],
    ["python3-pip", "python3 python3-setuptools"],
  ])("stays of %s", (packages, left) => {
    const { verdict, production } = migrated({
      Dockerfile: `FROM debian:bookworm
RUN apt-get update && apt-get install -y build-essential ${packages}
WORKDIR /shop
COPY . .
RUN pip3 install -r requirements.txt
CMD ["gunicorn", "shop:app"]
`,
      "requirements.txt": "gunicorn==19.7.1\n",
      "shop.py": "",
    });
    expect(verdict).toBe("migrated");
    const installed = /apt-get install -y(.*)/
      .exec(production)?.[1]
      ?.split(" ")
      .filter((word) => /python/.test(word));
    expect(installed?.sort().join(" ")).toBe(left);
  });
});
