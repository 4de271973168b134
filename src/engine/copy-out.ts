/**
 * Writes what `docker cp CONTAINER:PATH -` prints, a tar archive of the path, to a place of this machine:
 *
 *     /app/dist  →  <destination>/index.html …      a directory: its contents stand below the destination
 *     /app/main  →  <destination>                   a file
 *
 * Names in the archive are not trusted: what would lie outside the destination is left out, and nothing is written through a
 * link. A link that stands at the path itself stays a link, as `docker cp` has it without `-L`.
 */
import { createWriteStream, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { chmod, link } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Headers } from "tar-stream";
import type { Finished } from "./process.ts";

export interface CopyStream {
  readonly stdout: Readable;
  readonly done: Promise<Finished>;
}

/** False where there is no such path. */
export async function copyOut({ stdout, done }: CopyStream, destination: string): Promise<boolean> {
  mkdirSync(dirname(destination), { recursive: true });
  const archive = stdout.pipe(extract());
  let top: string | undefined;
  const modes: [string, number][] = [];
  for await (const entry of archive) {
    const name = cleanName(entry.header.name);
    top ??= name?.split("/")[0];
    const inside = name === undefined || top === undefined ? undefined : below(name, top);
    if (inside === undefined) entry.resume();
    else {
      const path = join(destination, inside);
      // What the archive itself put there may be a link.
      if (inside !== "" && realpathSync(dirname(path)) !== join(realpathSync(destination), dirname(inside)))
        throw new Error(`"${name}" of the archive leads out of it`);
      await writeEntry(entry.header, entry, path, destination, top ?? "");
      if (entry.header.type === "directory") modes.push([path, entry.header.mode ?? 0o755]);
    }
  }
  // Directories last: what is in them has to be written first, whatever their own mode is.
  for (const [path, mode] of modes.reverse()) await chmod(path, mode & 0o7777);
  return (await done).code === 0 && top !== undefined;
}

/** The first regular file of the archive; `undefined` where it is none, or has more bytes than that. */
export async function readFileOf({ stdout, done }: CopyStream, limit: number): Promise<Uint8Array | undefined> {
  let content: Buffer | undefined;
  for await (const entry of stdout.pipe(extract())) {
    const wanted = content === undefined && entry.header.type === "file" && (entry.header.size ?? 0) <= limit;
    if (!wanted) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    content = Buffer.concat(chunks);
  }
  await done;
  return content;
}

async function writeEntry(
  header: Headers,
  content: Readable,
  path: string,
  destination: string,
  top: string,
): Promise<void> {
  const { type, mode = 0o644, linkname } = header;
  if (type === "directory") {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    content.resume();
  } else if (type === "symlink" && linkname != null) {
    symlinkSync(linkname, path);
    content.resume();
  } else if (type === "link" && linkname != null) {
    const name = cleanName(linkname);
    const inside = name === undefined ? undefined : below(name, top);
    if (inside !== undefined) await link(join(destination, inside), path);
    content.resume();
  } else if (type === "file" || type === "contiguous-file") {
    // `wx`: the file is new, so that nothing is written through a link that the archive made before.
    await pipeline(content, createWriteStream(path, { flags: "wx", mode: mode & 0o777 }));
    await chmod(path, mode & 0o7777);
  } else content.resume();
}

/** A relative name without `..`; `undefined` for any other. */
function cleanName(name: string): string | undefined {
  const clean = posix.normalize(name).replace(/^(?:\.\/)+|\/+$/g, "");
  return clean.startsWith("/") || clean.split("/").includes("..") || clean.includes("\0") ? undefined : clean;
}

function below(name: string, top: string): string | undefined {
  if (name === top) return "";
  return name.startsWith(`${top}/`) ? name.slice(top.length + 1) : undefined;
}
