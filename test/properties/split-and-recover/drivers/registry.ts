/** All kinds of drivers. The first one can say everything but arrays. */
import type { SplitDriver } from "./driver.ts";
import { MAKE_DRIVERS } from "./make.ts";
import { SERVICE_DRIVERS } from "./services.ts";
import { SHELL_DRIVERS } from "./shell.ts";

export const DRIVERS: readonly SplitDriver[] = [...SHELL_DRIVERS, ...MAKE_DRIVERS, ...SERVICE_DRIVERS];
