/**
 * Executables of packages whose name differs from the package's, from the `bin` field that each publishes
 * (https://registry.npmjs.org/<package>, 2026-11-24).
 *
 *     binaryNames("typescript")        // ["tsc", "tsserver"]
 *     binaryNames("@scope/some-tool")  // ["some-tool"]
 */

const BINARIES: Readonly<Record<string, readonly string[]>> = {
  "@angular/cli": ["ng"],
  "@babel/cli": ["babel", "babel-external-helpers"],
  "@babel/node": ["babel-node"],
  "@keystone-6/core": ["keystone"],
  "@medusajs/cli": ["medusa"],
  "@nestjs/cli": ["nest"],
  "@react-router/dev": ["react-router"],
  "@react-router/serve": ["react-router-serve"],
  "@remix-run/dev": ["remix"],
  "@remix-run/serve": ["remix-serve"],
  "@sveltejs/kit": ["svelte-kit"],
  "@swc/cli": ["swc"],
  "@vue/cli": ["vue"],
  "@vue/cli-service": ["vue-cli-service"],
  "babel-cli": ["babel", "babel-node"],
  "dotenv-cli": ["dotenv"],
  "ember-cli": ["ember"],
  "gatsby-cli": ["gatsby"],
  "grunt-cli": ["grunt"],
  "gulp-cli": ["gulp"],
  knex: ["knex"],
  nuxt: ["nuxt", "nuxi"],
  "npm-run-all": ["npm-run-all", "run-s", "run-p"],
  "npm-run-all2": ["npm-run-all", "run-s", "run-p"],
  "parcel-bundler": ["parcel"],
  pm2: ["pm2", "pm2-dev", "pm2-docker", "pm2-runtime"],
  pnpm: ["pnpm", "pnpx"],
  "sequelize-cli": ["sequelize", "sequelize-cli"],
  "ts-node": ["ts-node", "ts-node-esm", "ts-node-transpile-only", "ts-script"],
  "ts-node-dev": ["ts-node-dev", "tsnd"],
  typescript: ["tsc", "tsserver"],
  "webpack-cli": ["webpack-cli", "webpack"],
  yarn: ["yarn", "yarnpkg"],
};

/** What a package puts on PATH. */
export function binaryNames(package_: string): readonly string[] {
  return BINARIES[package_] ?? [package_.replace(/^@[^/]+\//, "")];
}

/** Which of the named packages brings an executable. */
export function packageOfBinary(binary: string, packages: readonly string[]): string | undefined {
  return packages.find((name) => binaryNames(name).includes(binary));
}
