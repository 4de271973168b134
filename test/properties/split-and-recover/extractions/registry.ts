/** All ways to hand artifacts over. The first one applies to everything and needs nothing. */
import type { ExtractionIdiom } from "../script.ts";
import { COMPILE_EXTRACTIONS } from "./compile.ts";
import { COPY_EXTRACTIONS } from "./copy.ts";
import { MOUNT_EXTRACTIONS } from "./mounts.ts";
import { STREAM_EXTRACTIONS } from "./streams.ts";

export const EXTRACTIONS: readonly ExtractionIdiom[] = [
  ...COPY_EXTRACTIONS,
  ...STREAM_EXTRACTIONS,
  ...MOUNT_EXTRACTIONS,
  ...COMPILE_EXTRACTIONS,
];
