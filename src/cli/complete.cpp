#include "cli/complete.h"

#include <algorithm>
#include <ostream>

#include "cli/commands.h"
#include "edgetide/backtest/policy_list.h"

namespace edgetide::cli {
namespace {

using config::Option;

/// Without its full stop.
std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return text.substr(0, end != std::string::npos || !text.ends_with('.') ? end : text.size() - 1);
}

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

/// The last name of a list of policies, or the last of its knobs, behind what stands already.
std::vector<Completion> policies_behind(const std::string& begun) {
  const auto last = begun.rfind(',') + 1;
  const auto knob = begun.find(':', last) == std::string::npos ? last : begun.rfind(':') + 1;
  const std::string before = begun.substr(0, knob);
  const std::string name = begun.substr(last, begun.find(':', last) - last);
  std::vector<Completion> all;
  for (const auto& kind : backtest::policy_kinds()) {
    if (knob == last) all.push_back({before + kind.name, ""});
    if (knob == last || kind.name != name) continue;
    for (const auto& one : kind.knobs) all.push_back({before + one.name + "=", one.help});
  }
  return all;
}

/// What the value can be as a whole.
std::vector<Completion> values_of(const Option& option, const std::string& begun) {
  return option.name == "policy" ? policies_behind(begun) : plain(option.choices);
}

/// A command line as it was typed.
struct Typed {
  std::vector<std::string> words;
  std::size_t apart = 0;  ///< Of the last word what the shell takes for words of their own.
};

/// Bash makes words of "=" and ":": "--output", "=", "w" and "hpa", ":", "tar".
Typed as_typed(const std::vector<std::string>& pieces) {
  Typed line;
  bool goes_on = false;
  for (const std::string& piece : pieces) {
    const bool is_break = piece == "=" || piece == ":";
    const bool ends_option =
        piece == "=" && !line.words.empty() && line.words.back().starts_with("--");
    line.apart = 0;
    if (ends_option) {
      if (&piece == &pieces.back()) line.words.emplace_back();
    } else if (line.words.empty() || (!is_break && !goes_on)) {
      line.words.push_back(piece);
    } else {
      line.words.back() += piece;
      line.apart = line.words.back().size() - (is_break ? 0 : piece.size());
    }
    goes_on = is_break && !ends_option;
  }
  return line;
}

std::vector<Completion> candidates(const std::vector<std::string>& words, const NamesOf& names_of) {
  const std::vector<std::string> before(words.begin(), words.end() - 1);
  if (before.empty() || before == std::vector<std::string>{"help"}) return command_names();
  const Command* command = find_command(before.front());
  if (command == nullptr) return {};
  if (const Option* option = awaits_value(*command, before.back())) {
    if (option->name == "namespace") return plain(names_of(Names::kNamespaces, words));
    const Part* part = part_named(*command, before);
    const bool of_part = part != nullptr && option->name == part->output.name;
    return values_of(of_part ? part->output : *option, words.back());
  }
  if (words.back().starts_with('-')) return option_names(*command);
  if (before.size() == 1 && !command->words.empty()) return plain(command->words);
  const Names names = names_behind(*command, before);
  return names == Names::kNone ? std::vector<Completion>{} : plain(names_of(names, words));
}

}  // namespace

std::vector<Completion> complete(const std::vector<std::string>& words, const NamesOf& names_of) {
  if (words.empty()) return command_names();
  const auto [line, apart] = as_typed(words);
  auto all = candidates(line, names_of);
  std::erase_if(all, [&](const Completion& one) { return !one.word.starts_with(line.back()); });
  for (Completion& one : all) one.word.erase(0, apart);
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
