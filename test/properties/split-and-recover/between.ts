/**
 * Host commands between the container and the next build, which carry an artifact from where it landed to where it is copied.
 *
 *     mv tmp0 app/files0
 *     cp -r tmp0/. app/files0
 *     gzip tmp0 && gunzip tmp0.gz && mv tmp0 bin0
 */
import type { Form } from "./graph.ts";

export interface Between {
  readonly name: string;
  readonly applies: (form: Form) => boolean;
  /** Whether it changes the artifact, so that another copy of it is another file. */
  readonly once?: true;
  /** Nothing is carried where it is absent: the artifact lands where it is copied. */
  readonly carry?: (from: string, to: string, form: Form) => readonly string[];
}

const always = () => true;
const isFile = (form: Form) => form === "file";
const isDirectory = (form: Form) => form === "directory";

export const BETWEENS: readonly Between[] = [
  { name: "between-nothing", applies: always },
  { name: "between-moved", applies: always, carry: (from, to) => [`mv ${from} ${to}`] },
  {
    name: "between-copied",
    applies: always,
    carry: (from, to, form) => [form === "file" ? `cp ${from} ${to}` : `cp -r ${from} ${to}`],
  },
  { name: "between-copied-as-it-is", applies: always, carry: (from, to) => [`cp -a ${from} ${to}`] },
  {
    name: "between-contents-copied",
    applies: isDirectory,
    carry: (from, to) => [`mkdir -p ${to}`, `cp -R ${from}/. ${to}/`, `rm -rf ${from}`],
  },
  {
    name: "between-mode",
    applies: isFile,
    once: true,
    carry: (from, to) => [`chmod 644 ${from}`, `mv ${from} ${to}`],
  },
  { name: "between-installed", applies: isFile, once: true, carry: (from, to) => [`install -m 644 ${from} ${to}`] },
  { name: "between-linked", applies: isFile, carry: (from, to) => [`ln ${from} ${to}`] },
  {
    name: "between-gzipped",
    applies: isFile,
    carry: (from, to) => [`gzip ${from}`, `gunzip ${from}.gz`, `mv ${from} ${to}`],
  },
  {
    name: "between-gzipped-through-pipe",
    applies: isFile,
    carry: (from, to) => [`gzip -c ${from} > ${from}.gz`, `gzip -dc ${from}.gz > ${to}`, `rm -f ${from}.gz`],
  },
  {
    name: "between-archived",
    applies: isDirectory,
    carry: (from, to) => [
      `tar -czf ${from}.tgz -C ${from} .`,
      `mkdir -p ${to}`,
      `tar -xzf ${from}.tgz -C ${to}`,
      `rm ${from}.tgz`,
    ],
  },
  {
    name: "between-piped-archive",
    applies: isDirectory,
    carry: (from, to) => [`mkdir -p ${to}`, `tar cf - -C ${from} . | tar xf - -C ${to}`],
  },
  {
    name: "between-synced",
    applies: isDirectory,
    carry: (from, to) => [`rsync -a ${from}/ ${to}/`],
  },
];
