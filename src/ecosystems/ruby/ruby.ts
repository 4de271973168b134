/**
 * Ruby: what Bundler and RubyGems install, what a program needs where it runs, and which images it runs on.
 *
 *     RUN bundle install                  gems in /usr/local/bundle
 *     CMD ["bundle", "exec", "puma"]      needs them, the sources, and Ruby
 *
 * Left alone: JRuby, and the Ruby of Debian and Alpine, whose gems lie elsewhere.
 */
import { describeBase } from "../base-images.ts";
import type { BaseRequest, Ecosystem, RuntimeBase } from "../ecosystem.ts";
import { hasPackages } from "../library-facts.ts";
import { slimSibling } from "../slim-siblings.ts";
import { readRubyCommand } from "./commands.ts";
import { gemNeeds } from "./gems.ts";
import { rubyNeeds } from "./runtime.ts";

export const ruby: Ecosystem = {
  name: "ruby",
  interpret: readRubyCommand,
  needs: rubyNeeds,
  runtimeBases: rubyBases,
};

const FIRST = /^(?:1\.|2\.(?:0|1\.[0-4])(?:\D|$))|wheezy|jessie|rc|preview/;

/**
 * `ruby:3.2` → `ruby:3.2-slim`, `ruby:3.2-bullseye` → `ruby:3.2-slim-bullseye`: every plain tag has had a slim one since 2.1.5 (the history of
 * https://github.com/docker-library/official-images/blob/master/library/ruby up to commit 37079fb336f5).
 */
function rubyBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const trees = request.needs.flatMap((need) =>
    need.kind === "dependencies" && need.tree.ecosystem === "ruby" ? [need.tree] : [],
  );
  const starts = request.needs.some((need) => need.kind === "executable" && need.name === "ruby");
  const { base } = request.image;
  if (base.toolchain !== "ruby" || (trees.length === 0 && !starts)) return undefined;
  if (base.variant !== "full" || base.digest !== undefined || !base.known) return [];
  const needs = gemNeeds(trees.flatMap(({ names }) => names ?? []));
  const release = base.distribution?.codename;
  if (!hasPackages(needs, release)) return [];
  const reference = slimSibling(request.reference, "before-release", FIRST);
  const described = slimSibling(base.reference, "before-release", FIRST);
  if (reference === undefined || described === undefined) return [];
  const unsure = trees.some(({ names }) => names === undefined);
  const consequence = unsure
    ? "The same Ruby without compilers and headers; a gem that is not named here may link to a library that it lacks."
    : "The same Ruby on the same Debian release, without compilers, headers and version control programs.";
  return [{ rung: "slim", reference, consequence, base: describeBase(described), packages: [], unsure }];
}
