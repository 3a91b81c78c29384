#include "cli/text_table.h"

#include <algorithm>
#include <sstream>

#include "edgetide/core/assert.h"

namespace edgetide::cli {
namespace {

constexpr std::size_t kGap = 2;

/// Characters, not bytes.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
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

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      text += row[i] + std::string(widths[i] - width_of(row[i]) + kGap, ' ');
    text += row.back() + '\n';
  }
  return text;
}

std::string wrapped(const std::string& text, const std::string& first) {
  const std::string margin(width_of(first), ' ');
  std::string lines;
  std::string line = first;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool begins = line == first || line == margin;
    if (!begins && width_of(line) + 1 + width_of(word) > kTextColumns) {
      lines += line + '\n';
      line = margin + word;
    } else {
      line += (begins ? "" : " ") + word;
    }
  }
  return lines + line + '\n';
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string text;
  for (const std::string& cell : cells)
    text += (&cell == &cells.front() ? "" : ",") + quoted_if_needed(cell);
  return text + '\n';
}

}  // namespace edgetide::cli
