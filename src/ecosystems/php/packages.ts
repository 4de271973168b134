/**
 * Composer packages that start programs of the system where they run:
 *
 *     php-ffmpeg/php-ffmpeg      ffmpeg and ffprobe
 *     composer/composer          git, unzip and Composer itself
 *
 * Each row says where that was read. Packages that only talk over the network have none.
 */
import { type LibraryFact, type LibraryNeeds, libraryNeeds } from "../library-facts.ts";

const checked = "2026-11-26";

function starts(source: string, ...names: readonly string[]): LibraryFact {
  return { starts: names, source, checked };
}

const SNAPPY = "https://github.com/KnpLabs/snappy#installation-with-composer";
const GIT = ["git"] as const;

const FACTS: Readonly<Record<string, LibraryFact>> = {
  "barryvdh/laravel-snappy": starts(SNAPPY, "wkhtmltopdf", "wkhtmltoimage"),
  "composer/composer": starts(
    "https://getcomposer.org/doc/00-intro.md#system-requirements",
    "composer",
    "git",
    "unzip",
  ),
  "cpliakas/git-wrapper": starts("https://github.com/cpliakas/git-wrapper", ...GIT),
  "czproject/git-php": starts("https://github.com/czproject/git-php", ...GIT),
  "gitonomy/gitlib": starts("https://github.com/gitonomy/gitlib", ...GIT),
  "knplabs/knp-snappy": starts(SNAPPY, "wkhtmltopdf", "wkhtmltoimage"),
  "mikehaertl/phpwkhtmltopdf": starts("https://github.com/mikehaertl/phpwkhtmltopdf", "wkhtmltopdf"),
  "pbmedia/laravel-ffmpeg": starts("https://github.com/protonemedia/laravel-ffmpeg", "ffmpeg", "ffprobe"),
  "php-ffmpeg/php-ffmpeg": starts(
    "https://github.com/PHP-FFMpeg/PHP-FFMpeg#how-this-library-works",
    "ffmpeg",
    "ffprobe",
  ),
  "spatie/browsershot": starts("https://spatie.be/docs/browsershot/v4/requirements", "node", "npm", "chromium"),
  "spatie/db-dumper": starts("https://github.com/spatie/db-dumper#requirements", "mysqldump", "pg_dump", "sqlite3"),
  "spatie/image-optimizer": starts(
    "https://github.com/spatie/image-optimizer#optimization-tools",
    ...["jpegoptim", "optipng", "pngquant", "svgo", "gifsicle", "cwebp"],
  ),
  "spatie/pdf-to-text": starts("https://github.com/spatie/pdf-to-text#requirements", "pdftotext"),
  "thiagoalessio/tesseract_ocr": starts("https://github.com/thiagoalessio/tesseract-ocr-for-php", "tesseract"),
};

/** Package and program, for every program that is known to be started. */
export function startedByPackages(names: readonly string[]): LibraryNeeds["executables"] {
  return libraryNeeds(names, FACTS).executables;
}
