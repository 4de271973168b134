/**
 * Hand-overs through a directory that a container shares: with the host, or by a named volume.
 *
 *     docker run --rm -v "$PWD/mount0:/handover" part0 cp -r /out/app00 /handover/
 */
import { posix } from "node:path";
import { type Emission, type ExtractionIdiom, type Job, pick, type Take } from "../script.ts";
import { copyOut } from "./copy.ts";

const MOUNT_POINT = "/handover";

const shared = ({ context, id }: Take): string => posix.join(context, `mount${id}`);

const landing = (take: Take): string => posix.join(shared(take), posix.basename(take.artifact.path));

/** A run for each take that copies it into the host directory at the mount point. */
const copiesIn = (job: Job, mount: (directory: string) => string, command: (take: Take) => string): Emission => ({
  lines: job.takes.flatMap((take) => [
    `mkdir -p ${shared(take)}`,
    `docker run --rm ${mount(shared(take))} ${job.image} ${command(take)}`,
  ]),
  lands: job.takes.map(landing),
});

const copy = ({ artifact, style }: Take): string =>
  pick([`cp -r ${artifact.path} ${MOUNT_POINT}/`, `cp -a ${artifact.path} ${MOUNT_POINT}`], style);

const copyInShell = ({ artifact, style }: Take): string =>
  pick([`sh -c 'cp -r ${artifact.path} ${MOUNT_POINT}/'`, `sh -c "cp -R ${artifact.path} ${MOUNT_POINT}"`], style);

const always = () => true;

function mountIdiom(name: string, mount: (directory: string) => string, command = copy): ExtractionIdiom {
  return { name, needs: ["shell"], applies: always, emit: (job) => copiesIn(job, mount, command) };
}

export const MOUNT_EXTRACTIONS: readonly ExtractionIdiom[] = [
  mountIdiom("bind-pwd", (directory) => `-v "$PWD/${directory}:${MOUNT_POINT}"`),
  mountIdiom("bind-pwd-command", (directory) => `-v $(pwd)/${directory}:${MOUNT_POINT}:z`),
  mountIdiom("bind-in-shell", (directory) => `--volume="\${PWD}/${directory}:${MOUNT_POINT}"`, copyInShell),
  mountIdiom("bind-long", (directory) => `--mount type=bind,source="$(pwd)"/${directory},target=${MOUNT_POINT}`),
  {
    name: "named-volume",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({
      lines: [
        `docker volume create volume${job.id}`,
        ...[...new Set(job.takes.map(({ artifact }) => artifact.path))].map(
          (path) => `docker run --rm -v volume${job.id}:${MOUNT_POINT} ${job.image} cp -r ${path} ${MOUNT_POINT}/`,
        ),
        `docker create --name holder${job.id} -v volume${job.id}:${MOUNT_POINT} ${job.image}`,
        ...job.takes.flatMap((take) =>
          copyOut(`holder${job.id}`, take, posix.join(MOUNT_POINT, posix.basename(take.artifact.path))),
        ),
        `docker rm holder${job.id}`,
        `docker volume rm volume${job.id}`,
      ],
    }),
  },
];
