import { isMap, isScalar, isSeq, parseAllDocuments, visit } from "yaml";
import { depthLimit, forbiddenKeys, isExact } from "./yaml-value.ts";

/** What an independent parser makes of a text, under the rules for manifests; `undefined` where it refuses. */
export function parseOtherwise(text: string): { readonly value: unknown } | undefined {
  const documents = parseAllDocuments(text, {
    schema: "core",
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents) || documents.length === 0) return { value: null };
  const [document] = documents;
  if (document === undefined || documents.length > 1) return undefined;
  if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
  let refused = false;
  visit(document, (key, node, path) => {
    if (isMap(node) || isSeq(node)) {
      const depth = path.filter((above) => isMap(above) || isSeq(above)).length + 1;
      if (depth > depthLimit || node.anchor !== undefined || node.tag !== undefined) refused = true;
    } else if (isScalar(node)) {
      if (node.anchor !== undefined || node.tag !== undefined) refused = true;
      if (typeof node.value === "number" && !isExact(node.value)) refused = true;
      if (key === "key" && (typeof node.value !== "string" || node.value === "<<" || forbiddenKeys.has(node.value))) {
        refused = true;
      }
    } else if (key === "key" || (node !== null && typeof node === "object" && "source" in node)) refused = true;
  });
  return refused ? undefined : { value: document.toJS() ?? null };
}
