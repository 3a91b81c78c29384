#include "simulation/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace edgetide::simulation {
namespace {

bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// The bytes of the first `columns` code points.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (begins_code_point(text[i]) && seen++ == columns) return text.substr(0, i);
  }
  return text;
}

std::string padding(std::string_view text, std::size_t columns) {
  const std::size_t taken = columns_of(text);
  return std::string(columns > taken ? columns - taken : 0, ' ');
}

}  // namespace

std::string counted(Replicas replicas) {
  return std::to_string(replicas.count()) + (replicas == Replicas{1} ? " replica" : " replicas");
}

std::string fixed(double number, int digits) {
  if (!std::isfinite(number)) return "?";
  std::array<char, 400> buffer{};
  const auto written =
      std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::fixed, digits);
  return {buffer.data(), written.ptr};
}

std::string percent(Ratio ratio) {
  if (ratio.count() > 0 && ratio.count() < .0005) return "<0.1 %";
  return fixed(ratio.count() * 100, 1) + " %";
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string{text};
  if (columns == 0) return {};
  return std::string{first_columns(text, columns - 1)} + "…";
}

std::string right_aligned(std::string_view text, std::size_t columns) {
  return padding(text, columns) + std::string{text};
}

std::string left_aligned(std::string_view text, std::size_t columns) {
  return std::string{text} + padding(text, columns);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t lines) {
  std::vector<std::string> broken;
  while (!text.empty() && broken.size() + 1 < lines) {
    std::string_view head = first_columns(text, columns);
    if (head.size() < text.size() && text[head.size()] != ' ') {
      const auto space = head.rfind(' ');
      if (space != std::string_view::npos && space > 0) head = head.substr(0, space);
    }
    broken.emplace_back(head);
    text.remove_prefix(head.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  if (!text.empty() && lines > 0) broken.push_back(shortened(text, columns));
  return broken;
}

}  // namespace edgetide::simulation
