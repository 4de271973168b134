/**
 * The TCP ports that a container's own processes listen on:
 *
 *     /proc/<pid>/net/tcp      the sockets of the container's network, each with its inode
 *     /proc/<pid>/fd/*         socket:[inode]: which of them a process of the container holds
 *
 * On a network of its own all that listens is the container's; on the host's, only what its processes hold. Where the engine's
 * processes are not this machine's, the container is asked to print the table itself.
 * Source of the format: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 */
import type { ListeningSocket, Output } from "./engine.ts";
import { linkTarget, namesIn, processesBeside, readText } from "./proc-files.ts";

const LISTEN = "0A";

interface Socket extends ListeningSocket {
  readonly inode: string;
}

/** `undefined` where there is no way to see them. */
export async function listeningSockets(
  pid: number | undefined,
  sharedNetwork: boolean,
  exec: (argv: readonly string[]) => Promise<Output>,
): Promise<readonly ListeningSocket[] | undefined> {
  if (pid !== undefined) {
    const sockets = [...socketsIn(readText(`/proc/${pid}/net/tcp`)), ...socketsIn(readText(`/proc/${pid}/net/tcp6`))];
    const own = sharedNetwork ? inodesOf(processesBeside(pid)) : undefined;
    return byPort(sockets.filter(({ inode }) => own === undefined || own.has(inode)));
  }
  if (sharedNetwork) return undefined;
  const { code, stdout } = await exec(["cat", "/proc/net/tcp", "/proc/net/tcp6"]);
  return code === 0 || stdout !== "" ? byPort(socketsIn(stdout)) : undefined;
}

function byPort(sockets: readonly Socket[]): readonly ListeningSocket[] {
  const ports = new Map<number, boolean>();
  for (const { port, loopback } of sockets) ports.set(port, (ports.get(port) ?? true) && loopback);
  return [...ports].map(([port, loopback]) => ({ port, loopback })).sort((a, b) => a.port - b.port);
}

/** Rows of `/proc/net/tcp`: `0: 0100007F:1F90 00000000:0000 0A … uid timeout inode`. */
export function socketsIn(table: string): readonly Socket[] {
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = "", port] = (fields[1] ?? "").split(":");
    if (fields[3] !== LISTEN || port === undefined) return [];
    return [{ port: Number.parseInt(port, 16), loopback: isLoopback(address), inode: fields[9] ?? "" }];
  });
}

/** Addresses stand in the table with the bytes of each 32-bit word in the machine's order, which is little-endian here. */
function isLoopback(address: string): boolean {
  return /^[0-9A-F]{6}7F$/.test(address) || address === "00000000000000000000000001000000";
}

function inodesOf(processes: readonly number[]): ReadonlySet<string> {
  const inodes = processes.flatMap((pid) =>
    namesIn(`/proc/${pid}/fd`).flatMap(
      (fd) => /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    ),
  );
  return new Set(inodes);
}

/** Whether a process is that of a container: its control group, or its mounts, name it. */
export function isContainerProcess(pid: number, container: string): boolean {
  return readText(`/proc/${pid}/cgroup`).includes(container) || readText(`/proc/${pid}/mountinfo`).includes(container);
}
