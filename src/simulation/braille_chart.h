#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace edgetide::simulation {

/// Which colour a dot asks for; in a cell of several the highest wins.
enum class Ink : std::uint8_t { kNone, kMark, kDemand, kForecast, kReady, kLoss, kShort };

/// A canvas of braille characters, 2 by 4 dots each. Dots outside it are dropped.
class BrailleChart {
 public:
  /// In characters. \pre both are positive.
  BrailleChart(int columns, int rows);

  [[nodiscard]] int dots_across() const { return columns_ * 2; }
  [[nodiscard]] int dots_up() const { return rows_ * 4; }

  /// `x` from the left, `y` from the bottom, in dots.
  void dot(int x, int y, Ink ink);
  /// All dots of a column in [from_y, to_y].
  void column(int x, int from_y, int to_y, Ink ink);

  /// One string a row, top first, each exactly as wide as the chart; with `color` in ANSI colours.
  [[nodiscard]] std::vector<std::string> rows(bool color) const;

 private:
  struct Cell {
    std::uint8_t dots = 0;
    Ink ink = Ink::kNone;
  };

  int columns_;
  int rows_;
  std::vector<Cell> cells_;
};

/// The ANSI sequence that begins an ink, such as "\x1b[36m"; empty for none.
[[nodiscard]] const char* ansi(Ink ink);
/// Ends any of them.
inline constexpr const char* kAnsiReset = "\x1b[0m";

}  // namespace edgetide::simulation
