#include "cli/complete.h"

#include <algorithm>
#include <ostream>

#include "cli/commands.h"

namespace edgetide::cli {
namespace {

using config::Option;

/// Up to the first full stop.
std::string first_sentence(const std::string& text) { return text.substr(0, text.find('.')); }

std::vector<Completion> command_names() {
  std::vector<Completion> all;
  for (const Command& command : commands()) all.push_back({command.name, command.summary});
  return all;
}

std::vector<Completion> option_names(const Command& command) {
  std::vector<Completion> all{{"--help", "options and examples"}};
  for (const Option& option : command.options)
    all.push_back({"--" + option.name, first_sentence(option.help)});
  return all;
}

std::vector<Completion> plain(const std::vector<std::string>& words) {
  std::vector<Completion> all;
  for (const std::string& word : words) all.push_back({word, ""});
  return all;
}

/// The option whose value comes next; nullptr when none does.
const Option* awaits_value(const Command& command, const std::string& word) {
  const auto found = std::ranges::find_if(command.options, [&](const Option& option) {
    const bool is_short = option.short_name != 0 && word == std::string{'-', option.short_name};
    return (is_short || word == "--" + option.name) && option.kind != Option::Kind::kFlag;
  });
  return found == command.options.end() ? nullptr : &*found;
}

/// Whose names come behind these words.
Names names_behind(const Command& command, const std::vector<std::string>& before) {
  if (command.words.empty()) return command.names;
  // Of several things to do only "import" takes files.
  return before.size() > 1 && before[1] != "import" ? command.names : Names::kNone;
}

std::vector<Completion> candidates(const std::vector<std::string>& words, const NamesOf& names_of) {
  const std::vector<std::string> before(words.begin(), words.end() - 1);
  if (before.empty() || before == std::vector<std::string>{"help"}) return command_names();
  const Command* command = find_command(before.front());
  if (command == nullptr) return {};
  if (const Option* option = awaits_value(*command, before.back())) {
    if (option->name == "namespace") return plain(names_of(Names::kNamespaces, words));
    return plain(option->choices);
  }
  if (words.back().starts_with('-')) return option_names(*command);
  if (before.size() == 1 && !command->words.empty()) return plain(command->words);
  const Names names = names_behind(*command, before);
  return names == Names::kNone ? std::vector<Completion>{} : plain(names_of(names, words));
}

}  // namespace

std::vector<Completion> complete(const std::vector<std::string>& words, const NamesOf& names_of) {
  if (words.empty()) return command_names();
  auto all = candidates(words, names_of);
  std::erase_if(all, [&](const Completion& one) { return !one.word.starts_with(words.back()); });
  return all;
}

void print_words(const std::vector<Completion>& words, std::ostream& out) {
  for (const auto& [word, about] : words) {
    out << word;
    if (!about.empty()) out << '\t' << about;
    out << '\n';
  }
}

}  // namespace edgetide::cli
