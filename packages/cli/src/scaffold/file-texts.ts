/** Texts of files by their paths, relative to some folder and with `/` on every system. */
export type FileTexts = ReadonlyMap<string, string>;
