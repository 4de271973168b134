/** The kinds of files that drive legacy builds. */
import { onceForEachText } from "../model/once-per-project.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import type { HostPath } from "../text/paths.ts";
import type { SourceFile } from "../text/source.ts";
import { azurePipelines } from "./ci/azure-pipelines.ts";
import { bitbucketPipelines } from "./ci/bitbucket-pipelines.ts";
import { circleci } from "./ci/circleci.ts";
import { drone } from "./ci/drone.ts";
import { githubActions } from "./ci/github-actions.ts";
import { gitlabCi } from "./ci/gitlab-ci.ts";
import { travis } from "./ci/travis.ts";
import { dockerHubHooks } from "./docker-hub-hooks.ts";
import { documentation } from "./documentation.ts";
import type { Driver, DriverReader } from "./driver.ts";
import { jenkinsfile } from "./jenkinsfile.ts";
import { makefile } from "./makefile/makefile.ts";
import { packageJson } from "./package-json.ts";
import { shellScript } from "./shell-script.ts";
import { batch } from "./windows/batch.ts";
import { powershell } from "./windows/powershell.ts";

/** Alphabetical. What none of them accepts is read as a shell script. */
export const DRIVER_READERS: readonly DriverReader[] = [
  azurePipelines,
  batch,
  bitbucketPipelines,
  circleci,
  dockerHubHooks,
  documentation,
  drone,
  githubActions,
  gitlabCi,
  jenkinsfile,
  makefile,
  packageJson,
  powershell,
  travis,
];

/** The reader for a file that is no shell script, by its path. */
export function driverReader(path: HostPath): DriverReader | undefined {
  return DRIVER_READERS.find((reader) => reader.accepts(path));
}

const DRIVERS = onceForEachText(() => new Map<string, Driver | undefined>());

/** Reads a driver, each text once; `undefined` where the file drives nothing. */
export function readDriver(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const byText = DRIVERS(files, source.path);
  if (byText.has(source.text)) return byText.get(source.text);
  const reader = driverReader(source.path);
  const driver = reader === undefined ? shellScript(source) : reader.read(files, source);
  byText.set(source.text, driver);
  return driver;
}
