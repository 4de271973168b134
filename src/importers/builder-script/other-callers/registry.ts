/** The formats in which files of a repository say what is built. */
import { azureDockerTask } from "./azure-docker-task.ts";
import { bake } from "./bake.ts";
import { buildPushAction } from "./build-push-action.ts";
import { commandFiles } from "./command-files.ts";
import { compose } from "./compose.ts";
import { devcontainer } from "./devcontainer.ts";
import { dronePlugin } from "./drone-plugin.ts";
import { heroku } from "./heroku.ts";
import type { CallerReader } from "./reference.ts";
import { skaffold } from "./skaffold.ts";
import { tiltfile } from "./tiltfile.ts";
import { unreadPrograms } from "./unread-programs.ts";

/** Alphabetical. A file may be read by more than one of them: a workflow has actions and commands. */
export const CALLER_READERS: readonly CallerReader[] = [
  azureDockerTask,
  bake,
  buildPushAction,
  commandFiles,
  compose,
  devcontainer,
  dronePlugin,
  heroku,
  skaffold,
  tiltfile,
  unreadPrograms,
];
