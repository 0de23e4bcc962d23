import { expect, it } from "vitest";
import { debianMirrors } from "./apt-sources.ts";

it("mirrors are read from both forms of sources, security and other archives left out, each once", () => {
  const list = {
    name: "/etc/apt/sources.list",
    text: [
      "# deb http://commented.example/debian bookworm main",
      "deb http://mirror.example/debian bookworm main contrib # ours",
      "deb-src http://mirror.example/debian bookworm main",
      "deb [arch=amd64 signed-by=/usr/share/keyrings/d.gpg] https://other.example/debian trixie main",
      "deb http://mirror.example/debian-security bookworm-security main",
      "deb http://mirror.example/debian bookworm-updates main",
      "deb https://tools.example/apt tools-bookworm main",
    ].join("\n"),
  };
  const paragraphs = {
    name: "/etc/apt/sources.list.d/debian.sources",
    text: [
      "Types: deb deb-src",
      "# a comment",
      "URIs: http://mirror.example/debian http://third.example/debian",
      "Suites: bookworm bookworm-updates",
      "Components: main",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
      "",
      "Types: deb",
      "URIs: http://off.example/debian",
      "Suites: bookworm",
      "Components: main",
      "Enabled: no",
      "",
      "Types: deb",
      "URIs: http://inline.example/debian",
      "Suites: sid",
      "Components: main",
      "Signed-By:",
      " -----BEGIN PGP PUBLIC KEY BLOCK-----",
      " abc def",
    ].join("\n"),
  };
  expect(debianMirrors([list, paragraphs])).toEqual([
    { uri: "http://mirror.example/debian", signedBy: undefined },
    { uri: "https://other.example/debian", signedBy: "/usr/share/keyrings/d.gpg" },
    { uri: "http://third.example/debian", signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg" },
    { uri: "http://inline.example/debian", signedBy: undefined },
  ]);
});

it("a machine without Debian's archive has no mirror", () => {
  const text = "deb http://ubuntu.example/ubuntu jammy main";
  expect(debianMirrors([{ name: "/etc/apt/sources.list", text }])).toEqual([]);
});
