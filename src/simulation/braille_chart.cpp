#include "simulation/braille_chart.h"

#include <algorithm>
#include <array>

#include "edgetide/core/assert.h"

namespace edgetide::simulation {
namespace {

/// Unicode numbers a cell's dots down the left column, then down the right, with the bottom row
/// added later as bits 6 and 7. By row from the top, left and right.
constexpr std::array<std::array<std::uint8_t, 2>, 4> kDotBits = {
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};

/// U+2800 with the dots' bits added, in UTF-8.
std::string braille(std::uint8_t dots) {
  return {'\xe2', static_cast<char>(0xa0 | (dots >> 6)), static_cast<char>(0x80 | (dots & 0x3f))};
}

}  // namespace

BrailleChart::BrailleChart(int columns, int rows)
    : columns_(columns), rows_(rows), cells_(static_cast<std::size_t>(columns * rows)) {
  EDGETIDE_ASSERT(columns > 0 && rows > 0, "a chart without room");
}

void BrailleChart::dot(int x, int y, Ink ink) {
  if (x < 0 || y < 0 || x >= dots_across() || y >= dots_up()) return;
  const int from_top = dots_up() - 1 - y;
  Cell& cell = cells_[static_cast<std::size_t>(from_top / 4 * columns_ + x / 2)];
  cell.dots |= kDotBits[static_cast<std::size_t>(from_top % 4)][static_cast<std::size_t>(x % 2)];
  cell.ink = std::max(cell.ink, ink);
}

void BrailleChart::column(int x, int from_y, int to_y, Ink ink) {
  const int top = std::min(to_y, dots_up() - 1);
  for (int y = std::max(0, from_y); y <= top; ++y) dot(x, y, ink);
}

std::vector<std::string> BrailleChart::rows(bool color) const {
  std::vector<std::string> lines;
  for (int row = 0; row < rows_; ++row) {
    std::string line;
    Ink current = Ink::kNone;
    for (int column = 0; column < columns_; ++column) {
      const Cell& cell = cells_[static_cast<std::size_t>(row * columns_ + column)];
      if (color && cell.ink != current) {
        line += kAnsiReset;
        line += ansi(cell.ink);
        current = cell.ink;
      }
      line += cell.dots == 0 ? " " : braille(cell.dots);
    }
    if (current != Ink::kNone) line += kAnsiReset;
    lines.push_back(std::move(line));
  }
  return lines;
}

const char* ansi(Ink ink) {
  switch (ink) {
    case Ink::kNone: return "";
    case Ink::kDemand: return "\x1b[36m";
    case Ink::kForecast: return "\x1b[33m";
    case Ink::kReady: return "\x1b[32m";
    case Ink::kMark: return "\x1b[2m";
    case Ink::kLoss: return "\x1b[35m";
    case Ink::kShort: return "\x1b[1;31m";
  }
  return "";
}

}  // namespace edgetide::simulation
