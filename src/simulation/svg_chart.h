#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// A value of a series.
struct ChartPoint {
  Instant at;
  double value = 0;
};

/// A shaded region between two values.
struct BandPoint {
  Instant at;
  double low = 0;
  double high = 0;
};

/// A time series chart as inline SVG, drawn in the order of the calls. Looks come from the page's
/// style sheet by class; every text is escaped. The same calls give the same bytes.
class SvgChart {
 public:
  struct Frame {
    std::string title;        ///< Also its accessible name.
    std::string description;  ///< What there is to see, for those who cannot.
    std::string unit;         ///< Of the values, at the top of their axis.
    Instant from;
    Instant to;
    double top = 1;  ///< The highest value that fits.
    int height = 330;
  };
  explicit SvgChart(const Frame& frame);

  /// Shades a span of time over the whole height.
  void span(Instant from, Instant to, std::string_view css_class);
  void band(const std::vector<BandPoint>& points, std::string_view css_class);
  /// Straight from point to point.
  void line(const std::vector<ChartPoint>& points, std::string_view css_class);
  /// Each value holds until the next.
  void steps(const std::vector<ChartPoint>& points, std::string_view css_class);
  /// A labelled moment. Labels of near moments are set below one another.
  void mark(Instant at, std::string_view label, std::string_view css_class);

  /// The finished element.
  [[nodiscard]] std::string svg() const;

 private:
  [[nodiscard]] std::string point(Instant at, double value) const;
  [[nodiscard]] double x(Instant at) const;
  [[nodiscard]] double y(double value) const;
  [[nodiscard]] double bottom() const;
  [[nodiscard]] std::string axes() const;
  void path(const std::string& data, std::string_view css_class);

  Frame frame_;
  std::string body_;
  std::vector<double> label_ends_;  ///< By row of labels: where the last one ends.
};

}  // namespace edgetide::simulation
