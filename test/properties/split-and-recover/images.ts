/**
 * What may happen to a builder's image between its build and the container: other names, other hosts, a commit.
 *
 *     docker tag part0 renamed0
 *     docker save part0 | docker load
 *     docker commit once0 committed0
 */
import type { Ability } from "./script.ts";

export interface ImageDetour {
  readonly name: string;
  readonly needs: readonly Ability[];
  /** Lines after the build of `image`, and the name by which the image goes on. */
  readonly emit: (image: string, id: string) => { readonly lines: readonly string[]; readonly image: string };
}

export const IMAGE_DETOURS: readonly ImageDetour[] = [
  { name: "image-direct", needs: [], emit: (image) => ({ lines: [], image }) },
  {
    name: "image-tagged",
    needs: [],
    emit: (image, id) => ({ lines: [`docker tag ${image} renamed${id}:latest`], image: `renamed${id}` }),
  },
  {
    name: "image-saved-and-loaded",
    needs: ["shell"],
    emit: (image) => ({ lines: [`docker save ${image} | docker load`], image }),
  },
  {
    name: "image-saved-to-file",
    needs: ["shell"],
    emit: (image, id) => ({
      lines: [`docker save -o saved${id}.tar ${image}`, `docker load -i saved${id}.tar`, `rm -f saved${id}.tar`],
      image,
    }),
  },
  {
    name: "image-saved-compressed",
    needs: ["shell"],
    emit: (image, id) => ({
      lines: [
        `docker save ${image} | gzip > saved${id}.tar.gz`,
        `gunzip -c saved${id}.tar.gz | docker load`,
        `rm saved${id}.tar.gz`,
      ],
      image,
    }),
  },
  {
    name: "image-committed",
    needs: [],
    emit: (image, id) => ({
      lines: [
        `docker create --name once${id} ${image}`,
        `docker commit once${id} committed${id}`,
        `docker rm once${id}`,
      ],
      image: `committed${id}`,
    }),
  },
];
