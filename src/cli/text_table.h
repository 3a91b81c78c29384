#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/folding.h"

namespace edgetide::cli {

using report::kTextColumns;

/// Rows under a header, each column as wide as its widest cell and two apart. An empty cell is
/// shown as "-".
class TextTable {
 public:
  using Row = std::vector<std::string>;

  explicit TextTable(Row header) : rows_{std::move(header)} {}

  /// \pre as many cells as the header has
  void add(Row row);
  /// In a terminal that is too narrow, the longest cells are shortened in their middle, as far as
  /// they can still be told apart: "video-pr…live-edge".
  [[nodiscard]] std::string text(std::optional<std::size_t> columns = std::nullopt) const;

 private:
  std::vector<Row> rows_;
};

/// The text in lines of at most kTextColumns, words whole; the first begins with `first`, each
/// further one with as many blanks.
[[nodiscard]] std::string wrapped(const std::string& text, const std::string& first);

/// A row of CSV; cells with commas, quotes or line ends are quoted.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

}  // namespace edgetide::cli
