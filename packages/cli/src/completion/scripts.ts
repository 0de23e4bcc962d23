/** The shells that there is a script for. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/*
 * Each script hands the words up to the cursor to "platformctl complete", which answers with a line for each
 * candidate: what to write, a tab, and a description.
 */

const bash = `# bash completion of platformctl
_platformctl() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(platformctl complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _platformctl platformctl
`;

const zsh = `#compdef platformctl
# zsh completion of platformctl
_platformctl() {
  local line name
  local -a candidates
  while IFS= read -r line; do
    name="\${line%%$'\\t'*}"
    candidates+=("\${name//:/\\\\:}:\${line#*$'\\t'}")
  done < <(platformctl complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe -V platformctl candidates
  else
    _files
  fi
}
if [ "\${funcstack[1]}" = "_platformctl" ]; then
  _platformctl "$@"
else
  compdef _platformctl platformctl
fi
`;

const fish = `# fish completion of platformctl
function __platformctl_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  test -z "$current"; and set current ''
  set -e words[1]
  platformctl complete -- $words $current 2>/dev/null
end
complete -c platformctl -f -k -a '(__platformctl_complete)'
complete -c platformctl -s C -l root -x -a '(__fish_complete_directories)'
`;

const powershell = `# PowerShell completion of platformctl
Register-ArgumentCompleter -Native -CommandName platformctl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $at = if ($wordToComplete -eq '') { $words.Count } else { $words.Count - 1 }
  platformctl complete --at $at '--' @words 2>$null | ForEach-Object {
    $name, $tip = $_ -split "\`t", 2
    if (-not $tip) { $tip = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $tip)
  }
}
`;

/** What a shell has to read to complete the words of platformctl. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
