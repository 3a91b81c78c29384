#include "simulation/terminal_view.h"

#include <algorithm>

#include "edgetide/core/grouped.h"
#include "simulation/braille_chart.h"
#include "simulation/series.h"
#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

constexpr std::size_t kReasonLines = 2;
constexpr std::size_t kMarkLines = 1;
constexpr int kLabelColumns = 6;
constexpr int kFewestChartRows = 5;
constexpr int kMostChartRows = 16;

class View {
 public:
  View(const ViewMoment& moment, const ViewOptions& options)
      : moment_(moment),
        options_(options),
        frame_(moment.recording.frames.back()),
        // The last column stays free: some terminals wrap when it is written.
        width_(static_cast<std::size_t>(std::max(options.columns - 1, 40))) {}

  std::vector<std::string> lines() {
    title();
    numbers();
    chart();
    legend();
    zones();
    reason();
    marks();
    return std::move(lines_);
  }

 private:
  void add(std::string_view text, Ink ink = Ink::kNone) {
    const std::string line = shortened(text, width_);
    const bool painted = options_.color && ink != Ink::kNone;
    lines_.push_back(painted ? ansi(ink) + line + kAnsiReset : line);
  }

  void title() {
    add("Edgetide  " + moment_.scenario.title + "  " + clock_text(frame_.at) + " UTC  " +
        options_.pace);
  }

  void numbers() {
    std::string line = "viewers " + right_aligned(grouped(frame_.wanting.count()), 9);
    if (frame_.peak && frame_.peak->stage != model::ForecastStage::kNone) {
      line += "   peak until " + clock_text(frame_.peak->window_end).substr(0, 5) + "  " +
              grouped(frame_.peak->median.count()) + " likely, " +
              grouped(frame_.peak->quantile.count()) + " at most";
    }
    add(line);
    const Viewers short_of = shortfall(moment_.scenario.pool, frame_);
    const double so_far = moment_.recording.score.evening.viewer_minutes;
    add("serving " +
            right_aligned(grouped(backtest::serving_capacity(moment_.scenario.pool,
                                                             total_ready(frame_.domains))
                                      .count()),
                          9) +
            "   short now " + grouped(short_of.count()) + ", so far " + grouped(so_far) +
            " viewer-minutes",
        short_of > Viewers{0} ? Ink::kShort : Ink::kNone);
  }

  void chart();
  void legend();
  void zones();

  void reason() {
    const std::string text = moment_.decision != nullptr ? moment_.decision->report.summary : "";
    auto broken = wrapped("reason  " + text, width_, kReasonLines);
    broken.resize(kReasonLines);
    for (const std::string& line : broken) add(line);
  }

  /// The latest, newest first.
  void marks() {
    const auto& marks = moment_.recording.marks;
    std::string line = "events  ";
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
      line += clock_text(mark->at).substr(0, 5) + " " + mark->text + "   ";
    }
    const bool loss = !marks.empty() && marks.back().kind == Mark::Kind::kLoss;
    add(line, loss ? Ink::kLoss : Ink::kNone);
  }

  const ViewMoment& moment_;
  const ViewOptions& options_;
  const Frame& frame_;
  std::size_t width_;
  std::vector<std::string> lines_;
};

/// Title, two lines of numbers, a time axis, a legend, a heading and a line a zone, reason, events.
int lines_beside_chart(const Scenario& scenario) {
  return 6 + static_cast<int>(failure_domains(scenario, scenario.pool).size() + kReasonLines +
                              kMarkLines);
}

/// Puts an evening's series onto dots.
class ChartPainter {
 public:
  ChartPainter(const Scenario& scenario, BrailleChart& chart, double top)
      : scenario_(scenario), chart_(chart), top_(top) {}

  void demand(const Frame& frame) {
    const int up = y(frame.wanting.count());
    chart_.column(x(frame.at), 0, up, Ink::kDemand);
    const Replicas ready = total_ready(frame.domains);
    const double capacity = backtest::serving_capacity(scenario_.pool, ready).count();
    if (frame.wanting.count() > capacity) {
      chart_.column(x(frame.at), y(capacity), up, Ink::kShort);
    }
    join_ready(x(frame.at), y(capacity));
  }
  /// Every other dot, so that it reads as dotted without colour too.
  void forecast(Instant at, Viewers quantile) {
    if (x(at) % 2 == 0) chart_.dot(x(at), y(quantile.count()), Ink::kForecast);
  }
  void mark(const Mark& mark) {
    for (int up = 0; up < chart_.dots_up(); up += 2) {
      chart_.dot(x(mark.at), up, mark.kind == Mark::Kind::kLoss ? Ink::kLoss : Ink::kMark);
    }
  }

 private:
  /// Joined to the dot before it, so that a fall is seen as one line.
  void join_ready(int across, int up) {
    const int before = last_ready_ == kNoneYet ? up : last_ready_;
    chart_.column(across, std::min(before, up), std::max(before, up), Ink::kReady);
    last_ready_ = up;
  }

  [[nodiscard]] int x(Instant at) const {
    return static_cast<int>((at - scenario_.from).count() * chart_.dots_across() /
                            (scenario_.to - scenario_.from).count());
  }
  [[nodiscard]] int y(double viewers) const {
    return static_cast<int>(viewers / top_ * (chart_.dots_up() - 1));
  }

  static constexpr int kNoneYet = -1;

  const Scenario& scenario_;
  BrailleChart& chart_;
  double top_;
  int last_ready_ = kNoneYet;
};

/// "18:30          21:00          23:30" over so many columns.
std::string time_axis(const Scenario& scenario, std::size_t columns) {
  const Instant middle = scenario.from + (scenario.to - scenario.from) / 2;
  const auto text = [](Instant at) { return clock_text(at).substr(0, 5); };
  const std::size_t left = columns / 2 - 2;
  return left_aligned(left_aligned(text(scenario.from), left) + text(middle), columns - 5) +
         text(scenario.to);
}

void View::chart() {
  const int rows = std::clamp(options_.rows - 1 - lines_beside_chart(moment_.scenario),
                              kFewestChartRows, kMostChartRows);
  const int columns = static_cast<int>(width_) - kLabelColumns;
  BrailleChart canvas(columns, rows);
  const double top = nice_top(highest(moment_.scenario, moment_.recording));
  ChartPainter painter(moment_.scenario, canvas, top);
  for (const Mark& mark : moment_.recording.marks) painter.mark(mark);
  for (const Frame& frame : moment_.recording.frames) painter.demand(frame);
  for (const auto& [at, median, quantile] : forecast_band(moment_.recording)) {
    painter.forecast(at, quantile);
  }
  const auto drawn = canvas.rows(options_.color);
  for (std::size_t row = 0; row < drawn.size(); ++row) {
    const bool first = row == 0;
    const bool last = row + 1 == drawn.size();
    const std::string label = first ? short_number(top) : last ? "0" : "";
    lines_.push_back(right_aligned(label, kLabelColumns - 1) + " " + drawn[row]);
  }
  add(std::string(kLabelColumns, ' ') +
      time_axis(moment_.scenario, static_cast<std::size_t>(columns)));
}

void View::legend() {
  std::string line(kLabelColumns, ' ');
  const auto entry = [&](Ink ink, std::string_view text) {
    if (options_.color) line += ansi(ink);
    line += text;
    if (options_.color) line += kAnsiReset;
    line += "   ";
  };
  entry(Ink::kDemand, "⣿ viewers");
  entry(Ink::kForecast, "⠂ at most");
  entry(Ink::kReady, "⠤ Ready carry");
  entry(Ink::kShort, "⣿ short");
  lines_.push_back(line);
}

void View::zones() {
  add("zone          desired  ready  starting");
  const auto domains = failure_domains(moment_.scenario, moment_.scenario.pool);
  for (std::size_t i = 0; i < frame_.domains.size(); ++i) {
    const DomainCounts& counts = frame_.domains[i];
    const auto& domain = domains[i];
    const bool lost =
        counts.gone || (counts.ready == Replicas{0} && counts.pending + counts.dead > Replicas{0});
    const auto number = [](Replicas replicas, std::size_t columns) {
      return right_aligned(std::to_string(replicas.count()), columns);
    };
    std::string line = left_aligned(shortened(domain.name, 13), 14) + number(counts.specified, 7) +
                       number(counts.ready, 7) + number(counts.starting, 10) + "  ";
    const int room = std::max(0, static_cast<int>(width_) - 42);
    const int bar = counts.ready.count() * room / std::max(1, domain.max_replicas.count());
    for (int step = 0; step < bar; ++step) line += "█";
    if (lost) line += "LOST";
    add(line, lost ? Ink::kLoss : Ink::kNone);
  }
}

/// "64/64/0": one number a zone.
template <typename Part>
std::string by_zone(const Frame& frame, Part part) {
  std::string text;
  for (const DomainCounts& domain : frame.domains) {
    if (!text.empty()) text += '/';
    text += std::to_string(part(domain).count());
  }
  return text;
}

}  // namespace

std::vector<std::string> terminal_view(const ViewMoment& moment, const ViewOptions& options) {
  return View(moment, options).lines();
}

std::string moment_line(const ViewMoment& moment) {
  const Frame& frame = moment.recording.frames.back();
  std::string line = clock_text(frame.at) + "  viewers " + grouped(frame.wanting.count());
  if (frame.peak && frame.peak->stage != model::ForecastStage::kNone) {
    line += "  peak " + grouped(frame.peak->median.count()) + ".." +
            grouped(frame.peak->quantile.count());
  }
  line += "  ready " + by_zone(frame, [](const DomainCounts& zone) { return zone.ready; }) +
          " of " + by_zone(frame, [](const DomainCounts& zone) { return zone.specified; });
  const Viewers short_of = shortfall(moment.scenario.pool, frame);
  if (short_of > Viewers{0}) line += "  SHORT " + grouped(short_of.count());
  if (moment.decision != nullptr) line += "  " + moment.decision->report.summary;
  return line;
}

std::string mark_line(const Mark& mark) { return clock_text(mark.at) + "  * " + mark.text; }

}  // namespace edgetide::simulation
