import path from "node:path";

/** The longest path of a file inside a plugin, in bytes: with the platform's folder before it, all systems can hold it. */
export const pathLimit = 200;
const nameLimit = 100;
const depthLimit = 24;

/**
 * Why a plugin must not have a file of this name, as the end of a sentence; `undefined` where it may.
 * Names are refused that lead out of the folder, that some system cannot hold or takes for another name,
 * and that show as something else than they are.
 */
export function pathFlaw(name: string): string | undefined {
  if (name === "") return "which is empty";
  if (name.includes("\0")) return "which contains a zero byte";
  if (name.includes("\\")) return "which contains a backslash";
  if (path.posix.isAbsolute(name) || /^[A-Za-z]:/.test(name)) return "which is an absolute path";
  if (name.includes("\uFFFD") || !name.isWellFormed()) return "which is not UTF-8";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return "which contains control characters";
  if (name.normalize("NFC") !== name) return "whose characters are not composed (Unicode NFC)";
  if (Buffer.byteLength(name) > pathLimit) return `which is longer than ${pathLimit} bytes`;
  const parts = name.split("/");
  if (parts.length > depthLimit) return `which is more than ${depthLimit} folders deep`;
  return parts.map(partFlaw).find((flaw) => flaw !== undefined);
}

const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;

function partFlaw(part: string): string | undefined {
  if (part === "") return "which has an empty part";
  if (part === "..") return 'which leads out of the folder by ".."';
  if (part === ".") return 'which has "." as a part';
  if (part === "__proto__") return "which programs may take for something else";
  if (Buffer.byteLength(part) > nameLimit) return `in which one part is longer than ${nameLimit} bytes`;
  if (/[<>:"|?*]/.test(part)) return 'which contains one of < > : " | ? *, which Windows cannot hold';
  if (/[. ]$/.test(part)) return "in which a part ends in a dot or a space, which Windows drops";
  if (/~\d+(?:\.|$)/.test(part)) return "which could be the short form of another name on Windows";
  if (devices.test(part)) return "in which a part is the name of a device on Windows";
  return undefined;
}
