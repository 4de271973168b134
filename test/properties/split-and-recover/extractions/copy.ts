/**
 * Hand-overs by `docker cp` out of a container that never ran, or ran nothing of weight.
 *
 *     id0=$(docker create part0)
 *     docker cp "$id0:/out/app00" ./app00
 *     docker rm "$id0"
 */
import { posix } from "node:path";
import { type ExtractionIdiom, type Job, pick, type Take } from "../script.ts";

/** `mkdir -p` for the folder of a path, where the checkout may not have it. */
export function folderFor(path: string, context: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === "." || folder === context ? [] : [`mkdir -p ${folder}`];
}

/** `docker cp` in all the ways that end at the same place. */
export function copyOut(container: string, take: Take, from: string = take.artifact.path): readonly string[] {
  const { lands, artifact, context } = take;
  const folder = posix.dirname(lands);
  const copy = (source: string, target: string) => `docker cp ${container}:${source} ${target}`;
  const sameName = posix.basename(lands) === posix.basename(from);
  const ways = [
    [...folderFor(lands, context), copy(from, lands)],
    [...folderFor(lands, context), copy(from, `./${lands}`)],
    ...(sameName ? [[...folderFor(lands, context), copy(from, artifact.form === "file" ? `${folder}/` : folder)]] : []),
    ...(artifact.form === "directory" ? [[`mkdir -p ${lands}`, copy(`${from}/.`, lands)]] : []),
  ];
  return pick(ways, take.style);
}

const copies = (container: string, { takes }: Job): readonly string[] =>
  takes.flatMap((take) => copyOut(container, take));

/** What the scripts that say `extract` mean by it. */
const EXTRACT = `extract() { # image, path, target
  local id
  id=$(docker create "$1")
  docker cp "$id:$2" "$3"
  docker rm "$id" > /dev/null
}`;

const always = () => true;

/** Files of one stage that land under their own names in one folder. */
function inOneFolder({ takes }: Job): string | undefined {
  const folders = new Set(takes.map(({ lands }) => posix.dirname(lands)));
  const named = takes.every(({ lands, artifact }) => posix.basename(lands) === posix.basename(artifact.path));
  const [folder] = folders;
  return folders.size === 1 && named ? folder : undefined;
}

export const COPY_EXTRACTIONS: readonly ExtractionIdiom[] = [
  {
    name: "create-named",
    needs: [],
    applies: always,
    emit: (job) => ({
      lines: [
        `docker create --name extract${job.id} ${job.image}`,
        ...copies(`extract${job.id}`, job),
        `docker rm -f extract${job.id}`,
      ],
    }),
  },
  {
    name: "create-name-reused",
    needs: [],
    applies: always,
    emit: (job) => ({
      lines: [`docker create --name extract ${job.image}`, ...copies("extract", job), "docker rm extract"],
    }),
  },
  {
    name: "create-captured",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({
      lines: [
        `id${job.id}=$(docker create ${job.image})`,
        ...copies(`"$id${job.id}"`, job),
        `docker rm "$id${job.id}" > /dev/null`,
      ],
    }),
  },
  {
    name: "create-backticks",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({
      lines: [
        `cid${job.id}=\`docker create ${job.image}\``,
        ...copies(`$cid${job.id}`, job),
        `docker rm -v $cid${job.id} > /dev/null`,
      ],
    }),
  },
  {
    name: "create-substituted",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({ lines: copies(`$(docker create ${job.image})`, job) }),
  },
  {
    name: "create-in-function",
    needs: ["shell", "functions"],
    applies: ({ takes }) => takes.every(({ lands, context }) => folderFor(lands, context).length === 0),
    emit: (job) => ({
      lines: job.takes.map(({ artifact, lands }) => `extract ${job.image} ${artifact.path} ${lands}`),
      functions: [EXTRACT],
    }),
  },
  {
    name: "create-loop",
    needs: ["shell"],
    applies: (job) => inOneFolder(job) !== undefined,
    emit: (job) => {
      const [first] = job.takes;
      const folder = inOneFolder(job) ?? ".";
      const paths = job.takes.map(({ artifact }) => artifact.path).join(" ");
      return {
        lines: [
          ...(first === undefined ? [] : folderFor(first.lands, first.context)),
          `docker create --name loop${job.id} ${job.image}`,
          `for path in ${paths}; do docker cp "loop${job.id}:$path" ${folder}/; done`,
          `docker rm loop${job.id}`,
        ],
      };
    },
  },
  {
    name: "create-array",
    needs: ["shell", "bash"],
    applies: (job) => inOneFolder(job) !== undefined,
    emit: (job) => {
      const [first] = job.takes;
      const folder = inOneFolder(job) ?? ".";
      return {
        lines: [
          ...(first === undefined ? [] : folderFor(first.lands, first.context)),
          `paths${job.id}=(${job.takes.map(({ artifact }) => artifact.path).join(" ")})`,
          `array${job.id}=$(docker create ${job.image})`,
          `for path in "\${paths${job.id}[@]}"; do docker cp "$array${job.id}:$path" ${folder}/; done`,
          `docker rm "$array${job.id}"`,
        ],
      };
    },
  },
  {
    name: "run-true",
    needs: [],
    applies: always,
    emit: (job) => ({
      lines: [
        `docker run --name ran${job.id} ${job.image} true`,
        ...copies(`ran${job.id}`, job),
        `docker rm ran${job.id}`,
      ],
    }),
  },
  {
    name: "run-detached",
    needs: [],
    applies: always,
    emit: (job) => ({
      lines: [
        `docker run -d --name asleep${job.id} ${job.image} sleep 600`,
        ...copies(`asleep${job.id}`, job),
        `docker stop -t 0 asleep${job.id}`,
        `docker rm asleep${job.id}`,
      ],
    }),
  },
  {
    name: "run-detached-captured",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({
      lines: [
        `run${job.id}=$(docker run -d --rm ${job.image} sleep 600)`,
        ...copies(`"$run${job.id}"`, job),
        `docker kill "$run${job.id}"`,
      ],
    }),
  },
  {
    name: "exec-cat",
    needs: ["shell"],
    applies: ({ takes }) => takes.every(({ artifact }) => artifact.form === "file"),
    emit: (job) => ({
      lines: [
        `docker run -d --name up${job.id} ${job.image} sleep 600`,
        ...job.takes.flatMap(({ artifact, lands, context }) => [
          ...folderFor(lands, context),
          `docker exec up${job.id} cat ${artifact.path} > ${lands}`,
        ]),
        `docker rm -f up${job.id}`,
      ],
    }),
  },
  {
    name: "exec-tar",
    needs: ["shell"],
    applies: ({ takes }) => takes.every(({ artifact }) => artifact.form === "directory"),
    emit: (job) => ({
      lines: [
        `docker run -d --name up${job.id} ${job.image} sleep 600`,
        ...job.takes.flatMap(({ artifact, lands }) => [
          `mkdir -p ${lands}`,
          `docker exec up${job.id} tar -cf - -C ${artifact.path} . | tar -xf - -C ${lands}`,
        ]),
        `docker rm -f up${job.id}`,
      ],
    }),
  },
  {
    name: "exec-copy",
    needs: ["shell"],
    applies: always,
    emit: (job) => ({
      lines: [
        `docker run -d --name up${job.id} ${job.image} sleep 600`,
        ...job.takes.flatMap((take) => [
          `docker exec up${job.id} cp -r ${take.artifact.path} /handover${take.id}`,
          ...copyOut(`up${job.id}`, { ...take }, `/handover${take.id}`),
        ]),
        `docker stop -t 0 up${job.id} && docker rm up${job.id}`,
      ],
    }),
  },
];
