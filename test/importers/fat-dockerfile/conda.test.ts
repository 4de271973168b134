import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

type Tree = Readonly<Record<string, string>>;

const ENVIRONMENT = "name: tides\ndependencies:\n  - python=3.12\n  - conda-forge::numpy>=1\n  - pip:\n      - flask\n";
const APP: Tree = { "environment.yml": ENVIRONMENT, "app.py": "import flask\n" };
const MINICONDA = "continuumio/miniconda3:24.7.1-0";
const PATH = "ENV PATH=/opt/conda/envs/tides/bin:$PATH\n";

function seen(base: string, install: string, start: string, more: Tree = {}) {
  const dockerfile = `FROM ${base}\nWORKDIR /app\nCOPY environment.yml .\n${install}\nCOPY app.py .\n${start}\n`;
  const result = migrated({ Dockerfile: dockerfile, ...APP, ...more });
  return { ...result, base: /^FROM (\S+)/.exec(result.production)?.[1] };
}

const crosses = (path: string): string => `builder:${path} -> ${path}`;

describe("an environment", () => {
  it.each<[string, string]>([
    ["RUN conda env create -f environment.yml", "/opt/conda/envs/tides"],
    ["RUN conda env create", "/opt/conda/envs/tides"],
    ["RUN conda env create -n tides -f environment.yml && conda clean -afy", "/opt/conda/envs/tides"],
    ["RUN conda create -y -n tides python=3.12 flask", "/opt/conda/envs/tides"],
    ["RUN conda install -y mamba && mamba env create -f environment.yml", "/opt/conda/envs/tides"],
  ])("of %s ships without Conda", (install, path) => {
    const { flows, base, production } = seen(MINICONDA, `${install}\n${PATH}`, 'CMD ["python", "app.py"]');
    expect(flows).toEqual([crosses(path)]);
    expect(base).toBe("debian:bookworm-slim");
    expect(production).not.toMatch(/python3|mamba/);
  });

  it("has what pip installs into it", () => {
    const install = `RUN conda env create -f environment.yml\n${PATH}RUN pip install gunicorn`;
    const { flows, base } = seen(MINICONDA, install, 'CMD ["gunicorn", "app:app"]');
    expect(flows).toEqual([crosses("/opt/conda/envs/tides")]);
    expect(base).toBe("debian:bookworm-slim");
  });

  it("lies where -p says", () => {
    const install = "RUN conda env create -p /env -f environment.yml\nENV PATH=/env/bin:$PATH";
    expect(seen(MINICONDA, install, 'CMD ["python", "app.py"]').flows).toEqual([crosses("/env")]);
  });
});

describe("Conda itself", () => {
  const install = "RUN apt-get update && apt-get install -y gcc\nRUN conda env create -f environment.yml";

  it.each([
    'CMD ["conda", "run", "-n", "tides", "python", "app.py"]',
    'SHELL ["conda", "run", "-n", "tides", "/bin/bash", "-c"]\nCMD python app.py',
  ])("stays for %s", (start) => {
    const { flows, base } = seen(MINICONDA, install, start);
    expect(flows).toEqual([crosses("/opt/conda/envs/tides")]);
    expect(base).toBe(MINICONDA);
  });

  it("crosses where the Dockerfile installs it", () => {
    const script =
      "RUN apt-get update && apt-get install -y wget gcc && wget -O /tmp/m.sh https://repo.anaconda.com/miniconda/x.sh && bash /tmp/m.sh -b -p /opt/conda\nENV PATH=/opt/conda/bin:$PATH\nRUN conda install -y flask";
    const { flows, base } = seen("ubuntu:22.04", script, 'CMD ["python", "app.py"]');
    expect(flows).toEqual([crosses("/opt/conda")]);
    expect(base).toBe("ubuntu:22.04");
  });
});

describe("what is refused or left", () => {
  it.each<[string, string, string]>([
    ["a pack", "RUN conda env create && conda-pack -n tides -o /tmp/e.tar", "install-unread"],
    ["a name that is not known", "ARG NAME\nRUN conda create -n $NAME python", "install-unread"],
    ["a file that is not there", "RUN conda env create -f other.yml", "install-unread"],
    ["a package that is built", "RUN conda build recipe", "toolchain-unsupported"],
  ])("%s", (_, install, code) => {
    expect(seen(MINICONDA, install, 'CMD ["python", "app.py"]')).toMatchObject({ verdict: "refused", codes: [code] });
  });

  it("is an install into the environment of a base that stays", () => {
    const install = "RUN apt-get update && apt-get install -y gcc\nRUN conda install -y numpy";
    const { verdict, codes } = seen(MINICONDA, install, 'CMD ["python", "app.py"]');
    expect({ verdict, codes }).toEqual({ verdict: "refused", codes: ["install-unread"] });
  });

  it("keeps the base where a package draws", () => {
    const more = { "environment.yml": `${ENVIRONMENT}      - opencv-python\n` };
    const install = `RUN apt-get update && apt-get install -y gcc\nRUN conda env create -f environment.yml\n${PATH}`;
    expect(seen(MINICONDA, install, 'CMD ["python", "app.py"]', more).base).toBe(MINICONDA);
  });
});
