import { expect, it } from "vitest";
import { migrated } from "../importers/fat-dockerfile/migrated.ts";

/** What is left of an install, of compilers, headers, a library and a tool that the sources start. */
it.each([
  [
    "apt",
    "debian:12",
    "apt-get update && apt-get install -y g++ libssl-dev git && apt-get clean",
    "apt-get update && apt-get install -y libssl3 git && apt-get clean",
  ],
  [
    "dnf",
    "fedora:40",
    "dnf install -y gcc-c++ openssl-devel git && dnf clean all",
    "dnf install -y openssl-devel git && dnf clean all",
  ],
  [
    "microdnf",
    "registry.access.redhat.com/ubi9/ubi-minimal",
    "microdnf install -y gcc-c++ git",
    "microdnf install -y git",
  ],
  [
    "zypper",
    "opensuse/leap:15",
    "zypper --non-interactive install gcc-c++ git && zypper clean",
    "zypper --non-interactive install git && zypper clean",
  ],
  [
    "pacman",
    "archlinux",
    "pacman -Syu --noconfirm gcc git && pacman -Scc --noconfirm",
    "pacman -Syu --noconfirm git && pacman -Scc --noconfirm",
  ],
])("%s", (_, base, install, wanted) => {
  const dockerfile = `FROM ${base}\nRUN ${install}\nWORKDIR /src\nCOPY . .\nRUN g++ -o /app main.cpp -lssl\nCMD ["/app"]\n`;
  const { production } = migrated({ Dockerfile: dockerfile, "main.cpp": 'int main() { system("git log"); }\n' });
  expect(production).toContain(`RUN ${wanted}\n`);
});
