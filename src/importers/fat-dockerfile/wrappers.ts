/**
 * Programs that only start another one, by how many words they take before it:
 *
 *     tini -g -- ./app                   3
 *     gosu app ./app                     2
 *     dockerize -wait tcp://db ./app     3
 *
 * Shells, and what starts several programs, are not wrappers.
 */
import type { Argument } from "../../ecosystems/ecosystem.ts";

type Wrapper = (argv: readonly Argument[]) => number | undefined;

/** Options, those with a value as listed, then as many operands. */
function taking(operands: number, ...valued: readonly string[]): Wrapper {
  return (argv) => optionsEnd(argv, valued) + operands;
}

/** Everything up to `--`; without it nothing is known to follow. */
const upToDashes: Wrapper = (argv) => {
  const at = argv.findIndex(({ text }) => text === "--");
  return at < 0 ? undefined : at + 1;
};

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  catatonit: taking(0),
  // https://smarden.org/runit/chpst.8
  chpst: taking(0, ..."-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -r -t".split(" ")),
  chroot: taking(1),
  // https://github.com/jwilder/dockerize#usage; its options have one dash
  dockerize: taking(
    0,
    ..."-wait -timeout -template -stdout -stderr -wait-http-header -wait-retry-interval -poll -env -delims".split(" "),
  ),
  // https://docs.doppler.com/docs/cli
  doppler: upToDashes,
  "dumb-init": taking(0, "-r", "--rewrite"),
  env: (argv) => {
    const at = argv.findIndex(({ text }, index) => index > 0 && !text.startsWith("-") && !text.includes("="));
    return at < 0 ? undefined : at;
  },
  exec: taking(0, "-a"),
  gosu: taking(1),
  ionice: taking(0, "-c", "-n", "-p"),
  nice: taking(0, "-n"),
  nohup: taking(0),
  // https://man7.org/linux/man-pages/man1/runuser.1.html: without -u it is like su
  runuser: upToDashes,
  "s6-setuidgid": taking(1),
  // https://man7.org/linux/man-pages/man1/setpriv.1.html: values follow "=" or a space
  setpriv: taking(
    0,
    "--reuid",
    "--regid",
    "--groups",
    "--inh-caps",
    "--ambient-caps",
    "--bounding-set",
    "--securebits",
  ),
  setsid: taking(0),
  stdbuf: taking(0, "-i", "-o", "-e"),
  "su-exec": taking(1),
  timeout: taking(1, "-s", "--signal", "-k", "--kill-after"),
  tini: taking(0, "-e", "-p"),
  "tini-static": taking(0, "-e", "-p"),
  // https://github.com/eficode/wait-for, https://github.com/vishnubob/wait-for-it: the program follows "--"
  "wait-for": upToDashes,
  "wait-for-it": upToDashes,
  "wait-for-it.sh": upToDashes,
  "wait-for.sh": upToDashes,
  // https://github.com/just-containers/s6-overlay#container-environment
  "with-contenv": taking(0),
  "xvfb-run": taking(0, "-e", "-f", "-n", "-p", "-s", "--server-num", "--server-args", "--error-file", "--auth-file"),
};

/** How many words a wrapper takes, itself included; `undefined` for what is none. */
export function wrapperLength(name: string, argv: readonly Argument[]): number | undefined {
  return Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name]?.(argv) : undefined;
}

function optionsEnd(argv: readonly Argument[], valued: readonly string[]): number {
  let at = 1;
  while (argv[at]?.text.startsWith("-") === true) {
    if (argv[at]?.text === "--") return at + 1;
    at += valued.includes(argv[at]?.text ?? "") ? 2 : 1;
  }
  return at;
}
