/**
 * Why a container does not work, from what it printed:
 *
 *     error while loading shared libraries: libpq.so.5: cannot open …      library-missing
 *     Error: Cannot find module 'express'                                   module-missing
 *     unable to find user app: no matching entries in passwd file           user-missing
 *
 * Only texts that programs are known to print; what fits none of them has no cause here, which is better than a wrong one.
 */
import type { FailureCause } from "../model/verification.ts";

interface Rule {
  /** Where the text is written. */
  readonly source: string;
  readonly pattern: RegExp;
  readonly cause: (groups: readonly string[]) => FailureCause | undefined;
}

const RULES: readonly Rule[] = [
  {
    source: "glibc, elf/dl-load.c and elf/dl-error.c",
    pattern: /(\S+): error while loading shared libraries: (\S+?): cannot open shared object file/g,
    cause: ([file = "", library = ""]) => ({ kind: "library-missing", library, neededBy: file }),
  },
  {
    source: "glibc, dlopen(3) as other programs show it",
    pattern: /(?<!shared libraries: )\b(lib[\w.+-]+\.so(?:\.\d+)*): cannot open shared object file/g,
    cause: ([library = ""]) => ({ kind: "library-missing", library, neededBy: "a program that loads it by name" }),
  },
  {
    source: "musl, ldso/dynlink.c",
    pattern: /Error loading shared library (\S+?): No such file or directory \(needed by (\S+?)\)/g,
    cause: ([library = "", file = ""]) => ({ kind: "library-missing", library, neededBy: file }),
  },
  {
    source: "glibc, elf/dl-version.c",
    pattern: /(\S+): (?:\S+: )?version [`'"](\w+_[\d.]+)' not found \(required by (\S+?)\)/g,
    cause: ([has = "", wants = "", file = ""]) => ({ kind: "libc-mismatch", file, wants, has }),
  },
  {
    source: "Node.js, lib/internal/modules/cjs/loader.js",
    pattern: /Cannot find module '([^']+)'(?:\s*\n\s*Require stack:\s*\n\s*- (\S+))?/g,
    cause: ([module = "", by]) => ({
      kind: "module-missing",
      module,
      importedBy: by === undefined || by === "" ? "the entry point" : by,
    }),
  },
  {
    source: "Node.js, lib/internal/errors.js (ERR_MODULE_NOT_FOUND)",
    pattern: /Cannot find (?:package|module) '([^']+)' imported from (\S+)/g,
    cause: ([module = "", by = ""]) => ({ kind: "module-missing", module, importedBy: by }),
  },
  {
    source: "libuv, as Node.js shows it",
    pattern: /ENOENT: no such file or directory, \w+ '([^']+)'/g,
    cause: ([path = ""]) => ({ kind: "file-missing", path }),
  },
  {
    source: "libuv, child_process of Node.js",
    pattern: /spawn (\S+) ENOENT/g,
    cause: ([name = ""]) => ({ kind: "executable-missing", name }),
  },
  {
    source: "libuv, as Node.js shows it",
    pattern: /EACCES: permission denied, \w+ '([^']+)'/g,
    cause: ([path = ""]) => ({ kind: "permission", path, user: "" }),
  },
  {
    source: "Express, lib/application.js",
    pattern: /Failed to lookup view "[^"]+" in views director(?:y|ies) "([^"]+)"/g,
    cause: ([path = ""]) => ({ kind: "file-missing", path }),
  },
  {
    source: "Go, os.PathError",
    pattern: /\b(?:open|stat|lstat|read|readdir) (\S+?): no such file or directory/g,
    cause: ([path = ""]) => ({ kind: "file-missing", path }),
  },
  {
    source: "Go, os.PathError",
    pattern: /\b(?:open|mkdir|stat) (\/[^\s:]+): permission denied/g,
    cause: ([path = ""]) => ({ kind: "permission", path, user: "" }),
  },
  {
    source: "Go, html/template and text/template, ParseGlob",
    pattern: /template: pattern matches no files: [`"]([^`"]+?)\/[^/`"]*[`"]/g,
    cause: ([path = ""]) => ({ kind: "file-missing", path }),
  },
  {
    source: "Go, os/exec",
    pattern: /exec: "([^"]+)": executable file not found in \$PATH/g,
    cause: ([name = ""]) => ({ kind: "executable-missing", name }),
  },
  {
    source: "runc, libcontainer: a program that is not there, or whose interpreter is not",
    pattern: /exec:? "?(\/[^\s":]+)"?: (?:stat \S+: )?no such file or directory/g,
    cause: ([name = ""]) => ({ kind: "executable-missing", name }),
  },
  {
    source: "dash, bash and busybox sh",
    pattern: /(?:^|\n)(?:\/\S+: |\S+sh: )(?:\d+: |line \d+: )?(?:exec: )?([\w./+-]+): (?:command )?not found/g,
    cause: ([name = ""]) => ({ kind: "executable-missing", name }),
  },
  {
    source: "env(1) of coreutils and busybox",
    pattern: /env: (?:can't execute )?['‘"]?([^\s'’":]+)['’"]?: No such file or directory/g,
    cause: ([name = ""]) => ({ kind: "executable-missing", name }),
  },
  {
    source: "moby and runc, user.GetExecUser",
    pattern: /unable to find user ([\w.-]+): no matching entries in passwd file/g,
    cause: ([name = ""]) => ({ kind: "user-missing", name }),
  },
  {
    source: "Go, os/user",
    pattern: /user: unknown (?:user|userid) ([\w.-]+)/g,
    cause: ([name = ""]) => ({ kind: "user-missing", name }),
  },
  {
    source: "util-linux and busybox su, gosu, chown(1)",
    pattern: /(?:user ([\w.-]+) does not exist|unknown user ([\w.-]+)|invalid user: ['‘"]?([\w.-]+))/g,
    cause: (names) => ({ kind: "user-missing", name: names.find((name) => name !== "") ?? "" }),
  },
  {
    source: "libuv, uv_os_get_passwd as Node.js shows it",
    pattern: /ENOENT: no such file or directory, uv_os_get_passwd/g,
    cause: () => ({ kind: "user-missing", name: "" }),
  },
  {
    source: "Go, crypto/x509",
    pattern: /x509: certificate signed by unknown authority|x509: failed to load system roots/g,
    cause: () => ({ kind: "certificates-missing" }),
  },
  {
    source: "OpenSSL, and libcurl with it",
    pattern: /unable to get local issuer certificate|error setting certificate (?:verify locations|file)/g,
    cause: () => ({ kind: "certificates-missing" }),
  },
  {
    source: "Go, time.LoadLocation",
    pattern: /unknown time zone ([\w/+-]+)/g,
    cause: ([zone = ""]) => ({ kind: "time-zone-missing", zone }),
  },
  {
    source: "Linux, execve(2) ENOEXEC as runc shows it",
    pattern: /exec (\/\S+?): exec format error/g,
    cause: ([file = ""]) => ({ kind: "architecture", file, wants: "another architecture", has: "this one" }),
  },
  {
    source: "Python, importlib",
    pattern: /ModuleNotFoundError: No module named '([^']+)'/g,
    cause: ([module = ""]) => ({ kind: "module-missing", module, importedBy: "a Python program" }),
  },
  {
    source: "Python, OSError",
    pattern: /FileNotFoundError: \[Errno 2\] No such file or directory: '([^']+)'/g,
    cause: ([path = ""]) => ({ kind: "file-missing", path }),
  },
];

/** Each cause once, in the order of the text. Long lines are cut: a log may be anything. */
export function failureCauses(output: string): readonly FailureCause[] {
  const text = output
    .split("\n")
    .map((line) => line.slice(0, 2000))
    .join("\n");
  const found = new Map<string, { readonly at: number; readonly cause: FailureCause }>();
  for (const { pattern, cause } of RULES) {
    for (const match of text.matchAll(pattern)) {
      const made = cause(match.slice(1).map((group) => group ?? ""));
      const key = JSON.stringify(made);
      if (made !== undefined && !found.has(key)) found.set(key, { at: match.index, cause: made });
    }
  }
  return [...found.values()].sort((a, b) => a.at - b.at).map(({ cause }) => cause);
}
