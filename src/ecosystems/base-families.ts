/**
 * The official images that are described, by repository: what each adds to its distribution.
 *
 * Facts are those of the images' own Dockerfiles, which each row names.
 */
import {
  GCC_DEBIAN,
  GO_ALPINE,
  GO_DEBIAN,
  NODE_ALPINE,
  NODE_DEBIAN,
  type ReleaseTable,
  RUST_ALPINE,
  RUST_DEBIAN,
} from "./base-releases.ts";
import {
  PHP_ALPINE,
  PHP_DEBIAN,
  PYTHON_ALPINE,
  PYTHON_DEBIAN,
  RUBY_ALPINE,
  RUBY_DEBIAN,
} from "./interpreter-releases.ts";

export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Of buildpack-deps, on which the full images stand (https://github.com/docker-library/buildpack-deps). */
const SCM = ["curl", "wget", "git", "hg", "svn", "ssh", "gpg", "ps"];
const FULL = [...SCM, "gcc", "g++", "make", "autoconf", "patch", "unzip", "file", "convert", "bash", "perl", "python3"];

const PYTHON = ["python", "python3", "pip", "pip3", "pydoc", "idle"];
const RUBY = ["ruby", "gem", "bundle", "bundler", "irb", "rake", "erb", "rdoc", "ri"];

const ERLANG = ["erl", "erlc", "escript", "rebar3"];
const ELIXIR = ["elixir", "elixirc", "iex", "mix"];

/** What an official repository adds to its distribution. */
export interface Family {
  readonly toolchain: string;
  readonly debian?: ReleaseTable;
  readonly alpine?: ReleaseTable;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly executables?: Readonly<Record<"full" | "slim" | "alpine", readonly string[]>>;
  /** What some tags have besides. */
  readonly tags?: readonly TagFacts[];
  readonly source: string;
}

export interface TagFacts extends Pick<Family, "environment" | "workdir" | "cmd"> {
  readonly when: RegExp;
}

/** What docker-php-ext-install compiles with; Debian's images keep it, Alpine's install it for the time. */
const PHPIZE_DEPS = "file g++ gcc libc-dev make";

export const FAMILIES: Readonly<Record<string, Family>> = {
  golang: {
    toolchain: "go",
    debian: GO_DEBIAN,
    alpine: GO_ALPINE,
    environment: { GOPATH: "/go", PATH: `/go/bin:/usr/local/go/bin:${SYSTEM_PATH}` },
    workdir: "/go",
    executables: {
      full: [...SCM, "gcc", "g++", "make", "pkg-config", "go", "gofmt", "bash", "perl"],
      slim: ["go", "gofmt", "bash", "perl"],
      alpine: ["go", "gofmt"],
    },
    source: "https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template",
  },
  node: {
    toolchain: "node",
    debian: NODE_DEBIAN,
    alpine: NODE_ALPINE,
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["node"],
    executables: {
      full: [...FULL, "node", "npm", "npx", "yarn", "corepack"],
      slim: ["node", "npm", "npx", "yarn", "corepack", "bash", "perl"],
      alpine: ["node", "npm", "npx", "yarn", "corepack"],
    },
    source: "https://github.com/nodejs/docker-node/blob/main/Dockerfile-debian.template",
  },
  gcc: {
    toolchain: "gcc",
    debian: GCC_DEBIAN,
    cmd: ["bash"],
    executables: { full: FULL, slim: FULL, alpine: [] },
    source: "https://github.com/docker-library/gcc/blob/master/Dockerfile.template",
  },
  rust: {
    toolchain: "rust",
    debian: RUST_DEBIAN,
    alpine: RUST_ALPINE,
    environment: {
      RUSTUP_HOME: "/usr/local/rustup",
      CARGO_HOME: "/usr/local/cargo",
      PATH: `/usr/local/cargo/bin:${SYSTEM_PATH}`,
    },
    executables: {
      full: [...FULL, "cargo", "rustc", "rustup"],
      slim: ["gcc", "cc", "cargo", "rustc", "rustup", "bash", "perl"],
      alpine: ["gcc", "cc", "cargo", "rustc", "rustup"],
    },
    source: "https://github.com/rust-lang/docker-rust/blob/master/Dockerfile-debian.template",
  },
  python: {
    toolchain: "python",
    debian: PYTHON_DEBIAN,
    alpine: PYTHON_ALPINE,
    cmd: ["python3"],
    executables: {
      full: [...FULL, ...PYTHON],
      slim: [...PYTHON, "bash", "perl"],
      alpine: PYTHON,
    },
    source: "https://github.com/docker-library/python/blob/master/Dockerfile-linux.template",
  },
  ruby: {
    toolchain: "ruby",
    debian: RUBY_DEBIAN,
    alpine: RUBY_ALPINE,
    environment: {
      GEM_HOME: "/usr/local/bundle",
      BUNDLE_SILENCE_ROOT_WARNING: "1",
      BUNDLE_APP_CONFIG: "/usr/local/bundle",
      PATH: `/usr/local/bundle/bin:${SYSTEM_PATH}`,
    },
    cmd: ["irb"],
    executables: {
      full: [...FULL, ...RUBY],
      slim: [...RUBY, "bash", "perl"],
      alpine: RUBY,
    },
    source: "https://github.com/docker-library/ruby/blob/master/Dockerfile.template",
  },
  // The releases of Debian that a version had are not read; the slim image of a version has the one of the full image.
  erlang: {
    toolchain: "erlang",
    cmd: ["erl"],
    executables: { full: [...FULL, ...ERLANG], slim: [...ERLANG, "bash", "perl"], alpine: ERLANG },
    source: "https://github.com/erlang/docker-erlang-otp",
  },
  elixir: {
    toolchain: "elixir",
    cmd: ["iex"],
    executables: {
      full: [...FULL, ...ERLANG, ...ELIXIR],
      slim: [...ERLANG, ...ELIXIR, "bash", "perl"],
      alpine: [...ERLANG, ...ELIXIR],
    },
    source: "https://github.com/erlef/docker-elixir",
  },
  php: {
    toolchain: "php",
    debian: PHP_DEBIAN,
    alpine: PHP_ALPINE,
    environment: { PHP_INI_DIR: "/usr/local/etc/php" },
    entrypoint: ["docker-php-entrypoint"],
    cmd: ["php", "-a"],
    tags: [
      { when: /(?:^|-)apache(?:-|$)/, workdir: "/var/www/html", cmd: ["apache2-foreground"] },
      { when: /(?:^|-)fpm(?:-|$)/, workdir: "/var/www/html", cmd: ["php-fpm"] },
      {
        when: /(?:^|-)alpine/,
        environment: { PHPIZE_DEPS: `autoconf dpkg-dev dpkg ${PHPIZE_DEPS} pkgconf re2c` },
      },
      {
        when: /^(?!.*alpine)/,
        environment: { PHPIZE_DEPS: `autoconf dpkg-dev ${PHPIZE_DEPS} pkg-config re2c` },
      },
    ],
    executables: {
      full: ["php", "docker-php-ext-install", "curl", "tar", "xz", "gcc", "g++", "make", "autoconf", "bash", "perl"],
      slim: [],
      alpine: ["php", "docker-php-ext-install", "curl", "tar", "xz", "openssl"],
    },
    source: "https://github.com/docker-library/php/blob/master/Dockerfile-linux.template",
  },
  nginx: {
    toolchain: "nginx",
    entrypoint: ["/docker-entrypoint.sh"],
    cmd: ["nginx", "-g", "daemon off;"],
    executables: {
      full: ["nginx", "envsubst", "curl", "bash", "perl"],
      slim: ["nginx", "envsubst"],
      alpine: ["nginx", "envsubst", "curl"],
    },
    source: "https://github.com/nginx/docker-nginx/blob/master/Dockerfile-debian.template",
  },
  "buildpack-deps": {
    toolchain: "debian",
    executables: { full: FULL, slim: SCM, alpine: [] },
    source: "https://github.com/docker-library/buildpack-deps",
  },
  debian: {
    toolchain: "debian",
    cmd: ["bash"],
    executables: { full: ["bash", "perl"], slim: ["bash", "perl"], alpine: [] },
    source: "https://github.com/debuerreotype/docker-debian-artifacts",
  },
  ubuntu: {
    toolchain: "ubuntu",
    cmd: ["/bin/bash"],
    executables: { full: ["bash", "perl"], slim: ["bash", "perl"], alpine: [] },
    source: "https://github.com/docker-library/official-images/blob/master/library/ubuntu",
  },
  alpine: {
    toolchain: "alpine",
    cmd: ["/bin/sh"],
    executables: { full: ["wget", "nc"], slim: ["wget", "nc"], alpine: ["wget", "nc"] },
    source: "https://github.com/alpinelinux/docker-alpine",
  },
};
