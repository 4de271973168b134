// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
/**
 * The shell language of builder scripts: which `docker` commands a script comes to, in order, with their words as far as they are
 * known. `‹…›` is what only a real run knows, and `(dir)` stands before a command that is run elsewhere than in the checkout's root.
 */
import { describe, expect, test } from "vitest";
import { shellScript } from "../../../src/drivers/shell-script.ts";
import { runDriver, type ScriptRun } from "../../../src/importers/builder-script/run-script.ts";
import type { Visit } from "../../../src/importers/builder-script/trace.ts";
import { fieldKey } from "../../../src/importers/builder-script/values.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { hostPath } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";

const FILES = {
  "api/Dockerfile": "FROM scratch\n",
  "web/Dockerfile": "FROM scratch\n",
  "docs/readme.md": "\n",
  "services.txt": "api:8080\nweb:80\n",
  VERSION: "1.2.3\n",
  "my.env": "TAG=v7\nexport NAME=shop\n",
};

function run(script: string, files: Readonly<Record<string, string>> = {}): ScriptRun {
  const path = hostPath("build.sh");
  if (path === undefined) throw new Error("no path");
  return runDriver(memoryProject({ ...FILES, ...files, "build.sh": script }), shellScript(sourceFile(path, script)));
}

/** What `say` is given, in order: a command that no script has and that is not followed. */
function said(script: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return run(script, files).visits.flatMap((visit) => saidBy(visit));
}

function saidBy({ effects, cwd }: Visit): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "create"
      ? [
          `${cwd.before === "/⌂" ? "" : `(${cwd.before.slice(3)}) `}${[effect.image.replace(/:latest$/, ""), ...effect.command.map(fieldKey)].join(" ")}`,
        ]
      : [],
  );
}

type Row = readonly [name: string, script: string, expected: readonly string[]];

/** `run x` stands for `docker run x`. */
function table(rows: readonly Row[], files: Readonly<Record<string, string>> = {}): void {
  test.each(rows)("%s", (_, script, expected) => {
    const text = script.replace(/\bsay /g, "docker run ");
    expect(
      said(
        text,
        Object.fromEntries(Object.entries(files).map(([path, body]) => [path, body.replace(/\bsay /g, "docker run ")])),
      ),
    ).toEqual(expected);
  });
}

describe("arrays", () => {
  table([
    ["elements", 'a=(x "y z")\nsay i "${a[@]}"', ["i x y z"]],
    ["appended", 'a=(x)\na+=(y)\na[5]=z\nfor s in "${a[@]}"; do say i $s; done', ["i x", "i y", "i z"]],
    ["one element and the number", "a=(x y)\nsay i ${a[1]} $a ${#a[@]}", ["i y x 2"]],
    ["directories of the checkout", 'a=(*/)\nfor d in "${a[@]%/}"; do say i "$d"; done', ["i api", "i docs", "i web"]],
    ["files of the checkout", 'for f in */Dockerfile; do say i "$(dirname "$f")"; done', ["i api", "i web"]],
    ["options", 'o=(--rm -e "A=$B")\nsay "${o[@]}" i', ["i"]],
    [
      "keys",
      'declare -A m=([api]=8080 [web]=80)\nm[db]=5432\nfor k in "${!m[@]}"; do say i $k ${m[$k]}; done',
      ["i api 8080", "i web 80", "i db 5432"],
    ],
    ["in a function", 'f() { local -a a=("$@"); a+=(z); say i "${a[@]}"; }\nf x y', ["i x y z"]],
    ["local arrays end", 'a=(x)\nf() { local a=(y); }\nf\nsay i "${a[@]}"', ["i x"]],
    ["an unknown word makes an array unknown", 'a=($X)\nsay i "${a[@]}"', ["i ‹${a[@]}›"]],
    ["values known in part", 'a=("$R/api" "$R/web")\nfor x in "${a[@]}"; do say "$x"; done', ["‹$R›/api", "‹$R›/web"]],
    ["unset", 'a=(x)\nunset a\nsay i "${a[@]}" end', ["i end"]],
    ["lines", 'mapfile -t a < services.txt\nsay i "${a[@]}"', ["i api:8080 web:80"]],
    ["differing after a branch", 'a=(x)\nif [ "$X" ]; then a+=(y); fi\nsay i "${a[@]}"', ["i ‹${a[@]}›"]],
  ]);
});

describe("conditions", () => {
  table([
    ["patterns", "t=v1.2\nif [[ $t == v* ]]; then say yes; else say no; fi", ["yes"]],
    ["quoted patterns", 't=v1.2\nif [[ $t == "v*" ]]; then say yes; else say no; fi', ["no"]],
    ["!=, ! and parentheses", "t=a\nif [[ ! ( $t != a || -f gone ) ]]; then say yes; fi", ["yes"]],
    [
      "regular expressions",
      "t=v1.2\nif [[ $t =~ ^v[0-9]+\\. ]]; then say unknown; fi\n[[ $t =~ ^v[0-9] ]] && say yes",
      ["unknown", "yes"],
    ],
    ["files", "[[ -f api/Dockerfile && -d web && ! -e gone ]] && say yes", ["yes"]],
    [
      "an unknown operand that does not decide",
      '[[ -n "$X" && -f gone ]] && say no\n[[ -n "$X" || -f VERSION ]] && say yes',
      ["yes"],
    ],
    ["arithmetic", "i=2\nif (( i * 2 == 4 )); then say yes; else say no; fi", ["yes"]],
    ["numbers in brackets", "i=10\n[[ $i -gt 9 ]] && say yes", ["yes"]],
    [
      "case goes on with ;&",
      "case a in a) say one;;& *) say two;; esac\ncase a in a) say three;& b) say four;; c) say five;; esac",
      ["one", "two", "three", "four"],
    ],
    ["a default decides a case", 'case "${MODE:-dev}" in prod) T=p;; dev) T=d;; esac\nsay i $T', ["i d"]],
    ["a guard that goes on", "for d in api docs; do [ -f $d/Dockerfile ] || continue; say $d; done", ["api"]],
    ["a guard that ends", "docker build . || { echo no; exit 1; }\nsay yes", ["yes"]],
    ["a negated command", "if ! docker build .; then exit 1; fi\nsay yes", ["yes"]],
    ["what fails is forgiven", "docker rm x || true\nsay yes", ["yes"]],
  ]);
});

describe("loops", () => {
  table([
    ["numbers", "for ((i = 0; i < 3; i++)); do say i $i; done", ["i 0", "i 1", "i 2"]],
    [
      "seq and braces",
      "for i in $(seq 2); do say i $i; done\nfor i in {3..4}; do say i $i; done",
      ["i 1", "i 2", "i 3", "i 4"],
    ],
    ["while with a number", "i=0\nwhile [ $i -lt 2 ]; do i=$((i + 1)); say i $i; done", ["i 1", "i 2"]],
    ["until", "i=0\nuntil (( i >= 2 )); do ((i++)); say i $i; done", ["i 1", "i 2"]],
    [
      "lines of a file",
      "while IFS=: read -r name port; do say $name $port; done < services.txt",
      ["api 8080", "web 80"],
    ],
    [
      "lines of a here-document",
      "while read -r name rest; do say $name $rest; done <<EOF\napi a b\nweb\nEOF",
      ["api a b", "web"],
    ],
    ["lines of a pipe", 'printf "%s\\n" api web | while read -r name; do say $name; done', ["api", "web"]],
    [
      "lines of a file of the checkout",
      "cat services.txt | cut -d: -f1 | while read n; do say $n; done",
      ["api", "web"],
    ],
    ["a here-string", 'IFS=- read a b <<< "x-y-z"\nsay i $a $b', ["i x y-z"]],
    ["a loop that does not end is read once", "while true; do say once; done\nsay after", ["once", "after"]],
    ["a loop that is tried again", "while :; do docker build . && break; done\nsay after", ["after"]],
    ["the words of a default", "for s in ${SERVICES:-api web}; do say $s; done", ["api", "web"]],
    ["words that are not known", "for s in $SERVICES; do say $s; done", ["‹$s›"]],
  ]);
});

describe("arguments that only the caller knows", () => {
  table([
    [
      "are parsed as none",
      'TAG=latest\nwhile [ "$#" -gt 0 ]; do case "$1" in -t) TAG=$2; shift;; esac; shift; done\nsay app:$TAG',
      ["app"],
    ],
    [
      "getopts",
      'TAG=dev\nwhile getopts "t:h" o; do case $o in t) TAG=$OPTARG;; h) exit;; esac; done\nshift $((OPTIND - 1))\nsay app:$TAG',
      ["app:dev"],
    ],
    ["for over them", 'for a in "$@"; do case $a in --push) PUSH=1;; esac; done\nsay i', ["i"]],
    [
      "in an array with a default",
      'v=("$@")\nif [ ${#v[@]} -eq 0 ]; then v=(*/); fi\nfor d in "${v[@]%/}"; do say i $d; done',
      ["i api", "i docs", "i web"],
    ],
    [
      "given to a function",
      'T=a\nparse() { while [ $# -gt 0 ]; do T=$1; shift; done; }\nparse "$@"\nsay i $T',
      ["i a"],
    ],
    ["a missing one does not end the script", "if [ $# -lt 1 ]; then echo usage; exit 1; fi\nsay i $1", ["i ‹$1›"]],
    ["a branch on one", 'T=a\nif [ -n "$1" ]; then T=$1; fi\nsay i $T', ["i a"]],
    ["a case of builds is followed as it builds", 'case "$1" in push) docker push x;; build) say i;; esac', ["i"]],
  ]);

  test("are said", () => {
    const script = "while [ $# -gt 0 ]; do shift; done\nfor s in ${S:-api}; do docker build $s; done\n";
    expect(run(script).assumed.map(({ what, node }) => [what, node.kind])).toEqual([
      ["arguments", "while"],
      ["arguments", "for"],
    ]);
  });
});

describe("arguments that are known", () => {
  table([
    ["set, shift, counts", "set -- a b c\nshift 2\nsay i $1 $#", ["i c 1"]],
    ["all of them", 'f() { say i "$@" "$*" ${2:-z} "${@:2}"; }\nf x "y z"', ["i x y z x y z y z y z"]],
    [
      "options",
      'f() { local OPTIND=1 t=dev o; while getopts ":t:p" o; do case $o in t) t=$OPTARG;; p) say push;; esac; done; shift $((OPTIND - 1)); say $t "$@"; }\nf -p -t v1 rest',
      ["push", "v1 rest"],
    ],
  ]);
});

describe("functions", () => {
  table([
    ["local variables end", "T=a\nf() { local T=b; say i $T; }\nf\nsay i $T", ["i b", "i a"]],
    ["others do not", "T=a\nf() { T=b; }\nf\nsay i $T", ["i b"]],
    ["local without a value", "T=a\nf() { local T; say i x$T; }\nf", ["i x"]],
    ["nested", 'g() { say i "$1"; }\nf() { g "$1-$2"; }\nf a b', ["i a-b"]],
    ["a status", "f() { return 1; }\nif f; then say yes; else say no; fi\nf || say failed", ["no", "failed"]],
    ["what it prints", 'f() { echo "app-$1"; }\nsay "$(f x)"', ["app-x"]],
    ["in parentheses", "f() ( cd api; T=b; say i $T )\nT=a\nf\nsay i $T", ["(api) i b", "i a"]],
    ["recursion ends", "f() { say i; f; }\nf", Array.from({ length: 20 }, () => "i")],
    ["an assignment before a call", "f() { say i $T; }\nT=b f\nsay i ${T:-none}", ["i b", "i none"]],
    ["a trap", "cleanup() { say gone; }\ntrap cleanup EXIT\nsay i", ["i", "gone"]],
    ["a trap in quotes", "trap 'say gone; rm -f x' EXIT INT\nsay i", ["i", "gone"]],
  ]);
});

describe("scripts that call scripts", () => {
  table(
    [
      ["by path", "./sub.sh a", ["sub a ‹$TAG› ‹$X›"]],
      ["by a shell", "bash -e ./sub.sh a\nsh sub.sh b", ["sub a ‹$TAG› ‹$X›", "sub b ‹$TAG› ‹$X›"]],
      ["what is exported is seen", "TAG=v1\nexport X=x\n./sub.sh a", ["sub a ‹$TAG› x"]],
      ["what is exported later too", "X=x\nexport X\n./sub.sh a", ["sub a ‹$TAG› x"]],
      ["set -a", "set -a\n. ./my.env\nset +a\nX=x\n./sub.sh a", ["sub a v7 ‹$X›"]],
      ["what stands in front", "TAG=v1 X=x ./sub.sh a\nenv TAG=v2 ./sub.sh b", ["sub a v1 x", "sub b v2 ‹$X›"]],
      ["its variables and directory end with it", "./cd.sh\nsay i ${T:-none}", ["(api) i in", "i none"]],
      ["by an absolute path", 'DIR="$(cd "$(dirname "$0")" && pwd)"\n"$DIR/cd.sh"', ["(api) i in"]],
      ["from another directory", "cd api && ../sub.sh a", ["(api) sub a ‹$TAG› ‹$X›"]],
      ["with exec", "exec ./sub.sh a", ["sub a ‹$TAG› ‹$X›"]],
      ["sourced", "T=a\n. ./cd.sh\nsay i $T", ["(api) i in", "(api) i in"]],
      ["sourced with arguments", "set -- x\n. ./sub.sh y\nsay i $1", ["sub y ‹$TAG› ‹$X›", "i x"]],
      ["text", "sh -c 'say i $1' name a\neval \"say j; say k\"", ["i a", "j", "k"]],
      ["a program that is no script", "./tool a\nsay i", ["i"]],
      ["two that call each other end", "./ping.sh", Array.from({ length: 20 }, () => "i")],
      ["exit ends only itself", "./exit.sh\nsay after", ["in", "after"]],
    ],
    {
      "sub.sh": "#!/bin/sh\nsay sub $1 $TAG $X\n",
      "cd.sh": "#!/bin/sh\ncd api\nT=in\nsay i $T\n",
      "exit.sh": "say in\nexit 0\n",
      tool: "#!/usr/bin/env python\nprint('say no')\n",
      "ping.sh": "#!/bin/bash\nsay i\nexec ./pong.sh\n",
      "pong.sh": "#!/bin/bash\nsay i\n./ping.sh\n",
    },
  );
});

describe("directories and text", () => {
  table([
    [
      "pushd and popd",
      "pushd api >/dev/null\nsay a\npushd ../web\nsay b\npopd\nsay c\npopd\nsay d",
      ["(api) a", "(web) b", "(api) c", "d"],
    ],
    ["cd -", "cd api\ncd -\nsay i", ["i"]],
    ["the script's own", 'cd "$(dirname "$(readlink -f "$BASH_SOURCE")")"\nsay i', ["i"]],
    [
      "with cd and pwd",
      'ROOT=$( cd "$( dirname "${BASH_SOURCE[0]}" )" >/dev/null 2>&1 && pwd )\ncd $ROOT/api\nsay i',
      ["(api) i"],
    ],
    ["the repository's", 'cd "$(git rev-parse --show-toplevel)/web"\nsay i', ["(web) i"]],
    ["names", 'say "$(basename "$(pwd)/api/")" $(basename x.tar.gz .gz) `dirname a/b`', ["api x.tar a"]],
    [
      "filters",
      'say $(echo Feature/X | tr "[:upper:]/" "[:lower:]-") $(echo a-b-c | cut -d- -f2) $(echo v1.2 | sed s/v//) $(echo a/b/c | sed "s|/|_|g")',
      ["feature-x b 1.2 a_b_c"],
    ],
    ["printf", 'say $(printf "%s-%s" a b)', ["a-b"]],
    ["a file's text is a default", "say app:$(cat VERSION)", ["app:1.2.3"]],
    ["what only a run knows", "say app:$(git describe) $(date +%s)", ["app:‹$(git describe)› ‹$(date +%s)›"]],
    ["braces", "#!/bin/bash\nsay i {a,b}.txt", ["i a.txt b.txt"]],
    ["no braces in sh", "#!/bin/sh\nsay i {a,b}", ["i ‹{a,b}›"]],
  ]);
});
