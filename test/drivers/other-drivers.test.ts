/** Jenkinsfiles, Docker Hub hooks, and what is only told to people: what is left of them, and what is said. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/migrate.ts";
import { memoryProject } from "../../src/project/memory.ts";

const FILES = {
  "Dockerfile.build": "FROM golang:1.17\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n",
  Dockerfile: 'FROM alpine:3.15\nCOPY app /usr/bin/app\nENTRYPOINT ["/usr/bin/app"]\n',
  "main.go": "package main\n",
};

function migrated(files: Readonly<Record<string, string>>, driver: string) {
  const { migrations } = migrate(memoryProject({ ...FILES, ...files }));
  return migrations.find(({ id }) => id === `builder-script:${driver}`);
}

describe("a Jenkinsfile", () => {
  it("loses the steps that nothing is left of", () => {
    const before = `pipeline {
  environment { NAME = 'app' }
  stages {
    stage('Builder') {
      steps {
        sh 'docker build -t b -f Dockerfile.build .'
        sh """
          docker create --name x-\${env.BUILD_ID} b
          docker cp x-\${env.BUILD_ID}:/out/app .
        """
      }
    }
    stage('Image') {
      steps {
        sh "docker rm x-\${env.BUILD_ID}"
        sh(script: "docker build -t \\"\${NAME}:\${env.BUILD_ID}\\" .")
        dir('docs') { sh 'make' }
      }
    }
  }
}
`;
    const found = migrated({ Jenkinsfile: before }, "Jenkinsfile");
    expect(found?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found?.changes.find(({ path }) => path === "Jenkinsfile")?.after).toBe(`pipeline {
  environment { NAME = 'app' }
  stages {
    stage('Builder') {
      steps {
        sh 'true'
      }
    }
    stage('Image') {
      steps {
        sh(script: "docker build -t \\"\${NAME}:\${env.BUILD_ID}\\" .")
        dir('docs') { sh 'make' }
      }
    }
  }
}
`);
  });

  it("has docker.build read as the call that it makes", () => {
    const before = `node {
  sh 'docker build -t b -f Dockerfile.build . && docker create --name x b && docker cp x:/out/app app'
  def image = docker.build("app:\${env.BUILD_ID}", "-f Dockerfile .")
  image.push()
}
`;
    const found = migrated({ Jenkinsfile: before }, "Jenkinsfile");
    expect(found?.verdict).toBe("migrated");
    expect(found?.changes.find(({ path }) => path === "Jenkinsfile")?.after).toBe(`node {
  def image = docker.build("app:\${env.BUILD_ID}", "-f Dockerfile .")
  image.push()
}
`);
  });
});

describe("Docker Hub hooks", () => {
  it("run in order around the build that is implied", () => {
    const hook =
      "#!/bin/sh\ndocker build -t b -f Dockerfile.build .\ndocker create --name x b\ndocker cp x:/out/app app\n";
    const found = migrated(
      { "hooks/pre_build": hook, "hooks/post_build": "#!/bin/sh\ndocker rm x\n" },
      "hooks/pre_build",
    );
    expect(found?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found?.flows.some(({ to }) => to.path === "/usr/bin/app")).toBe(true);
  });
});

describe("commands that people are told to type", () => {
  const README = `# App

\`\`\`console
$ git clone https://example.org/app
$ cd app
$ docker build -t b -f Dockerfile.build .
Successfully built 12345
$ docker create --name x b
$ docker cp x:/out/app app
$ docker build \\
    -t app .
\`\`\`
`;

  it("are said anew and not changed", () => {
    const found = migrated({ "README.md": README }, "README.md");
    expect(found?.verdict).toBe("migrated");
    expect(found?.changes.map(({ path, action }) => [path, action])).toEqual([
      ["Dockerfile", "modify"],
      ["Dockerfile.build", "delete"],
    ]);
    expect(found?.flows.map(({ confidence }) => confidence)).toContain("likely");
    expect(found?.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        "driver-mentioned",
        '"README.md" says how the images are built, and is not changed; the command is "docker build -t app ." now',
      ],
    ]);
  });

  it("do not count where a script does the same", () => {
    const script =
      "docker build -t b -f Dockerfile.build .\ndocker create --name x b\ndocker cp x:/out/app app\ndocker build -t app .\n";
    expect(migrated({ "README.md": README, "build.sh": script }, "README.md")).toBeUndefined();
  });

  it("may stand in a comment of a Dockerfile", () => {
    const comment =
      "# Build it with\n#\n#   docker build -t b -f Dockerfile.build .\n#   docker create --name x b\n#   docker cp x:/out/app app\n#   docker build -t app .\n#\n";
    const found = migrated({ "Dockerfile.build": comment + FILES["Dockerfile.build"] }, "Dockerfile.build");
    expect(found?.verdict).toBe("migrated");
    expect(found?.sources).toEqual([
      { path: "Dockerfile.build", role: "driver" },
      { path: "Dockerfile.build", role: "dockerfile" },
      { path: "Dockerfile", role: "dockerfile" },
    ]);
  });
});
