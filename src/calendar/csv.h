#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "yaml/yaml.h"

namespace edgetide::calendar {

using yaml::Position;
using yaml::Problem;

struct Cell {
  std::string text;
  Position position;
};

/// A table whose first line names its columns. Empty lines are left out.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  ///< Each with a cell for every column.
  std::vector<Problem> problems;        ///< Of the lines that are no rows, and were left out.
};

struct CsvColumns {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

/// Reads comma-separated values as RFC 4180 has them: "quoted, with ""quotes"" inside", LF or CRLF.
/// Columns may stand in any order; the rows' cells come in the order of `wanted`, absent optional
/// ones as empty text. kInvalid when the header is wrong, kTooLarge above 64 MiB; what is wrong
/// with single rows is the table's to tell, beside what is wrong with the cells of others.
[[nodiscard]] Result<CsvTable> read_csv(std::string_view text, std::string_view file_name,
                                        const CsvColumns& wanted);

}  // namespace edgetide::calendar
