#include "simulation/svg_chart.h"

#include <algorithm>
#include <cstdint>

#include "simulation/series.h"
#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

constexpr double kWidth = 1000;
constexpr double kLeft = 52;
constexpr double kRight = 20;
constexpr double kLabelRows = 3;
constexpr double kLabelHeight = 14;
constexpr double kTop = 8 + kLabelRows * kLabelHeight;
constexpr double kBottomMargin = 24;
constexpr double kLetter = 6.4;  // the width of one at 11 px, a little generous
constexpr int kGridLines = 4;

std::string number(double value) { return fixed(value, 1); }

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string{name} + "=\"" + escaped_html(value) + "\"";
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view css_class,
                    std::string_view text) {
  return "<text" + attribute("x", number(x)) + attribute("y", number(y)) +
         attribute("text-anchor", anchor) + attribute("class", css_class) + ">" +
         escaped_html(text) + "</text>\n";
}

std::string line_from(double x1, double y1, double x2, double y2, std::string_view css_class) {
  return "<line" + attribute("x1", number(x1)) + attribute("y1", number(y1)) +
         attribute("x2", number(x2)) + attribute("y2", number(y2)) + attribute("class", css_class) +
         "/>\n";
}

/// The closest ticks that leave room for their texts.
Seconds tick_step(Seconds span) {
  constexpr std::int64_t kMostTicks = 14;
  constexpr int kHour = 3600;
  Seconds step{kHour / 2};
  for (const int hours : {1, 2, 3, 6, 12, 24}) {
    if (span / step <= kMostTicks) return step;
    step = Seconds{hours * kHour};
  }
  while (span / step > kMostTicks) step *= 2;
  return step;
}

/// The time of day, or the date where ticks are days apart.
std::string tick_text(Instant at, Seconds step) {
  if (step < std::chrono::days{1}) return clock_text(at).substr(0, 5);
  return edgetide::to_string(at).substr(5, 5);
}

}  // namespace

SvgChart::SvgChart(const Frame& frame) : frame_(frame) {}

void SvgChart::span(Instant from, Instant to, std::string_view css_class) {
  const double left = x(std::max(from, frame_.from));
  const double right = x(std::min(to, frame_.to));
  body_ += "<rect" + attribute("x", number(left)) + attribute("y", number(kTop)) +
           attribute("width", number(right - left)) + attribute("height", number(bottom() - kTop)) +
           attribute("class", css_class) + "/>\n";
}

void SvgChart::band(const std::vector<BandPoint>& points, std::string_view css_class) {
  if (points.empty()) return;
  std::string data;
  for (const BandPoint& p : points) data += (data.empty() ? "M" : "L") + point(p.at, p.high);
  for (auto p = points.rbegin(); p != points.rend(); ++p) data += "L" + point(p->at, p->low);
  path(data + "Z", css_class);
}

void SvgChart::line(const std::vector<ChartPoint>& points, std::string_view css_class) {
  std::string data;
  for (const ChartPoint& p : points) data += (data.empty() ? "M" : "L") + point(p.at, p.value);
  path(data, css_class);
}

void SvgChart::steps(const std::vector<ChartPoint>& points, std::string_view css_class) {
  if (points.empty()) return;
  std::string data = "M" + point(points.front().at, points.front().value);
  double stands = points.front().value;
  for (const ChartPoint& p : points) {
    if (p.value == stands) continue;
    data += "H" + number(x(p.at)) + "V" + number(y(p.value));
    stands = p.value;
  }
  path(data + "H" + number(x(points.back().at)), css_class);
}

void SvgChart::mark(Instant at, std::string_view label, std::string_view css_class) {
  const double left = x(at);
  const double length = static_cast<double>(columns_of(label)) * kLetter;
  const bool turned = left + length > kWidth;
  const double begins = turned ? left - length : left;
  std::size_t row = 0;
  while (row < label_ends_.size() && label_ends_[row] > begins) ++row;
  if (row == label_ends_.size()) label_ends_.push_back(0);
  label_ends_[row] = begins + length + kLetter;
  const double y_text = kLabelHeight * (1 + std::min(static_cast<double>(row), kLabelRows - 1));
  body_ += line_from(left, y_text + 3, left, bottom(), std::string{css_class} + " mark");
  body_ +=
      text_at(left, y_text, turned ? "end" : "start", std::string{css_class} + " label", label);
}

std::string SvgChart::svg() const {
  return "<svg viewBox=\"0 0 " + fixed(kWidth, 0) + " " + std::to_string(frame_.height) +
         "\" role=\"img\"" + attribute("aria-label", frame_.title) + ">\n<title>" +
         escaped_html(frame_.title) + "</title>\n<desc>" + escaped_html(frame_.description) +
         "</desc>\n" + axes() + body_ + "</svg>\n";
}

std::string SvgChart::axes() const {
  std::string drawn;
  for (int i = 0; i <= kGridLines; ++i) {
    const double value = frame_.top * i / kGridLines;
    drawn += line_from(kLeft, y(value), kWidth - kRight, y(value), "grid");
    drawn += text_at(kLeft - 6, y(value) + 4, "end", "tick", short_number(value));
  }
  drawn += text_at(2, kTop - 10, "start", "tick", frame_.unit);
  const Seconds step = tick_step(frame_.to - frame_.from);
  const Seconds from = frame_.from.time_since_epoch();
  for (Instant at{(from + step - Seconds{1}) / step * step}; at <= frame_.to; at += step) {
    drawn += line_from(x(at), bottom(), x(at), bottom() + 4, "grid");
    drawn += text_at(x(at), bottom() + 17, "middle", "tick", tick_text(at, step));
  }
  return drawn;
}

void SvgChart::path(const std::string& data, std::string_view css_class) {
  if (data.empty()) return;
  body_ += "<path" + attribute("d", data) + attribute("class", css_class) + "/>\n";
}

std::string SvgChart::point(Instant at, double value) const {
  return number(x(at)) + " " + number(y(value));
}

double SvgChart::x(Instant at) const {
  const auto share = static_cast<double>((at - frame_.from).count()) /
                     static_cast<double>((frame_.to - frame_.from).count());
  return kLeft + std::clamp(share, 0.0, 1.0) * (kWidth - kLeft - kRight);
}

double SvgChart::y(double value) const {
  return bottom() - std::clamp(value / frame_.top, 0.0, 1.0) * (bottom() - kTop);
}

double SvgChart::bottom() const { return frame_.height - kBottomMargin; }

}  // namespace edgetide::simulation
