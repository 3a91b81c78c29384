#include "cli/text_table.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <utility>

#include "edgetide/core/assert.h"
#include "report/folding.h"

namespace edgetide::cli {
namespace {

using report::width_of;

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 12;  ///< Of a column that is shortened.

/// The first `count` characters, and what is behind them.
std::pair<std::string, std::string> split_at(const std::string& text, std::size_t count) {
  std::size_t byte = 0;
  for (std::size_t seen = 0; byte < text.size(); ++byte) {
    const bool begins = (static_cast<unsigned char>(text[byte]) & 0xC0) != 0x80;
    if (begins && seen++ == count) break;
  }
  return {text.substr(0, byte), text.substr(byte)};
}

/// Without its middle where it is wider than `most`; both ends tell names apart.
std::string shortened(const std::string& text, std::size_t most) {
  const std::size_t width = width_of(text);
  if (width <= most) return text;
  const std::size_t end = most / 2;
  return split_at(text, most - end - 1).first + "…" + split_at(text, width - end).second;
}

/// Takes from the widest columns what the terminal lacks.
void narrow(std::vector<std::size_t>& widths, std::size_t columns) {
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  };
  while (total() > columns) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

std::string quoted_if_needed(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + "\"";
}

}  // namespace

void TextTable::add(Row row) {
  EDGETIDE_ASSERT(row.size() == rows_.front().size(), "a row has the columns of its table");
  for (std::string& cell : row) {
    if (cell.empty()) cell = "-";
  }
  rows_.push_back(std::move(row));
}

std::string TextTable::text(std::optional<std::size_t> columns) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  if (columns) narrow(widths, *columns);
  std::string text;
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      text += (i > 0 ? std::string(kGap, ' ') : "") + aligned(row[i], i, widths[i]);
    text += '\n';
  }
  return text;
}

std::string TextTable::aligned(const std::string& cell, std::size_t column,
                               std::size_t width) const {
  const std::string fitting = shortened(cell, width);
  const std::string blanks(width - width_of(fitting), ' ');
  if (column >= names_) return blanks + fitting;
  return column + 1 < rows_.front().size() ? fitting + blanks : fitting;
}

std::string wrapped(const std::string& text, const std::string& first) {
  std::string line = first;
  std::istringstream words(text);
  for (std::string word; words >> word;) line += (line == first ? "" : " ") + word;
  return report::folded(line, width_of(first));
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string text;
  for (const std::string& cell : cells)
    text += (&cell == &cells.front() ? "" : ",") + quoted_if_needed(cell);
  return text + '\n';
}

}  // namespace edgetide::cli
