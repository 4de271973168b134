import { entry } from "../entry.ts";

/** What is said about: fat-dockerfile. */
export const FAT_DOCKERFILE = {
  "fat-dockerfile-placeholder": entry({
    severity: "warning",
    message: ({ name }: { name: string }) => `"${name}" is not read`,
    explain: "placeholder, the owner of this area removes it",
  }),
} as const;
