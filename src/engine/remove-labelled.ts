/**
 * Removes what carries a label of ours, containers before the images that they are made from:
 *
 *     await removeLabelled("docker", env, "org.restage=2n91f00dcafe")      // { containers: 1, images: 2, volumes: 0 }
 *
 * Never throws: an engine that is gone has nothing that could be removed.
 */
import { LABEL, type Removed } from "./engine.ts";
import { runProcess } from "./process.ts";

const CALL = 120_000;

/** `spares` says of a run's id whether what it made is left alone. */
export async function removeLabelled(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  label: string,
  spares: (runId: string) => boolean = () => false,
): Promise<Removed> {
  const call = async (...words: readonly string[]): Promise<readonly string[]> => {
    const { code, stdout } = await runProcess([program, ...words], { timeout: CALL, env });
    return code === 0 ? stdout.split("\n").filter((line) => line.trim() !== "") : [];
  };
  const removeAll = async (list: readonly string[], remove: readonly string[], labels: string): Promise<number> => {
    const found = [...new Set(await call(...list, "--quiet", "--filter", `label=${label}`))];
    const ids: string[] = [];
    for (const id of found) {
      // A run that is named is our own, and goes whatever it is.
      const [run = ""] = label === LABEL ? await call("inspect", "--format", `{{index ${labels} "${LABEL}"}}`, id) : [];
      if (!spares(run)) ids.push(id);
    }
    if (ids.length > 0) await call(...remove, ...ids);
    return ids.length;
  };
  return {
    containers: await removeAll(["ps", "--all", "--no-trunc"], ["rm", "-f", "-v"], ".Config.Labels"),
    images: await removeAll(["images", "--no-trunc"], ["rmi", "-f"], ".Config.Labels"),
    volumes: await removeAll(["volume", "ls"], ["volume", "rm", "-f"], ".Labels"),
  };
}
