import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const MANIFEST = '{"name":"acme/shop","require":{"php":"^8.2","monolog/monolog":"^3"}}';
const LOCK = (...names: readonly string[]): string =>
  JSON.stringify({ packages: names.map((name) => ({ name, version: "1.0.0" })), "packages-dev": [] });

function project(dockerfile: string, more: Readonly<Record<string, string>> = {}): Parameters<typeof migrated>[0] {
  return {
    Dockerfile: dockerfile,
    "composer.json": MANIFEST,
    "composer.lock": LOCK("monolog/monolog"),
    "public/index.php": "<?php require __DIR__.'/../vendor/autoload.php';",
    "src/Shop.php": "<?php class Shop {}",
    ...more,
  };
}

const COMPOSER = "COPY --from=composer:2 /usr/bin/composer /usr/local/bin/composer\n";
const SITE = "builder:/var/www/html -> /var/www/html";
const EXTENSIONS = [
  "builder:/usr/local/lib/php/extensions -> /usr/local/lib/php/extensions",
  "builder:/usr/local/etc/php/conf.d -> /usr/local/etc/php/conf.d",
];

describe("where Composer works", () => {
  it.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "in the directory that apache's image serves, which starts by itself",
      `FROM php:8.2-apache\n${COMPOSER}COPY . .\nRUN composer install --no-dev\n`,
      {},
      [SITE],
    ],
    [
      "in the directory of php-fpm's image",
      `FROM php:8.3-fpm-alpine\n${COMPOSER}COPY . .\nRUN composer update\n`,
      {},
      [SITE],
    ],
    [
      "in the directory that an option names",
      `FROM php:8.2-cli\n${COMPOSER}COPY . /app\nRUN composer -n install --working-dir=/app\nCMD ["php", "/app/public/index.php"]\n`,
      {},
      ["builder:/app -> /app"],
    ],
    [
      "as a file that PHP runs, which a later layer removes",
      'FROM php:8.2-cli\nWORKDIR /app\nCOPY . .\nCOPY --from=composer:2 /usr/bin/composer ./composer.phar\nRUN php -d memory_limit=-1 composer.phar install && rm composer.phar\nCMD ["php", "public/index.php"]\n',
      {},
      ["builder:/app -> /app"],
    ],
    [
      "beside the only manifest, where nobody knows the working directory of the image",
      "FROM example/php-nginx:2.6\nUSER nobody\nRUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/bin --filename=composer\nCOPY --chown=nobody . /srv/site\nRUN composer install --no-dev\n",
      {},
      ["builder:/srv/site -> /srv/site"],
    ],
    [
      "with the libraries outside of the project",
      `FROM php:8.2-cli\n${COMPOSER}WORKDIR /app\nENV COMPOSER_VENDOR_DIR=/opt/vendor\nCOPY . .\nRUN composer install\nCMD ["php", "public/index.php"]\n`,
      {},
      ["builder:/app -> /app", "builder:/opt/vendor -> /opt/vendor"],
    ],
    [
      "with the libraries where the manifest says",
      `FROM php:8.2-cli\n${COMPOSER}WORKDIR /app\nCOPY . .\nRUN composer install\nCMD ["php", "public/index.php"]\n`,
      { "composer.json": '{"config":{"vendor-dir":"/opt/vendor"}}' },
      ["builder:/app -> /app", "builder:/opt/vendor -> /opt/vendor"],
    ],
    [
      "to make a project",
      `FROM php:8.2-cli\n${COMPOSER}RUN composer create-project acme/skeleton:^2 /srv/new\nCMD ["php", "-S", "0.0.0.0:80", "-t", "/srv/new/public"]\n`,
      {},
      ["builder:/srv/new -> /srv/new"],
    ],
    [
      "in a build that a service of the distribution serves",
      'FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y php-fpm nginx curl unzip\nRUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/bin --filename=composer\nWORKDIR /srv/app\nCOPY . .\nRUN composer install\nCMD service php8.1-fpm start && nginx -g "daemon off;"\n',
      {},
      ["builder:/srv/app -> /srv/app"],
    ],
  ])("%s", (_, dockerfile, more, flows) => {
    const seen = migrated(project(dockerfile, more));
    expect(seen.flows).toEqual(flows);
    expect(seen.production).not.toContain("composer");
    expect(seen.summary).toContain("omposer");
  });

  it("counts Composer as needed where a library starts it", () => {
    const lock = { "composer.lock": LOCK("composer/composer") };
    const dockerfile = `FROM php:8.2-cli\n${COMPOSER}RUN apt-get update && apt-get install -y git unzip\nWORKDIR /app\nCOPY . .\nRUN composer install\nCMD ["php", "src/Shop.php"]\n`;
    expect(migrated(project(dockerfile, lock)).verdict).toBe("no-benefit");
  });

  it("runs the project's own scripts as what they are", () => {
    const scripts =
      '{"scripts":{"check":["@test","@php -v"],"test":"phpunit","assets":"Acme\\\\Assets::build"},"require":{}}';
    const dockerfile = `FROM php:8.2-cli\n${COMPOSER}WORKDIR /app\nCOPY . .\nRUN composer install && composer assets\nRUN composer check\nCMD ["php", "src/Shop.php"]\n`;
    const seen = migrated(project(dockerfile, { "composer.json": scripts }));
    expect(seen.flows).toEqual(["tester:/app -> /app"]);
    expect(seen.production).not.toContain("check");
  });
});

describe("extensions", () => {
  it.each<[string, string, readonly string[], RegExp]>([
    [
      "are copied, with the libraries of their headers by their names in the release",
      "FROM php:8.2.10-apache\nRUN apt-get update && apt-get install -y libzip-dev libicu-dev git \\\n    && docker-php-ext-install zip intl\n",
      EXTENSIONS,
      /install -y libzip4 libicu72 *\n/,
    ],
    [
      "are copied without what they were compiled with, a list in a variable",
      "FROM php:8.3.7-fpm-alpine\nRUN apk add --no-cache $PHPIZE_DEPS icu-dev git && pecl install redis && docker-php-ext-enable redis\n",
      EXTENSIONS,
      /apk add --no-cache libstdc\+\+ icu-libs\n/,
    ],
    [
      "need no package of a group that is removed again",
      "FROM php:8.3-fpm-alpine\nRUN apk add --no-cache libzip git && apk add --virtual .build $PHPIZE_DEPS libzip-dev \\\n    && docker-php-ext-install zip && apk del .build\n",
      EXTENSIONS,
      /RUN apk add --no-cache libzip\n/,
    ],
    [
      "need the library whose headers apt removed",
      "FROM php:8.2.10-fpm\nRUN apt-get update && apt-get install -y git libzip-dev && docker-php-ext-install zip && apt-get purge -y libzip-dev\n",
      EXTENSIONS,
      /install -y libzip4\n/,
    ],
    [
      "keep headers whose library is not known",
      "FROM php:8.2-fpm\nRUN apt-get update && apt-get install -y git libobscure-dev && docker-php-ext-install obscure\n",
      EXTENSIONS,
      /install -y libobscure-dev\n/,
    ],
    [
      "keep headers where a digest hides the release",
      "FROM php:8.2-fpm@sha256:0000000000000000000000000000000000000000000000000000000000000000\nRUN apt-get update && apt-get install -y git libzip-dev && docker-php-ext-install zip\n",
      EXTENSIONS,
      /install -y libzip-dev\n/,
    ],
    [
      "are compiled again, compilers and all, where packages follow that nobody can name",
      'FROM php:8.3-fpm-alpine\nRUN apk add --no-cache --virtual .build $PHPIZE_DEPS zlib-dev \\\n && docker-php-ext-install zip \\\n && run="$(scanelf -n /usr/local/lib/php/extensions)" && apk add $run && apk del .build\nRUN apk add git\n',
      [],
      /--virtual \.build \$PHPIZE_DEPS zlib-dev[\s\S]*docker-php-ext-install zip[\s\S]*apk del \.build/,
    ],
    [
      "are compiled again in one piece, where they were compiled in one piece",
      "FROM php:8.2.10-fpm\nRUN <<EOF\napt-get update\napt-get install -y libzip-dev\ndocker-php-ext-install zip\nEOF\nRUN apt-get install -y git\n",
      [],
      /install -y libzip-dev\ndocker-php-ext-install zip\nEOF/,
    ],
    [
      "are installed again by the script that installs packages as well",
      "FROM php:8.3-fpm\nCOPY --from=mlocati/php-extension-installer /usr/bin/install-php-extensions /usr/local/bin/\nRUN install-php-extensions gd zip\nRUN apt-get update && apt-get install -y git\n",
      ["mlocati/php-extension-installer:/usr/bin/install-php-extensions -> /usr/local/bin/install-php-extensions"],
      /RUN install-php-extensions gd zip\n/,
    ],
  ])("%s", (_, setup, flows, run) => {
    const seen = migrated(project(`${setup}${COMPOSER}COPY . .\nRUN composer install --no-dev\n`));
    expect(seen.flows).toEqual([...flows, SITE]);
    expect(seen.production).toMatch(run);
    expect(seen.production).not.toMatch(/\bgit\b/);
  });

  it.each([
    ["arrive without the settings that were taken away", "", false],
    ["lose their settings again where they are compiled again", " && apk add $(cat list)", true],
  ])("%s", (_, more, again) => {
    const dockerfile = `FROM php:8.3-fpm-alpine\nRUN apk add git && pecl install xdebug && docker-php-ext-enable xdebug && rm $PHP_INI_DIR/conf.d/docker-php-ext-xdebug.ini${more}\n${COMPOSER}COPY . .\nRUN composer install\n`;
    const seen = migrated(project(dockerfile));
    expect(seen.flows).toEqual([...(again ? [] : EXTENSIONS), SITE]);
    expect(seen.production.includes("&& rm $PHP_INI_DIR")).toBe(again);
  });

  it("come with the settings that are written beside them", () => {
    const dockerfile = `FROM php:8.2-apache\nRUN apt-get update && apt-get install -y libpq-dev && docker-php-ext-install pdo_pgsql\nRUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" && echo memory_limit=1G > $PHP_INI_DIR/conf.d/memory.ini\nCOPY . .\n`;
    const seen = migrated(project(dockerfile));
    expect(seen.production).toContain('RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" && echo memory');
    expect(seen.production).toContain("COPY . .");
    expect(seen.flows).toEqual(EXTENSIONS);
  });
});

describe("what runs", () => {
  const FPM = (rest: string): string =>
    `FROM php:8.2-fpm\nRUN apt-get update && apt-get install -y git unzip supervisor\n${COMPOSER}COPY . /app\nWORKDIR /app\nRUN composer install\n${rest}`;

  it.each<[string, string, Readonly<Record<string, string>>, readonly string[], readonly string[]]>([
    [
      "takes the project, whatever starts the servers",
      FPM('CMD ["/usr/bin/supervisord", "-n"]\n'),
      {},
      ["builder:/app -> /app"],
      ["RUN apt-get update && apt-get install -y supervisor\n"],
    ],
    [
      "takes the project where a script starts what it is given",
      FPM('ENTRYPOINT ["./run.sh"]\nCMD ["php-fpm"]\n'),
      { "run.sh": '#!/bin/sh\nset -e\nphp bin/console migrate\nexec "$@"\n' },
      ["builder:/app -> /app"],
      ['ENTRYPOINT ["./run.sh"]'],
    ],
    [
      "keeps programs that the sources start",
      FPM('CMD ["php", "src/Shop.php"]\n'),
      { "src/Shop.php": "<?php exec('git log');" },
      ["builder:/app -> /app"],
      ["install -y git supervisor\n"],
    ],
    [
      "keeps tools where the sources compute what they start",
      FPM('CMD ["php", "src/Shop.php"]\n'),
      { "src/Shop.php": "<?php shell_exec($command);" },
      ["builder:/app -> /app"],
      ["install -y git unzip supervisor\n"],
    ],
    [
      "keeps links to the project, and what makes them",
      FPM('RUN rm -rf /var/www/html && ln -s /app/public /var/www/html\nCMD ["php-fpm"]\n'),
      {},
      ["builder:/app -> /app"],
      ["RUN rm -rf /var/www/html && ln -s /app/public /var/www/html"],
    ],
    [
      "takes what commands of a framework write, and front-end builds",
      FPM('RUN npm ci && npm run build && php artisan storage:link\nCMD ["php", "artisan", "serve"]\n').replace(
        "supervisor",
        "supervisor nodejs npm",
      ),
      {
        artisan: "#!/usr/bin/env php\n<?php",
        "package.json": '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"5.0.0"}}',
        "package-lock.json": '{"lockfileVersion":3,"packages":{}}',
      },
      ["builder:/app -> /app"],
      ["install -y supervisor\n"],
    ],
    [
      "sets the owner of the copied directory itself, and no more",
      FPM("RUN chown -R www-data:www-data /app && chmod -R 775 /app/public\n"),
      {},
      ["builder:/app -> /app"],
      ["COPY --from=builder /app /app\nRUN chown www-data:www-data /app\n"],
    ],
    [
      "fetches the lists of packages in a command of their own",
      FPM('CMD ["php-fpm"]\n').replace("&& apt-get install", "\nRUN apt-get install"),
      {},
      ["builder:/app -> /app"],
      ["RUN apt-get update \nRUN apt-get install -y supervisor\n"],
    ],
    [
      "sets the server up again",
      FPM("RUN a2enmod rewrite && a2ensite shop && sed -i s/80/8080/ /etc/apache2/ports.conf\n").replace(
        "8.2-fpm",
        "8.2-apache",
      ),
      {},
      ["builder:/app -> /app"],
      ["RUN a2enmod rewrite && a2ensite shop && sed -i s/80/8080/ /etc/apache2/ports.conf"],
    ],
  ])("%s", (_, dockerfile, more, flows, texts) => {
    const seen = migrated(project(dockerfile, more));
    expect(seen.flows).toEqual(flows);
    for (const text of texts) expect(seen.production).toContain(text);
    expect(seen.decisions["runtime-base"]).toMatch(/^php:8\.2-(?:fpm|apache)$/);
  });

  it("keeps Composer and what it calls where the image starts it", () => {
    const seen = migrated(project(FPM("CMD composer install && php-fpm\n")));
    expect(seen).toMatchObject({ verdict: "no-benefit", decisions: { "runtime-base": "php:8.2-fpm" } });
  });

  it("tests before it ships", () => {
    const seen = migrated(project(FPM('RUN vendor/bin/phpunit\nCMD ["php-fpm"]\n')));
    expect(seen.dockerfile).toContain("FROM builder AS tester\nRUN vendor/bin/phpunit");
  });
});

describe("what is not split", () => {
  it.each<[string, string, string, string]>([
    ["a page without a build", "FROM php:8.2-apache\nCOPY . .\n", "no-benefit", "Nothing is built in it."],
    [
      "an image that starts a prompt",
      `FROM php:8.2-cli\n${COMPOSER}COPY . /app\nRUN composer install -d /app\n`,
      "refused",
      "It is not known what the image runs.",
    ],
    [
      "packages of PEAR",
      "FROM php:8.2-apache\nCOPY . .\nRUN pear install Mail\n",
      "refused",
      "What PEAR installs cannot be followed, since it spreads what it installs over the directories of PHP itself.",
    ],
    [
      "an extension that is compiled by hand",
      "FROM php:8.2-apache\nCOPY . .\nRUN cd ext && phpize\n",
      "refused",
      "What phpize installs cannot be followed, since it compiles an extension by hand.",
    ],
    [
      "extensions of another PHP",
      "FROM debian:12\nRUN apt-get update && apt-get install -y php-dev php-pear apache2\nCOPY . /var/www/html\nRUN pecl install redis\nCMD apachectl -D FOREGROUND\n",
      "refused",
      'What PECL installs cannot be followed, since it is not known where the PHP of "debian:12" keeps its extensions.',
    ],
    [
      "Composer in one of two projects, nobody knows which",
      'FROM example/php-nginx:1\nCOPY . /srv/a\nCOPY . /srv/b\nRUN composer install\nCMD ["php-fpm"]\n',
      "refused",
      "What Composer installs cannot be followed, since it is not known in which directory it runs.",
    ],
    [
      "scripts among the system's own",
      `FROM php:8.2-apache\n${COMPOSER}ENV COMPOSER_BIN_DIR=/usr/local/bin\nCOPY . .\nRUN composer install\n`,
      "refused",
      "What Composer installs cannot be followed, since COMPOSER_BIN_DIR puts scripts among the system's own.",
    ],
  ])("%s", (_, dockerfile, verdict, summary) => {
    expect(migrated(project(dockerfile))).toMatchObject({ verdict, summary, dockerfile: "" });
  });
});
