#include <algorithm>
#include <sstream>

#include "config/settings.h"

namespace edgetide::config {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kHelpColumn = 30;

std::string option_text(const Option& option) {
  std::string text = option.short_name != 0 ? std::string("  -") + option.short_name + ", --"
                                            : std::string("      --");
  text += option.name;
  if (option.kind != Option::Kind::kFlag) text += " " + option.value_name;
  return text;
}

}  // namespace

std::string full_help(const Option& option) {
  std::string help = option.help;
  if (!option.choices.empty()) {
    help += " One of";
    for (const auto& choice : option.choices) {
      help += (&choice == &option.choices.front() ? " " : ", ") + choice;
    }
    help += ".";
  }
  if (option.kind == Option::Kind::kList) help += " May be repeated.";
  if (!option.default_value.empty() && option.kind != Option::Kind::kFlag) {
    help += " Default " + option.default_value + ".";
  }
  return help;
}

namespace {

/// Appends `text` word by word, each further line indented to the help column.
void append_wrapped(std::string& table, const std::string& text, std::size_t column) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (column + word.size() + 1 > kColumns) {
      table += '\n' + std::string(kHelpColumn, ' ');
      column = kHelpColumn;
    }
    if (column > kHelpColumn) {
      table += ' ';
      ++column;
    }
    table += word;
    column += word.size();
  }
  table += '\n';
}

}  // namespace

std::string help_table(const std::vector<Option>& options) {
  std::string table;
  for (const auto& option : options) {
    std::string left = option_text(option);
    if (left.size() + 2 > kHelpColumn) {
      table += left + '\n';
      left.clear();
    }
    left.resize(kHelpColumn, ' ');
    table += left;
    append_wrapped(table, full_help(option), kHelpColumn);
  }
  return table;
}

}  // namespace edgetide::config
