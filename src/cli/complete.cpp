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

std::vector<Completion> candidates(const std::vector<std::string>& before,
                                   const std::string& last) {
  if (before.empty() || before == std::vector<std::string>{"help"}) return command_names();
  const Command* command = find_command(before.front());
  if (command == nullptr) return {};
  if (const Option* option = awaits_value(*command, before.back())) return plain(option->choices);
  if (last.starts_with('-')) return option_names(*command);
  return before.size() == 1 ? plain(command->words) : std::vector<Completion>{};
}

}  // namespace

std::vector<Completion> complete(const std::vector<std::string>& words) {
  if (words.empty()) return command_names();
  const std::string& last = words.back();
  auto all = candidates({words.begin(), words.end() - 1}, last);
  std::erase_if(all, [&](const Completion& one) { return !one.word.starts_with(last); });
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
