/**
 * What commands of PHP's tools do to an image:
 *
 *     php composer.phar install        as composer install
 *     curl … | php                     Composer itself, where its installer comes through the pipe
 *     php artisan storage:link         files below the project
 *     vendor/bin/phpunit               a check
 *
 * What a program of the project's own does is not known here.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readDownload } from "../system/downloads.ts";
import { readComposer } from "./composer.ts";
import { directoryOf } from "./directories.ts";
import { LINT, made, NOTHING, TESTS } from "./effects.ts";
import { readExtensions } from "./extensions.ts";
import { isInterpreter } from "./runtime.ts";

export function readPhpCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { name } = command;
  if (isInterpreter(name)) return readInterpreter(command, image);
  if (name === "composer" || name === "composer.phar") return readComposer(command, image);
  return readExtensions(command, image) ?? readTool(command, image, false) ?? downloadComposer(command, image);
}

/** Programs that come with Composer's packages, and command lines of frameworks. */
function readTool(command: ResolvedCommand, image: ImageView, byPhp: boolean): readonly Effect[] | undefined {
  const name = command.name.replace(/\.(?:phar|php)$/, "");
  const words = command.argv.slice(1).map(({ text }) => text);
  switch (name) {
    case "phpunit":
    case "pest":
    case "paratest":
    case "behat":
    case "codecept":
    case "phpspec":
    case "infection":
    case "simple-phpunit":
      return TESTS;
    case "phpcs":
    case "phpstan":
    case "psalm":
    case "phpmd":
    case "parallel-lint":
    case "phplint":
    case "deptrac":
    case "phpcpd":
      return LINT;
    case "php-cs-fixer":
    case "ecs":
    case "pint":
    case "rector":
      return words.some((word) => word === "--dry-run" || word === "--test" || word === "check")
        ? LINT
        : [made(command.workdir, command)];
    case "artisan":
    case "console":
    case "spark":
    case "yii":
    case "craft":
    case "cake":
    case "magento":
      return readFramework(command, words, image, byPhp);
    default:
      return undefined;
  }
}

/** `php artisan config:cache`, `bin/console cache:warmup`: their commands write below the project. */
function readFramework(
  command: ResolvedCommand,
  words: readonly string[],
  image: ImageView,
  byPhp: boolean,
): readonly Effect[] | undefined {
  const [program] = command.argv;
  // `cake` and `spark` by their names alone are programs of others.
  if (
    program?.known !== true ||
    !(byPhp || program.text.includes("/")) ||
    (command.name === "console" && !/(?:bin|app)\/console$/.test(program.text))
  )
    return undefined;
  const verb = words.find((word) => !word.startsWith("-")) ?? "list";
  if (verb === "test") return TESTS;
  if (/^lint(?::|$)/.test(verb)) return LINT;
  if (/^(?:about|list|help|route:list|debug:[\w:-]+|inspire|env)$/.test(verb)) return NOTHING;
  const directory = directoryOf(program.text, command.workdir, image);
  const project = directory === undefined ? undefined : projectOf(imagePath(program.text, directory));
  return project === undefined || project === "/"
    ? [{ kind: "unknown", why: "it is not known in which directory it runs" }]
    : [made(project, command)];
}

/** The project of `/app/artisan` and of `/app/bin/console` is /app (Symfony 2: `/app/app/console`). */
function projectOf(program: ImagePath): ImagePath {
  const directory = imagePath("..", program);
  return /^(?:bin|app)$/.test(baseName(directory)) && baseName(program) === "console"
    ? imagePath("..", directory)
    : directory;
}

/** `php file …`, `php -r text`, `php` that reads its program from a pipe. */
function readInterpreter(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const at = programAt(command.argv);
  const word = command.argv[at];
  if (word === undefined || word.text === "--" || word.text === "-") return readInput(command, at);
  if (/^(?:-[vmi]|--version|--modules|--info|--ini|--r[fcezi]|-l|--syntax-check)$/.test(word.text)) return NOTHING;
  if (word.text === "-r" || word.text === "--run") return readText(command.argv[at + 1]?.text ?? "", command);
  if (word.text.startsWith("-") || !word.known) return undefined;
  const name = baseName(word.text);
  const inner: ResolvedCommand = { ...command, name, argv: command.argv.slice(at) };
  if (name === "composer-setup.php" || name === "composer-installer.php" || name === "installer")
    return installComposer(inner, at + 1, command);
  if (isInterpreter(name)) return undefined;
  return /^composer(?:\.phar)?$/.test(name) ? readComposer(inner, image) : readTool(inner, image, true);
}

/** The index of the program's file, or of the option that says what to run instead. */
export function programAt(argv: readonly Argument[]): number {
  for (let at = 1; at < argv.length; at++) {
    const text = argv[at]?.text ?? "";
    if (text === "-d" || text === "-c" || text === "--define" || text === "--php-ini") at++;
    else if (text === "-f" || text === "--file") return at + 1;
    else if (!/^(?:-[dc].+|-[nqeCs]|--no-php-ini|--no-header|--define=.*|--php-ini=.*)$/.test(text)) return at;
  }
  return argv.length;
}

/** `wget https://getcomposer.org/composer.phar`: a tool, wherever it is moved to. */
function downloadComposer(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name !== "curl" && command.name !== "wget") return undefined;
  if (!command.argv.some(({ text }) => /getcomposer\.org\/\S*composer[\w.-]*\.phar$/.test(text))) return undefined;
  return readDownload(command, image)?.map((effect) =>
    effect.kind === "download" ? { kind: "tools", names: ["composer"], paths: [effect.path] } : effect,
  );
}

/** A program that comes through a pipe: Composer's installer is known (https://getcomposer.org/download/). */
function readInput(command: ResolvedCommand, at: number): readonly Effect[] | undefined {
  if (command.input === undefined) return at >= command.argv.length ? NOTHING : undefined;
  if (/getcomposer\.org\/\S*installer/.test(command.input)) return installComposer(command, at + 1, command);
  return [{ kind: "unknown", why: `"${command.name}" runs a program that is fetched or computed` }];
}

/** `--install-dir=/usr/local/bin --filename=composer`; otherwise composer.phar in the working directory. */
function installComposer({ argv }: ResolvedCommand, from: number, command: ResolvedCommand): readonly Effect[] {
  const words = command.argv.slice(from).map(({ text }) => text);
  const value = (name: string): string | undefined => {
    const found = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
    if (found < 0) return undefined;
    const word = words[found] ?? "";
    return word.includes("=") ? word.slice(name.length + 1) : words[found + 1];
  };
  if (argv.some(({ text }) => text === "--check" || text === "--help")) return NOTHING;
  const directory = imagePath(value("--install-dir") ?? ".", command.workdir);
  const name = value("--filename") ?? "composer.phar";
  return [{ kind: "tools", names: ["composer", name], paths: [imagePath(name, directory)] }];
}

const WRITES =
  /\b(?:file_put_contents|fopen|fwrite|copy|rename|mkdir|rmdir|touch|symlink|link|unlink|chmod|chown|tempnam|exec|shell_exec|system|passthru|popen|proc_open|pcntl_exec|eval|include|include_once|require|require_once|call_user_func\w*|move_uploaded_file)\b|`|->|::|\bnew\b|\$\w+\s*\(/;

/** The lines of https://getcomposer.org/download/, and texts that only look. */
function readText(text: string, command: ResolvedCommand): readonly Effect[] | undefined {
  const copied = /^\s*copy\(\s*(["'])https?:\/\/[^"']+\1\s*,\s*(["'])([^"'$]+)\2\s*\)\s*;?\s*$/.exec(text)?.[3];
  if (copied !== undefined) return [{ kind: "download", path: imagePath(copied, command.workdir), form: "file" }];
  const removed = /^\s*unlink\(\s*(["'])([^"'$]+)\1\s*\)\s*;?\s*$/.exec(text)?.[2];
  if (removed !== undefined) return [{ kind: "removes", path: imagePath(removed, command.workdir) }];
  // `if (hash_file(…) === …) { echo … } else { unlink(…); exit(1); }`: what it removes fails the build.
  const verifies = /\bhash(?:_file)?\s*\(/.test(text) && !WRITES.test(text.replaceAll(/\bunlink\s*\(/g, "("));
  return verifies || !WRITES.test(text) ? NOTHING : undefined;
}
