/**
 * Hides secrets in what is shown or logged:
 *
 *     maskSecrets("ARG NPM_TOKEN=npm_0a1b2c")                       // "ARG NPM_TOKEN=***"
 *     maskSecrets("git clone https://me:pw@example.org/app.git")    // "git clone https://***@example.org/app.git"
 *
 * A name that says what it holds hides its value; a value in the form of a well-known token is hidden under any name.
 * References (`$TOKEN`, `${TOKEN}`) are no secrets and stay. `changes` and `diff` hold file text as it is and never pass here.
 */

export const MASK = "***";

/** Names (of variables, options, JSON keys) whose values are secrets. Bounded, so that time stays linear in the text. */
const SECRET_NAME = String.raw`[\w.-]{0,60}(?:passwd|password|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)[\w.-]{0,60}|_auth|[\w.-]{0,60}_pat|pwd_\w{0,60}`;

const NAMED = new RegExp(`^(?:${SECRET_NAME})$`, "i");

/** Whether a variable's name says that it holds a secret. */
export function isSecretName(name: string): boolean {
  return NAMED.test(name);
}

/** A value after `=`, quoted or not, that is neither a reference nor already masked. */
const VALUE = String.raw`"(?:[^"\\$]|\\.)+"|'[^']+'|(?![$"'*])[^\s"',;)]+`;

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

const RULES: readonly Rule[] = [
  // https://user:password@host and https://token@host; "git@" and "${TOKEN}@" tell nothing. The scheme is bounded as the names are.
  {
    pattern: /\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?!git@|\$\{?\w+\}?@|\*\*\*@)(?:[^\s/@"'$]+)@/gi,
    replacement: `$1${MASK}@`,
  },
  { pattern: /\b(https?:\/\/[^\s/:@"']+:)(?!\$|\*\*\*@)[^\s/@"']+@/gi, replacement: `$1${MASK}@` },
  {
    pattern: new RegExp(String.raw`(?<![\w.$-])(-{0,2}(?:${SECRET_NAME}))(=)(?:${VALUE})`, "gi"),
    replacement: `$1$2${MASK}`,
  },
  // ENV NAME value, --password value; the value may not be another option or a path separator of prose.
  {
    pattern: new RegExp(
      String.raw`(\b(?:ENV|LABEL)\s+(?:${SECRET_NAME})\s+|--(?:${SECRET_NAME})\s+)(?!-|(?:id|type|src|env)=)(?:${VALUE})`,
      "gi",
    ),
    replacement: `$1${MASK}`,
  },
  { pattern: new RegExp(String.raw`("(?:${SECRET_NAME})"\s*:\s*)"[^"]*"`, "gi"), replacement: `$1"${MASK}"` },
  { pattern: /\b((?:bearer|basic)\s+)(?!\$)[\w.~+/=-]{8,}/gi, replacement: `$1${MASK}` },
  // Token forms that their makers document for secret scanners: GitHub, GitLab, npm, AWS, Slack, PyPI.
  {
    pattern:
      /\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_\w{20,}|AKIA[0-9A-Z]{16}|xox[abeoprs]-[\w-]{10,}|pypi-[\w-]{20,})/g,
    replacement: MASK,
  },
];

/** `text` with secrets replaced by `***`. Masking twice changes nothing. */
export function maskSecrets(text: string): string {
  return RULES.reduce((masked, { pattern, replacement }) => masked.replace(pattern, replacement), text);
}
