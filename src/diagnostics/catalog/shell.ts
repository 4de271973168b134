import { entry } from "../entry.ts";

/** What is said about shell syntax. */
export const SHELL = {
  "shell-syntax": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `a shell cannot read these commands: "${problem}"`,
    help: () => "check the commands with `bash -n` and correct what it reports",
    explain: `A shell would reject the commands at this place, or they are for another shell than \`sh\` and \`bash\`. What such a script builds cannot
be told, so nothing is changed.

Common causes are an unclosed quote, \`if\`, \`do\` or parenthesis, a stray \`)\`, and scripts for \`zsh\`, \`fish\` or PowerShell.`,
  }),
} as const;
