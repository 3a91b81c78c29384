#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/folding.h"

namespace edgetide::cli {

using report::kTextColumns;

/// Rows under a header, each column as wide as its widest cell and two apart. An empty cell is
/// shown as "-". Numbers stand to the right of their columns, behind all names.
class TextTable {
 public:
  using Row = std::vector<std::string>;

  explicit TextTable(Row header) : TextTable(header, header.size()) {}
  /// Beyond the first `names` columns stand numbers.
  TextTable(Row header, std::size_t names) : rows_{std::move(header)}, names_(names) {}

  /// \pre as many cells as the header has
  void add(Row row);
  /// In a terminal that is too narrow, the longest cells are shortened in their middle, as far as
  /// they can still be told apart: "video-pr…live-edge".
  [[nodiscard]] std::string text(std::optional<std::size_t> columns = std::nullopt) const;

 private:
  [[nodiscard]] std::string aligned(const std::string& cell, std::size_t column,
                                    std::size_t width) const;

  std::vector<Row> rows_;
  std::size_t names_;
};

/// The text in lines of at most kTextColumns, words whole; the first begins with `first`, each
/// further one with as many blanks.
[[nodiscard]] std::string wrapped(const std::string& text, const std::string& first);

/// A row of CSV; cells with commas, quotes or line ends are quoted.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

}  // namespace edgetide::cli
