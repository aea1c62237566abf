#include "cli/completion.h"

#include "base/text.h"
#include "cli/command_line.h"

namespace bascule::cli {

namespace {

constexpr const char* kOptions =
    "--config --directory --url --wait --json --quiet --verbose --color --help --version --sql --single-transaction "
    "--rev-range --indicate-current --message --rev-id --head --splice --branch-label --depends-on --sql-file --purge "
    "--down "
    "--check-heads --resolve-dependencies --since --pending --server-version --fail-on --rule --output --output-file "
    "--write-baseline --no-baseline";

constexpr const char* kBash =
    R"sh(# bash completion for bascule; put this into ~/.bashrc:  eval "$(bascule completion bash)"
_bascule() {
  local current=${COMP_WORDS[COMP_CWORD]} word command=
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " @COMMANDS@ " in *" $word "*) command=$word; break ;; esac
  done
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "@OPTIONS@" -- "$current"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "@COMMANDS@" -- "$current"))
  else
    case $command in
      upgrade|downgrade|plan|show|stamp|merge|schema|diff)
        local ids
        ids=$(bascule -q history 2>/dev/null | sed -E 's/.*-> ([^ ,]+).*/\1/')
        COMPREPLY=($(compgen -W "head heads base +1 -1 $ids" -- "$current")) ;;
      completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$current")) ;;
    esac
  fi
}
complete -o default -F _bascule bascule
)sh";

constexpr const char* kZsh = R"sh(#compdef bascule
# zsh completion for bascule; put this into ~/.zshrc:  eval "$(bascule completion zsh)"
_bascule() {
  local -a commands options ids
  commands=(@COMMANDS@)
  options=(@OPTIONS@)
  if [[ $PREFIX == -* ]]; then
    compadd -a options
  elif (( CURRENT == 2 )); then
    compadd -a commands
  else
    case $words[2] in
      upgrade|downgrade|plan|show|stamp|merge|schema|diff)
        ids=(head heads base +1 -1 ${(f)"$(bascule -q history 2>/dev/null | sed -E 's/.*-> ([^ ,]+).*/\1/')"})
        compadd -a ids ;;
      completion) compadd bash zsh fish ;;
    esac
  fi
}
compdef _bascule bascule
)sh";

constexpr const char* kFish =
    R"sh(# fish completion for bascule:  bascule completion fish > ~/.config/fish/completions/bascule.fish
set -l commands @COMMANDS@
complete -c bascule -f -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c bascule -f -n "__fish_seen_subcommand_from upgrade downgrade plan show stamp merge" \
  -a "head heads base (bascule -q history 2>/dev/null | string replace -r '.*-> ([^ ,]+).*' '\$1')"
complete -c bascule -f -n "__fish_seen_subcommand_from completion" -a "bash zsh fish"
for option in @OPTIONS@
  complete -c bascule -l (string sub -s 3 -- $option)
end
)sh";

}  // namespace

std::string completion_script(const std::string& shell) {
  const char* text = shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish;
  return replace_all(replace_all(text, "@COMMANDS@", join(command_names(), " ")), "@OPTIONS@", kOptions);
}

}  // namespace bascule::cli
