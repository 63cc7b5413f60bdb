/**
 * What bash has to be told. It is our own: the one of the library evaluates the line as it is typed, and the candidates
 * after it, so that the Tab key would run what stands in them; and it needs a package that is not always there.
 */
export const bashScript = `# moot completion for bash. In ~/.bashrc: eval "$(moot completion bash)"
_moot_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :0) return ;;
      :*) compopt +o default 2>/dev/null; return ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(moot complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _moot_complete moot
`;
