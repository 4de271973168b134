// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasSwitch, optionValue, optionValues, recognizeContainerCall } from "../../src/shell/container-cli.ts";
import { parseShell } from "../../src/shell/parse.ts";
import { describeField, type Field, text } from "../../src/shell/symbolic.ts";
import type { Scope } from "../../src/shell/values.ts";
import { evaluateWords } from "../../src/shell/values.ts";

const scope: Scope = {
  lookup: (name) => (name === "KNOWN" ? text("-t web:1 --rm") : undefined),
  substitute: () => undefined,
};

function fieldsIn(script: string): readonly Field[] {
  const [node] = parseShell(script).statements;
  return node?.kind === "command" ? evaluateWords(node.words, scope) : [];
}

/** A call on one line: what is before the colon, then options, then operands, then what was not resolved. */
function summary(script: string): string {
  const call = recognizeContainerCall(fieldsIn(script));
  if (call === undefined) return "none";
  const option = (o: (typeof call.options)[number]): string =>
    `${o.known ? "" : "?"}${o.name}${o.value === undefined ? "" : `=${describeField(o.value)}`}`;
  const list = (name: string, items: readonly string[]): string =>
    items.length === 0 ? "" : ` ${name}[${items.join(", ")}]`;
  return [
    `${call.program} ${call.group === undefined ? "" : `(${call.group}) `}${call.verb ?? "-"}:`,
    list("prefix", call.prefix.map(describeField)),
    list("globals", call.globals.map(option)),
    list("options", call.options.map(option)),
    list("operands", call.operands.map(describeField)),
    list("unresolved", call.unresolved.map(describeField)),
  ].join("");
}

const CALLS: readonly (readonly [script: string, expected: string])[] = [
  // build
  ["docker build .", "docker build: operands[.]"],
  ["docker build -t app -f a/Dockerfile .", "docker build: options[tag=app, file=a/Dockerfile] operands[.]"],
  ["docker build . -t app --no-cache", "docker build: options[tag=app, no-cache] operands[.]"],
  [
    "docker build --tag=app --pull=true --rm=false - < f",
    "docker build: options[tag=app, pull=true, rm=false] operands[-]",
  ],
  ["docker build -qtapp .", "docker build: options[quiet, tag=app] operands[.]"],
  ["docker build -t=app .", "docker build: options[tag=app] operands[.]"],
  ["docker image build -t app .", "docker (image) build: options[tag=app] operands[.]"],
  ["docker builder build .", "docker (builder) build: operands[.]"],
  [
    "docker buildx --builder b build --load --platform linux/amd64 -o out .",
    "docker (buildx) build: globals[builder=b] options[load, platform=linux/amd64, output=out] operands[.]",
  ],
  ["docker build --build-arg A=$A --build-arg B .", "docker build: options[build-arg=A=$A, build-arg=B] operands[.]"],
  ["docker build $ARGS -t app .", "docker build: options[tag=app] operands[.] unresolved[$ARGS]"],
  ["docker build $X -t app $Y", "docker build: options[tag=app] operands[$Y] unresolved[$X]"],
  ["docker build $DIR", "docker build: operands[$DIR]"],
  ['docker build "${ARGS[@]}" ctx', "docker build: operands[ctx] unresolved[${ARGS[@]}]"],
  ["docker build $KNOWN .", "docker build: options[tag=web:1, rm] operands[.]"],
  ["docker build --new-thing .", "docker build: options[?new-thing] operands[.]"],
  ["buildah bud -t app --layers .", "buildah build: options[tag=app, layers] operands[.]"],
  [
    "podman build --pull --format docker -v a:b .",
    "podman build: options[pull, format=docker, volume=a:b] operands[.]",
  ],
  ["nerdctl -n k8s.io build -t x .", "nerdctl build: globals[namespace=k8s.io] options[tag=x] operands[.]"],
  // create and run
  ["docker create --name x img", "docker create: options[name=x] operands[img]"],
  [
    "docker container create --name=x img sh -c ls",
    "docker (container) create: options[name=x] operands[img, sh, -c, ls]",
  ],
  [
    "docker run --rm -itd -v $PWD:/src -w/src -eA=b -u 1:1 golang:1 go build -o x",
    "docker run: options[rm, interactive, tty, detach, volume=$PWD:/src, workdir=/src, env=A=b, user=1:1] operands[golang:1, go, build, -o, x]",
  ],
  ["docker run --net host --entrypoint '' img", "docker run: options[network=host, entrypoint=] operands[img]"],
  ["docker run $RUN_OPTS img cmd", "docker run: operands[img, cmd] unresolved[$RUN_OPTS]"],
  ["docker run $IMAGE cmd", "docker run: operands[$IMAGE, cmd]"],
  ["docker run -e$A img", "docker run: options[env=$A] operands[img]"],
  ["docker run --env-file=$F -- img -x", "docker run: options[env-file=$F] operands[img, -x]"],
  // moving files and cleaning up
  ["docker cp x:/a ./b", "docker cp: operands[x:/a, ./b]"],
  ["docker cp -aL x:/a - ", "docker cp: options[archive, follow-link] operands[x:/a, -]"],
  ["docker cp $(docker create img):/a .", "docker cp: operands[$(docker create img):/a, .]"],
  ['docker cp "$id:/a" "$out"', "docker cp: operands[$id:/a, $out]"],
  ["docker rm -vf x y", "docker rm: options[volumes, force] operands[x, y]"],
  ["docker container rm --force x", "docker (container) rm: options[force] operands[x]"],
  ["docker rmi x", "docker rmi: operands[x]"],
  ["docker image rm -f x", "docker (image) rmi: options[force] operands[x]"],
  ["docker volume create --name v", "docker (volume) volume create: options[name=v]"],
  ["docker volume remove v", "docker (volume) volume rm: operands[v]"],
  ["docker tag a b", "docker tag: operands[a, b]"],
  ["docker login -u $U -p $P registry", "docker login: options[username=$U, password=$P] operands[registry]"],
  ["docker exec -it x sh -c 'a b'", "docker exec: options[interactive, tty] operands[x, sh, -c, a b]"],
  ["docker stop -t 5 x", "docker stop: options[timeout=5] operands[x]"],
  ["docker save -o a.tar img", "docker save: options[output=a.tar] operands[img]"],
  ["docker commit -m msg -c 'CMD a' x img", "docker commit: options[message=msg, change=CMD a] operands[x, img]"],
  ["docker wait x", "docker wait: operands[x]"],
  // programs and prefixes
  ["sudo -E -u ci docker ps -aq", "docker ps: prefix[sudo, -E, -u, ci] options[all, quiet]"],
  ["env -u X A=b docker build .", "docker build: prefix[env, -u, X, A=b] operands[.]"],
  ["/usr/bin/time -f %e nohup /usr/bin/docker pull x", "docker pull: prefix[/usr/bin/time, -f, %e, nohup] operands[x]"],
  ["command docker pull x", "docker pull: prefix[command] operands[x]"],
  ["timeout -k 5 60 docker pull x", "docker pull: prefix[timeout, -k, 5, 60] operands[x]"],
  ["$SUDO docker pull x", "docker pull: prefix[$SUDO] operands[x]"],
  ["$DRY_RUN sudo docker pull x", "docker pull: prefix[$DRY_RUN, sudo] operands[x]"],
  ['"$SUDO" docker pull x', "none"],
  ["$SUDO echo docker", "none"],
  ["command -v docker", "none"],
  ["sudo -l docker", "none"],
  [
    "docker -H tcp://h:1 --config d -l debug build .",
    "docker build: globals[host=tcp://h:1, config=d, log-level=debug] operands[.]",
  ],
  ["docker --version", "docker -: globals[version]"],
  ["docker", "docker -:"],
  ["docker $VERB x", "docker -: operands[$VERB, x]"],
  ["$DOCKER build .", "docker build: operands[.]"],
  ["${DOCKER:-podman} build .", "podman build: operands[.]"],
  ["$DOCKER_IMAGE build .", "none"],
  ["$DOCKER test .", "none"],
  ["$(which docker) build .", "docker build: operands[.]"],
  ["docker-compose -f x up -d", "docker-compose compose: operands[-f, x, up, -d]"],
  ["docker compose -f x up", "docker compose: operands[-f, x, up]"],
  ["dockerd", "none"],
  ["echo docker build .", "none"],
];

describe("container CLI calls", () => {
  test.each(CALLS)("%s", (script, expected) => {
    expect(summary(script)).toBe(expected);
  });

  test("spans slice to what they stand for", () => {
    const script = "sudo docker cp -a x:/a  out # note";
    const call = recognizeContainerCall(fieldsIn(script));
    const slice = (range: { start: number; end: number } | undefined): string => script.slice(range?.start, range?.end);
    expect(slice(call?.callSpan)).toBe("docker cp -a x:/a  out");
    expect(slice(call?.options[0]?.span)).toBe("-a");
    expect(call?.operands.map((operand) => slice(operand.range))).toEqual(["x:/a", "out"]);
  });

  test("of options that hold one value the last counts, and a switch may be off", () => {
    const call = recognizeContainerCall(fieldsIn("docker build -t a --pull=false -q --tag=b --rm --rm=0 ."));
    if (call === undefined) throw new Error("no call");
    const shown = (field: Field | undefined): string | undefined =>
      field === undefined ? undefined : describeField(field);
    expect(shown(optionValue(call, "tag"))).toBe("b");
    expect(shown(optionValue(call, "file"))).toBeUndefined();
    expect(optionValues(call, "tag").map(describeField)).toEqual(["a", "b"]);
    expect(["quiet", "pull", "rm", "push"].map((name) => hasSwitch(call, name))).toEqual([true, false, false, false]);
  });

  test("the span of an option covers its value", () => {
    const script = "docker run --name   x img";
    const [option] = recognizeContainerCall(fieldsIn(script))?.options ?? [];
    expect(script.slice(option?.span.start, option?.span.end)).toBe("--name   x");
  });
});

/** Ways to write options of `docker run`, each with the names that they stand for. */
const RUN_OPTIONS: readonly (readonly [string, readonly string[]])[] = [
  ["-it", ["interactive", "tty"]],
  ["-d --rm", ["detach", "rm"]],
  ["--rm=true", ["rm"]],
  ["-v a:b", ["volume"]],
  ["-va:b", ["volume"]],
  ["-dv a:b", ["detach", "volume"]],
  ["--volume=a:b", ["volume"]],
  ["--name x", ["name"]],
  ["--name=$NAME", ["name"]],
  ['-e "A=$B c"', ["env"]],
  ["-e$A", ["env"]],
  ["-u=1", ["user"]],
  ["--cap-add ALL --privileged", ["cap-add", "privileged"]],
  ["--entrypoint ''", ["entrypoint"]],
  ["-w $(pwd)", ["workdir"]],
];

describe("operands are found whatever options stand before them", () => {
  const options = fc.array(fc.constantFrom(...RUN_OPTIONS), { maxLength: 6 });
  const image = fc.constantFrom("img", "$IMAGE", '"$A/$B:$C"', "r:5000/a/b:1");
  const rest = fc.array(fc.constantFrom("sh", "-c", "--rm", "$X", "'a b'", "--"), { maxLength: 3 });
  const program = fc.constantFrom("docker", "sudo docker", "docker -H h", "podman", "docker container", "nerdctl");

  test("run", () => {
    fc.assert(
      fc.property(program, options, image, rest, (name, chosen, operand, command) => {
        const line = [name, "run", ...chosen.map(([text]) => text), operand, ...command].join(" ");
        const call = recognizeContainerCall(fieldsIn(line));
        expect(call?.options.map((option) => option.name)).toEqual(chosen.flatMap(([, names]) => names));
        expect(call?.operands.map((field) => line.slice(field.range.start, field.range.end))).toEqual([
          operand,
          ...command,
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test("build, with options after the context too", () => {
    const written = fc.constantFrom(
      "-t a:$TAG",
      "--build-arg A=$B",
      "-f x",
      "--file=y",
      "--no-cache",
      "-q",
      "--target t",
      "-ta",
    );
    fc.assert(
      fc.property(fc.array(written, { maxLength: 4 }), fc.array(written, { maxLength: 3 }), (before, after) => {
        const line = ["docker build", ...before, '"$CONTEXT"', ...after].join(" ");
        const call = recognizeContainerCall(fieldsIn(line));
        expect(call?.operands.map(describeField)).toEqual(["$CONTEXT"]);
        expect(call?.options.every((option) => option.known)).toBe(true);
        expect(call?.options).toHaveLength(before.length + after.length);
      }),
    );
  });
});
