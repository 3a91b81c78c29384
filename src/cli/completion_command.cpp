#include <ostream>

#include "cli/command.h"

namespace edgetide::cli {
namespace {

/// One `case` branch a command: its options, long and short.
std::string words_of(const Command& command) {
  std::string words = "--help";
  for (const auto& option : command.options) {
    words += " --" + option.name;
    if (option.short_name != 0) words += std::string(" -") + option.short_name;
  }
  return words;
}

void print_bash(std::ostream& out) {
  std::string names;
  for (const Command& command : commands()) names += (names.empty() ? "" : " ") + command.name;
  out << "_edgetide() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} words=\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    words='"
      << names
      << " --help'\n"
         "  else\n"
         "    case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) {
    out << "      " << command.name << ") words='" << words_of(command) << "' ;;\n";
  }
  out << "    esac\n"
         "  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "}\n"
         "complete -F _edgetide edgetide\n";
}

void print_zsh(std::ostream& out) {
  out << "autoload -U +X bashcompinit && bashcompinit\n";
  print_bash(out);
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "print a script that completes command lines",
          .usage = "completion bash|zsh",
          .about = "Prints a script that makes the shell complete commands and options.",
          .examples = {"edgetide completion bash > /etc/bash_completion.d/edgetide",
                       "source <(edgetide completion zsh)"},
          .max_arguments = 1,
          .run = [](const config::Settings& settings, const Console& console) {
            const std::string shell =
                settings.arguments().empty() ? "" : settings.arguments().front();
            if (shell == "bash") {
              print_bash(console.out);
            } else if (shell == "zsh") {
              print_zsh(console.out);
            } else {
              return fail(console, {.code = ErrorCode::kInvalid,
                                    .message = "shell '" + shell + "' is not one of bash, zsh"});
            }
            return Exit::kOk;
          }};
}

}  // namespace edgetide::cli
