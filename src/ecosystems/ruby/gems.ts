/**
 * Gems that need more than Ruby where they run:
 *
 *     pg          links to libpq
 *     rmagick     links to libraries that are not known here
 *     mini_magick starts convert or magick
 *
 * Only what the full images hold matters, since what a Dockerfile installs by name is planned by its own name. Each row says where that
 * was read. Gems that bring their C code or a compiled library with them have none.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { type LibraryFact, type LibraryNeeds, libraryNeeds } from "../library-facts.ts";

const checked = "2026-11-26";

function links(repository: string, ...names: readonly string[]): LibraryFact {
  return { links: names, source: `https://github.com/${repository}`, checked };
}

const FACTS: Readonly<Record<string, LibraryFact>> = {
  charlock_holmes: links("brianmario/charlock_holmes", "?"),
  curb: links("taf2/curb", "curl"),
  ethon: links("typhoeus/ethon", "curl"),
  "ffi-icu": links("erickguan/ffi-icu", "?"),
  gpgme: links("ueno/ruby-gpgme", "?"),
  "libxml-ruby": links("xml4r/libxml-ruby", "xml2"),
  mini_magick: { starts: ["convert"], source: "https://github.com/minimagick/minimagick#requirements", checked },
  mysql2: links("brianmario/mysql2", "mariadb"),
  pg: links("ged/ruby-pg", "pq"),
  rmagick: links("rmagick/rmagick", "?"),
  "ruby-filemagic": links("blackwinter/ruby-filemagic", "?"),
  "ruby-vips": links("libvips/ruby-vips", "?"),
  rugged: links("libgit2/rugged", "ssl"),
  snappy: links("miyucy/snappy", "?"),
  tiny_tds: links("rails-sqlserver/tiny_tds", "?"),
  typhoeus: links("typhoeus/typhoeus", "curl"),
  "wkhtmltopdf-binary": links("zakird/wkhtmltopdf_binary_gem", "?"),
};

export function gemNeeds(names: readonly string[]): LibraryNeeds {
  const needs = libraryNeeds(names, FACTS);
  // Sprockets and its like run JavaScript when they are loaded (https://github.com/rails/execjs#readme); these gems bring an engine.
  const script = names.includes("execjs") && !names.some((name) => /^(?:mini_racer|therubyracer|duktape)$/.test(name));
  return script ? { ...needs, executables: [...needs.executables, ["execjs", "node"]] } : needs;
}

/** The gems of a lock file; `undefined` without one (https://bundler.io/guides/using_bundler_in_applications.html#gemfilelock). */
export function lockedGems(directory: ImagePath, image: ImageView): readonly string[] | undefined {
  const text = image.read(imagePath("Gemfile.lock", directory));
  return text === undefined ? undefined : [...text.matchAll(/^ {4}([\w.-]+) \(/gm)].map(([, name]) => name ?? "");
}
