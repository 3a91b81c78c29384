#include "calendar/csv.h"

#include <algorithm>
#include <optional>

#include "yaml/utf8.h"

namespace edgetide::calendar {
namespace {

constexpr std::size_t kLargest = 64u << 20;
constexpr std::size_t kMostProblems = 200;

using Row = std::vector<Cell>;

/// Takes rows off the front of a text and keeps count of lines and columns.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// The next row that is not an empty line; nothing at the end.
  std::optional<Row> next_row() {
    while (!text_.empty() && take_line_end()) {
    }
    if (text_.empty()) return std::nullopt;
    Row row;
    do {
      row.push_back(next_cell());
    } while (take(','));
    take_line_end();
    return row;
  }

  [[nodiscard]] std::vector<Problem>& problems() { return problems_; }

 private:
  void advance() {
    if (text_.front() == '\n') {
      position_ = {position_.line + 1, 1};
    } else if ((static_cast<unsigned char>(text_.front()) & 0xC0) != 0x80) {
      ++position_.column;
    }
    text_.remove_prefix(1);
  }

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    advance();
    return true;
  }

  bool take_line_end() {
    if (text_.starts_with("\r\n")) advance();
    return take('\n');
  }

  [[nodiscard]] bool at_cell_end() const {
    return text_.empty() || text_.starts_with(',') || text_.starts_with('\n') ||
           text_.starts_with("\r\n");
  }

  Cell next_cell() {
    Cell cell{"", position_};
    if (take('"')) {
      take_quoted(cell);
      if (!at_cell_end()) report(position_, "text after a closing quote: double a quote inside");
    }
    while (!at_cell_end()) {
      if (text_.front() == '"') report(position_, "a quote within plain text: quote the whole");
      cell.text += text_.front();
      advance();
    }
    return cell;
  }

  void take_quoted(Cell& cell) {
    for (;;) {
      if (text_.empty()) return report(cell.position, "a quote that is never closed");
      if (take('"') && !text_.starts_with('"')) return;
      if (text_.empty()) continue;
      cell.text += text_.front();
      advance();
    }
  }

  void report(Position position, std::string message) {
    if (problems_.size() < kMostProblems) problems_.push_back({position, "", std::move(message)});
  }

  std::string_view text_;
  Position position_;
  std::vector<Problem> problems_;
};

/// Where each wanted column stands in the file's rows; `npos` for an absent optional one.
using Places = std::vector<std::size_t>;
constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Places places(const Row& header, const CsvColumns& wanted, std::vector<std::string> columns,
              std::vector<Problem>& problems) {
  Places found(columns.size(), kAbsent);
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto column = std::ranges::find(columns, header[i].text);
    if (column == columns.end()) {
      problems.push_back(
          {header[i].position, "",
           "unknown column \"" + header[i].text + "\"; columns are " + joined(columns)});
      continue;
    }
    auto& place = found[static_cast<std::size_t>(column - columns.begin())];
    if (place != kAbsent) {
      problems.push_back({header[i].position, "", "column \"" + *column + "\" stands twice"});
    }
    place = i;
  }
  for (std::size_t i = 0; i < wanted.required.size(); ++i) {
    if (found[i] != kAbsent) continue;
    problems.push_back({{1, 1}, "", "no column \"" + columns[i] + "\" in the header"});
  }
  return found;
}

Row in_order(Row row, const Places& places, Position start) {
  Row ordered;
  for (const std::size_t place : places) {
    ordered.push_back(place == kAbsent ? Cell{"", start} : std::move(row[place]));
  }
  return ordered;
}

void take_rows(Reader& reader, std::size_t width, const Places& places, CsvTable& table) {
  auto& problems = reader.problems();
  for (;;) {
    const std::size_t before = problems.size();
    auto row = reader.next_row();
    if (!row) return;
    const Position start = row->front().position;
    if (problems.size() == before && row->size() != width) {
      problems.push_back(
          {start, "",
           std::to_string(row->size()) + " fields where the header has " + std::to_string(width)});
    }
    if (problems.size() == before) {
      table.rows.push_back(in_order(*std::move(row), places, start));
    } else if (problems.size() >= kMostProblems) {
      return;
    }
  }
}

}  // namespace

Result<CsvTable> read_csv(std::string_view text, std::string_view file_name,
                          const CsvColumns& wanted) {
  if (text.size() > kLargest) {
    return Error{ErrorCode::kTooLarge, "more than " + std::to_string(kLargest) + " bytes of CSV",
                 std::string{file_name}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto problem = yaml::first_bad_byte(text)) {
    return yaml::to_error(file_name, {*std::move(problem)});
  }
  CsvTable table;
  table.columns = wanted.required;
  table.columns.insert(table.columns.end(), wanted.optional.begin(), wanted.optional.end());
  Reader reader{text};
  const auto header = reader.next_row();
  if (!header) {
    return yaml::to_error(
        file_name,
        {{{1, 1}, "", "empty; the first line names the columns " + joined(table.columns)}});
  }
  const auto found = places(*header, wanted, table.columns, reader.problems());
  // With a wrong header every row would be a problem too.
  if (!reader.problems().empty()) {
    return yaml::to_error(file_name, std::move(reader.problems()));
  }
  take_rows(reader, header->size(), found, table);
  table.problems = std::move(reader.problems());
  return table;
}

}  // namespace edgetide::calendar
