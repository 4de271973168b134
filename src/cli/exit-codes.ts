/** What a run tells the shell: see docs/architecture.md. */
export const EXIT = {
  /** Also when nothing could be gained, or nothing is left to do. */
  done: 0,
  /** An `error` diagnostic, so any refused setup; or `--check` found something. */
  failed: 1,
  /** The command line, a path on it, or the configuration is wrong. */
  usage: 2,
  /** A container engine is needed and there is none. */
  engineMissing: 3,
  /** Ctrl-C; everything that was begun has been taken back. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
