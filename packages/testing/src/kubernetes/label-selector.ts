/** Whether labels satisfy a selector of `key`, `!key`, `key=value`, `key==value` and `key!=value`, joined by commas. */
export function matchesLabels(selector: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return selector
    .split(",")
    .filter((term) => term.trim() !== "")
    .every((term) => matchesTerm(term.trim(), labels));
}

function matchesTerm(term: string, labels: Readonly<Record<string, string>>): boolean {
  const unequal = /^(?<key>[^=!]+)!=(?<value>.*)$/.exec(term)?.groups;
  if (unequal) return labels[unequal.key as string] !== unequal.value;
  const equal = /^(?<key>[^=!]+)==?(?<value>.*)$/.exec(term)?.groups;
  if (equal) return labels[equal.key as string] === equal.value;
  return term.startsWith("!") ? labels[term.slice(1)] === undefined : labels[term] !== undefined;
}
