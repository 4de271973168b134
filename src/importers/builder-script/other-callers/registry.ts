/** The formats in which files of a repository say what is built. */
import { bake } from "./bake.ts";
import { buildPushAction } from "./build-push-action.ts";
import { commandFiles } from "./command-files.ts";
import { compose } from "./compose.ts";
import { devcontainer } from "./devcontainer.ts";
import { heroku } from "./heroku.ts";
import type { CallerReader } from "./reference.ts";
import { skaffold } from "./skaffold.ts";
import { tiltfile } from "./tiltfile.ts";

/** Alphabetical. A file may be read by more than one of them: a workflow has actions and commands. */
export const CALLER_READERS: readonly CallerReader[] = [
  bake,
  buildPushAction,
  commandFiles,
  compose,
  devcontainer,
  heroku,
  skaffold,
  tiltfile,
];
