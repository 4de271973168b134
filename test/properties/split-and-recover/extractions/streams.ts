/**
 * Hand-overs by what a container prints, or by what `docker cp … -` and `docker export` print.
 *
 *     docker run --rm part0 cat /out/app00 > app00
 *     docker run --rm part0 tar cz -C /out/dist01 . | tar xz -C dist01
 *     docker cp extract0:/out/app00 - | tar -xf - -C app
 */
import { posix } from "node:path";
import { type Emission, type ExtractionIdiom, exec, type Job, pick, type Take } from "../script.ts";
import { folderFor } from "./copy.ts";

const allFiles = ({ takes }: Job): boolean => takes.every(({ artifact }) => artifact.form === "file");
const allDirectories = ({ takes }: Job): boolean => takes.every(({ artifact }) => artifact.form === "directory");
const allNamed = ({ takes }: Job): boolean =>
  takes.every(({ lands, artifact }) => posix.basename(lands) === posix.basename(artifact.path));

/** One line for each take, with the folder that it needs. */
const each = (job: Job, line: (take: Take) => readonly string[]): Emission => ({
  lines: job.takes.flatMap((take) => [...folderFor(take.lands, take.context), ...line(take)]),
});

/** The contents of a directory through a pipe, in every spelling that people use. */
function contentsThroughPipe(
  name: string,
  writes: (path: string, style: number) => string,
  reads: (lands: string, style: number) => string,
): ExtractionIdiom {
  return {
    name,
    needs: ["shell"],
    applies: allDirectories,
    emit: (job) =>
      each(job, ({ artifact, lands, style }) => [
        `mkdir -p ${lands}`,
        `docker run --rm ${job.image} ${writes(artifact.path, style)} | ${reads(lands, style)}`,
      ]),
  };
}

const parent = (path: string): string => posix.dirname(path);
const base = (path: string): string => posix.basename(path);

export const STREAM_EXTRACTIONS: readonly ExtractionIdiom[] = [
  {
    name: "cat",
    needs: ["shell"],
    applies: allFiles,
    emit: (job) =>
      each(job, ({ artifact, lands, style }) => [
        pick(
          [
            `docker run --rm ${job.image} cat ${artifact.path} > ${lands}`,
            `docker run --rm --entrypoint cat ${job.image} ${artifact.path} > ${lands}`,
            `docker run --rm --entrypoint="" ${job.image} cat "${artifact.path}" >./${lands}`,
            `docker run --rm ${job.image} sh -c 'cat ${artifact.path}' > ${lands}`,
          ],
          style,
        ),
      ]),
  },
  {
    name: "cat-gzip",
    needs: ["shell"],
    applies: allFiles,
    emit: (job) =>
      each(job, ({ artifact, lands, style }) => [
        pick(
          [
            `docker run --rm ${job.image} gzip -c ${artifact.path} | gzip -d > ${lands}`,
            `docker run --rm ${job.image} gzip -c ${artifact.path} | gunzip > ${lands}`,
            `docker run --rm ${job.image} sh -c "cat ${artifact.path} | gzip" | gunzip -c > ${lands}`,
          ],
          style,
        ),
      ]),
  },
  contentsThroughPipe(
    "tar-contents",
    (path, style) => pick([`tar c -C ${path} .`, `tar -cf - -C ${path} .`, `sh -c "cd ${path} && tar cf - ."`], style),
    (lands, style) => pick([`tar x -C ${lands}`, `tar -xf - -C ${lands}`, `tar -C ${lands} -xf -`], style),
  ),
  contentsThroughPipe(
    "tar-gzip-contents",
    (path, style) => pick([`tar cz -C ${path} .`, `tar -czf - -C ${path} .`], style),
    (lands, style) => pick([`tar xz -C ${lands}`, `tar -xzf - -C ${lands}`, `gzip -d | tar x -C ${lands}`], style),
  ),
  {
    name: "tar-member",
    needs: ["shell"],
    applies: allNamed,
    emit: (job) =>
      each(job, ({ artifact, lands, style }) => [
        `docker run --rm ${job.image} tar ${pick(["c", "-cf -", "cf -"], style)} -C ${parent(artifact.path)} ${base(artifact.path)} | ` +
          `tar ${pick(["x", "-xf -", "xf -"], style)} -C ${parent(lands)}`,
      ]),
  },
  {
    name: "tar-file-between",
    needs: ["shell"],
    applies: allDirectories,
    emit: (job) =>
      each(job, ({ id, artifact, lands, style }) => [
        pick(
          [
            `docker run --rm ${job.image} tar cf - -C ${artifact.path} . > got${id}.tar`,
            `docker run --rm ${job.image} tar c -C ${artifact.path} . > got${id}.tar`,
          ],
          style,
        ),
        `mkdir -p ${lands}`,
        `tar xf got${id}.tar -C ${lands}`,
        `rm got${id}.tar`,
      ]),
  },
  {
    name: "tar-xz-file-between",
    needs: ["shell"],
    applies: allDirectories,
    emit: (job) =>
      each(job, ({ id, artifact, lands }) => [
        `docker run --rm ${job.image} tar c -C ${artifact.path} . | xz > got${id}.tar.xz`,
        `mkdir -p ${lands}`,
        `tar xJf got${id}.tar.xz -C ${lands}`,
      ]),
  },
  {
    name: "cp-to-stdout",
    needs: ["shell"],
    applies: allNamed,
    emit: (job) => {
      const piped = each(job, ({ artifact, lands, style }) => [
        `docker cp out${job.id}:${artifact.path} - | tar ${pick(["x", "-xf -"], style)} -C ${parent(lands)}`,
      ]);
      return { lines: [`docker create --name out${job.id} ${job.image}`, ...piped.lines, `docker rm out${job.id}`] };
    },
  },
  {
    name: "export-members",
    needs: ["shell"],
    applies: () => true,
    emit: (job) => {
      const folder = (take: Take) => posix.join(take.context, `root${take.id}`);
      const member = (take: Take) => take.artifact.path.slice(1);
      return {
        lines: [
          `docker create --name out${job.id} ${job.image}`,
          ...job.takes.flatMap((take) => [
            `mkdir -p ${folder(take)}`,
            `docker export out${job.id} | tar x -C ${folder(take)} ${member(take)}`,
          ]),
          `docker rm out${job.id}`,
        ],
        lands: job.takes.map((take) => posix.join(folder(take), member(take))),
      };
    },
  },
  {
    name: "export-whole",
    needs: ["shell"],
    applies: () => true,
    emit: (job) => ({
      lines: [
        `whole${job.id}=$(docker create ${job.image})`,
        ...job.takes.flatMap(({ id, context }) => [
          `mkdir -p ${posix.join(context, `root${id}`)}`,
          `docker export "$whole${job.id}" | tar -xf - -C ${posix.join(context, `root${id}`)}`,
        ]),
        `docker rm "$whole${job.id}"`,
      ],
      lands: job.takes.map(({ id, context, artifact }) => posix.join(context, `root${id}`, artifact.path)),
    }),
  },
  {
    name: "cmd-cat",
    needs: ["shell"],
    applies: (job) => job.takes.length === 1 && allFiles(job),
    emit: (job) => ({
      ...each(job, ({ lands }) => [`docker run --rm ${job.image} > ${lands}`]),
      builder: {
        ends: job.takes.map(({ artifact, style }) =>
          pick(
            [
              `CMD ${exec(["cat", artifact.path])}`,
              `CMD cat ${artifact.path}`,
              `ENTRYPOINT ${exec(["cat", artifact.path])}`,
            ],
            style,
          ),
        ),
      },
    }),
  },
  {
    name: "cmd-tar",
    needs: ["shell"],
    applies: (job) => job.takes.length === 1 && allDirectories(job),
    emit: (job) => ({
      ...each(job, ({ lands, style }) => [
        `mkdir -p ${lands}`,
        `docker run --rm ${job.image} | tar ${pick(["x", "-xf -"], style)} -C ${lands}`,
      ]),
      builder: {
        ends: job.takes.map(({ artifact, style }) =>
          pick(
            [`CMD tar -cf - -C ${artifact.path} .`, `CMD ${exec(["tar", "cf", "-", "-C", artifact.path, "."])}`],
            style,
          ),
        ),
      },
    }),
  },
  {
    name: "archive-added",
    needs: ["shell"],
    applies: allDirectories,
    emit: (job) => ({
      lines: job.takes.flatMap(({ artifact, lands, context, style }) => [
        ...folderFor(lands, context),
        `docker run --rm ${job.image} tar ${pick(["cz", "-czf -"], style)} -C ${artifact.path} . > ${lands}.tgz`,
      ]),
      lands: job.takes.map(({ lands }) => `${lands}.tgz`),
      archived: true,
    }),
  },
];
