#include <map>
#include <ostream>

#include "cli/cluster_names.h"
#include "cli/commands.h"
#include "cli/complete.h"

namespace edgetide::cli {
namespace {

// Each asks the program itself for words, and falls back to files where it has none. Behind "=" a
// value is to be typed.

constexpr const char* kBash =
    "_edgetide() {\n"
    "  local IFS=$'\\n'\n"
    "  COMPREPLY=($(edgetide completion words -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null |\n"
    "    cut -f 1))\n"
    "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
    "  [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace\n"
    "}\n"
    "complete -F _edgetide edgetide\n";

constexpr const char* kZsh =
    "#compdef edgetide\n"
    "_edgetide() {\n"
    "  local -a found\n"
    "  found=(${(f)\"$(edgetide completion words -- \"${(@)words[2,CURRENT]}\" 2>/dev/null |\n"
    "    cut -f 1)\"})\n"
    "  local -a value=(${(M)found:#*=})\n"
    "  if (( ${#value} )); then compadd -S '' -- $found\n"
    "  elif (( ${#found} )); then compadd -- $found; else _files; fi\n"
    "}\n"
    "compdef _edgetide edgetide\n";

constexpr const char* kFish =
    "function __edgetide_words\n"
    "  set -l before (commandline -opc)\n"
    "  edgetide completion words -- $before[2..-1] (commandline -ct) 2>/dev/null\n"
    "end\n"
    "complete -c edgetide -n '__edgetide_words | string length -q' -f -a '(__edgetide_words)'\n";

const std::vector<std::string> kShells{"bash", "fish", "zsh"};

const std::map<std::string, const char*>& scripts() {
  static const std::map<std::string, const char*> all{
      {"bash", kBash}, {"fish", kFish}, {"zsh", kZsh}};
  return all;
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto& arguments = settings.arguments();
  const std::string what = arguments.empty() ? "" : arguments.front();
  if (what == "words") {
    print_words(complete({arguments.begin() + 1, arguments.end()}, names_in_cluster), console.out);
    return Exit::kOk;
  }
  const auto script = scripts().find(what);
  if (script == scripts().end()) {
    return fail_on_word(console, "completion", kShells, what);
  }
  if (arguments.size() > 1) {
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "unexpected argument '" + arguments[1] + "'"});
  }
  console.out << script->second;
  return Exit::kOk;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "print a script that completes command lines",
          .usage = "completion bash|fish|zsh",
          .about =
              "Prints a script that makes the shell complete commands, options and their values. "
              "It asks\n'completion words -- WORD...' how the last of the words can go on.",
          .examples = {"edgetide completion bash > /etc/bash_completion.d/edgetide",
                       "edgetide completion fish > ~/.config/fish/completions/edgetide.fish",
                       "source <(edgetide completion zsh)"},
          .max_arguments = 1000,
          .words = kShells,
          .run = run};
}

}  // namespace edgetide::cli
