#include "report/folding.h"

#include <algorithm>

namespace edgetide::report {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Where the line is to be broken: at its last blank that leaves it narrow enough, or else at its
/// first; npos for nowhere.
std::size_t break_in(std::string_view line, std::size_t hang) {
  std::size_t found = std::string_view::npos;
  std::size_t width = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool blank = line[at] == ' ' && width > hang;
    if (blank && (width <= kTextColumns || found == std::string_view::npos)) found = at;
    if (begins_character(line[at])) ++width;
    if (width > kTextColumns && found != std::string_view::npos) return found;
  }
  return std::string_view::npos;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string folded(std::string_view line, std::size_t hang) {
  std::string text;
  std::string rest(line);
  for (auto at = break_in(rest, hang); at != std::string::npos; at = break_in(rest, hang)) {
    const auto end = rest.find_last_not_of(' ', at);
    text += rest.substr(0, end + 1) + '\n';
    const auto next = rest.find_first_not_of(' ', at);
    if (next == std::string::npos) return text;
    rest = std::string(hang, ' ') + rest.substr(next);
  }
  return text + rest + '\n';
}

}  // namespace edgetide::report
