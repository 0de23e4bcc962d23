// The limit of a bundle: the list of modules, and nothing that does anything with it.

// @ts-expect-error the list is written for each size
import { modules } from "modules-list";
import { tell } from "../measured.ts";

const listed = modules as readonly { readonly definition: object | undefined }[];
tell(listed.filter(({ definition }) => definition !== undefined).length, Number(process.argv[3]), performance.now());
