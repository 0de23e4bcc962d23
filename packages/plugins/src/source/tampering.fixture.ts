import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Random } from "../random.fixture.ts";

/** An installed plugin that somebody tampers with. */
export interface Target {
  readonly root: string;
  /** The folder of the plugin, absolute. */
  readonly folder: string;
  /** Its files, relative; none is empty and no two are the same. */
  readonly files: readonly string[];
}

/** One way to tamper with a plugin: returns what the refusal must name, and how to undo it. */
export type Tamper = (target: Target, random: Random) => { readonly names: string; undo(): void };

const kept = (file: string) => {
  const bytes = readFileSync(file);
  return () => writeFileSync(file, bytes);
};

/** Tampers with the content of a file. */
const content =
  (change: (file: string, bytes: Buffer, random: Random) => void): Tamper =>
  ({ folder, files }, random) => {
    const name = random.pick(files);
    const file = path.join(folder, name);
    const undo = kept(file);
    change(file, readFileSync(file), random);
    return { names: name, undo };
  };

/** Puts something in the place of a file; it is put aside meanwhile. */
const replaced =
  (put: (file: string, aside: string) => void): Tamper =>
  ({ root, folder, files }, random) => {
    const name = random.pick(files);
    const [file, aside] = [path.join(folder, name), path.join(root, "aside")];
    renameSync(file, aside);
    put(file, aside);
    const undo = () => {
      rmSync(file, { recursive: true, force: true });
      renameSync(aside, file);
    };
    return { names: name, undo };
  };

/** Tampers with the text of the lock. */
const lock =
  (change: (text: string, random: Random) => string | Buffer): Tamper =>
  ({ root }, random) => {
    const file = path.join(root, "plugins.lock");
    const undo = kept(file);
    writeFileSync(file, change(readFileSync(file, "utf8"), random));
    return { names: "plugins.lock", undo };
  };

const flipped = (bytes: Buffer, random: Random) => {
  const bit = random.below(bytes.length * 8);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
};

const foldersIn = (files: readonly string[]) => [
  "",
  ...new Set(files.map((name) => path.posix.dirname(name)).filter((name) => name !== ".")),
];

const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-. ";
const freshName = ({ folder, files }: Target, random: Random): string => {
  const length = 1 + random.below(20);
  const name = Array.from({ length }, () => random.pick([...letters])).join("");
  const place = path.posix.join(random.pick(foldersIn(files)), random.pick(["", ".", "é"]) + name);
  return existsSync(path.join(folder, place)) || /(?:^|\/)\.{1,2}$/.test(place) ? `${place}x` : place;
};

/** All ways, by name. */
export const tampers: Readonly<Record<string, Tamper>> = {
  "bit flipped": content((file, bytes, random) => writeFileSync(file, flipped(bytes, random))),
  truncated: content((file, bytes, random) => truncateSync(file, random.below(bytes.length))),
  extended: content((file, _, random) => appendFileSync(file, random.bytes(1 + random.below(100)))),
  overwritten: content((file, bytes, random) => writeFileSync(file, random.bytes(bytes.length + 1))),
  swapped: ({ folder, files }, random) => {
    const one = random.pick(files);
    const other = random.pick(files.filter((name) => name !== one));
    const swap = () => {
      const [first, second] = [path.join(folder, one), path.join(folder, other)];
      const bytes = readFileSync(first);
      copyFileSync(second, first);
      writeFileSync(second, bytes);
    };
    swap();
    return { names: one, undo: swap };
  },
  added: (target, random) => {
    const name = freshName(target, random);
    const file = path.join(target.folder, name);
    writeFileSync(file, random.bytes(random.below(50)));
    return { names: path.basename(name).replaceAll("é", "\\u{E9}"), undo: () => rmSync(file) };
  },
  "folder added": (target, random) => {
    const name = freshName(target, random);
    const folder = path.join(target.folder, name);
    mkdirSync(folder);
    if (random.below(2) === 0) writeFileSync(path.join(folder, "index.js"), "evil");
    return { names: path.basename(name).replaceAll("é", "\\u{E9}"), undo: () => rmSync(folder, { recursive: true }) };
  },
  removed: replaced(() => {}),
  renamed: ({ folder, files, root }, random) => {
    const [name, to] = [random.pick(files), freshName({ folder, files, root }, random)];
    renameSync(path.join(folder, name), path.join(folder, to));
    return { names: name, undo: () => renameSync(path.join(folder, to), path.join(folder, name)) };
  },
  "case changed": ({ folder, files }, random) => {
    const name = random.pick(files);
    const base = path.posix.basename(name);
    const at = random.pick([...base].flatMap((letter, index) => (/[a-z]/.test(letter) ? [index] : [])));
    const other = path.posix.join(
      path.posix.dirname(name),
      base.slice(0, at) + base.charAt(at).toUpperCase() + base.slice(at + 1),
    );
    renameSync(path.join(folder, name), path.join(folder, other));
    return { names: name, undo: () => renameSync(path.join(folder, other), path.join(folder, name)) };
  },
  "link to the same content": replaced((file, aside) => symlinkSync(aside, file)),
  "link to other content": replaced((file) => symlinkSync("/etc/hostname", file)),
  "dangling link": replaced((file) => symlinkSync("nowhere", file)),
  "hard link to other content": replaced((file, aside) => {
    writeFileSync(`${aside}-other`, "evil");
    linkSync(`${aside}-other`, file);
  }),
  "folder in its place": replaced((file) => mkdirSync(file)),
  "folder behind a link": ({ root, folder, files }, random) => {
    const name = random.pick(foldersIn(files).filter((each) => each !== ""));
    const [place, aside] = [path.join(folder, name), path.join(root, "aside")];
    renameSync(place, aside);
    symlinkSync(aside, place);
    const undo = () => {
      rmSync(place);
      renameSync(aside, place);
    };
    return { names: name, undo };
  },
  "plugin behind a link": ({ root, folder }) => {
    renameSync(folder, path.join(root, "aside"));
    symlinkSync(path.join(root, "aside"), folder);
    const undo = () => {
      rmSync(folder);
      renameSync(path.join(root, "aside"), folder);
    };
    return { names: path.basename(folder), undo };
  },
  "plugin renamed": ({ folder }) => {
    renameSync(folder, `${folder}0`);
    return { names: folder, undo: () => renameSync(`${folder}0`, folder) };
  },
  "another plugin beside": ({ folder }, random) => {
    const other = `${path.dirname(folder)}/evil${random.below(1000)}`;
    mkdirSync(other);
    return { names: other, undo: () => rmSync(other, { recursive: true }) };
  },
  "bit of the lock flipped": lock((text, random) => flipped(Buffer.from(text), random)),
  "lock truncated": lock((text, random) => text.slice(0, random.below(text.length))),
  "hash in the lock changed": lock((text, random) => {
    const hashes = [...text.matchAll(/sha512-[\w+/]+/g)];
    const { index, 0: hash } = random.pick(hashes);
    const at = index + "sha512-".length + random.below(hash.length - "sha512-".length);
    const other = random.pick([..."ABCDEFGHabcdefgh0123+/"].filter((letter) => letter !== text.charAt(at)));
    return text.slice(0, at) + other + text.slice(at + 1);
  }),
  "right granted in the lock": lock((text, random) => {
    const right = random.pick(["childProcess", "workers", "addons", "network"]);
    return text.replace(`"${right}": false`, `"${right}": true`);
  }),
  "source changed in the lock": lock((text, random) => text.replace('"given": "', `"given": "${random.below(10)}`)),
  "entry taken out of the lock": lock(() => '{\n  "format": 1,\n  "plugins": {}\n}\n'),
  "entry doubled in the lock": lock((text) => text.replace('"plugins": {', '"plugins": { "sla": 1,')),
  "file and its hash changed": (target, random) => {
    const changed = content((file, _, more) => appendFileSync(file, more.bytes(3)))(target, random);
    const relocked = lock((text) =>
      text.replace(new RegExp(`("${changed.names}": ")[^"]*`), `$1sha512-${"A".repeat(86)}==`),
    )(target, random);
    return {
      names: "plugins.lock",
      undo: () => {
        changed.undo();
        relocked.undo();
      },
    };
  },
};
