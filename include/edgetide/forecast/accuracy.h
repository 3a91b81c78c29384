#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "edgetide/forecast/last_week.h"
#include "edgetide/model/forecast_accuracy.h"

namespace edgetide::forecast {

/// A moment as every forecaster sees it.
struct Present {
  std::int64_t minute = 0;  ///< Since 1970.
  Seconds time_of_week{0};  ///< On the audience's wall clock.
  double viewers = 0;       ///< That capacity is needed for now.
  double offset = 1;        ///< ln(viewers + offset) is what errors are measured in.
};

/// A window for which a peak was forecast.
struct ForecastWindow {
  double minutes = 0;
  double confidence = 0.995;
  bool events_near = false;  ///< An announced event may bring viewers within it.
};

/// Keeps what was forecast for windows of some lengths, holds it against what came, and says who
/// forecasts this pool best. One forecast is kept every few minutes, its length by turns.
///
/// *Forecasters*: this program; the season, demand as it was a week ago, or a day; and reaction,
/// the present demand. The two naive ones get the margin that their own errors call for: with e the
/// mean of |ln(peak / point)| over two days and t the quantile of Student's t with 3 degrees,
///
///   quantile = point exp(e (0.9 t + c)),   c += gain (missed - (1 - confidence)),
///
/// so that they are honest rivals at any confidence rather than bare lines.
///
/// *Pinball loss* of a quantile q at confidence p when y came: p (y - q) above, (1 - p) (q - y)
/// below; the lower, the better. Asked for 99 %: 100 viewers too few cost 99, too many cost 1.
///
/// *Out-weighed*: whoever lost by half or more to one naive forecaster in each quarter of the last
/// day, until a quarter is won again. One bad hour is chance; a day of them is not. The naive one
/// must also have kept the promise of its confidence over the week, or no less often than we: a
/// quantile that is too low looks cheap until the night on which it matters. What is needed is then
///
///   max(naive, naive + w (own - naive)),   w = (naive's loss / own loss)^2,
///
/// so it never falls below the better forecast, and what was forecast too high counts less. While
/// an event is near, of which naive forecasts know nothing, the larger of the two counts in full.
///
/// Naive 1,000, own 1,400, losses of 6 and 12: 1,000 + 0.25 * 400 = 1,100.
class Accuracy {
 public:
  static constexpr std::array<int, 4> kWindows{6, 12, 30, 60};  ///< Minutes.

  bool operator==(const Accuracy&) const = default;

  /// A new reading: windows that have ended are judged, if there was a reading in them.
  void observe(const Present& present);
  /// The window that is to be forecast now, if any is due.
  [[nodiscard]] std::optional<double> due(std::int64_t minute) const;
  /// Keeps what was forecast for the window that is due. Another confidence than before begins the
  /// record anew. \pre a window is due
  void expect(const Present& present, double own_quantile, double confidence);
  /// What comes of forecasts under way will not be seen whole.
  void forget_pending() { pending_count_ = 0; }

  /// Who out-weighs us in windows of that length; mostly nobody.
  [[nodiscard]] std::optional<model::Forecaster> outweighing(double minutes) const;
  /// What is needed, given our own forecast, by everybody's record; and who out-weighs us.
  struct Weighed {
    double quantile = 0;
    model::Forecaster by = model::Forecaster::kEdgetide;
  };
  [[nodiscard]] Weighed weigh(double own_quantile, const Present& present,
                              const ForecastWindow& window) const;

  /// The record so far, by length of the window and forecaster; those without one are left out.
  [[nodiscard]] std::vector<model::ForecastAccuracy> records() const;

 private:
  static constexpr int kForecasters = 3;
  static constexpr int kPending = 8;

  struct Pending {
    std::int32_t due = 0;  ///< The window's last minute.
    std::int8_t window = 0;
    bool seen = false;                           ///< A reading has come in the window.
    float peak = 0;                              ///< So far, the present included.
    std::array<float, kForecasters> quantile{};  ///< By forecaster; negative for none.
    std::array<float, kForecasters> point{};     ///< Of the naive ones.

    bool operator==(const Pending&) const = default;
  };
  /// How one forecaster has done at one length.
  struct Record {
    float minutes = 0;  ///< That it was judged for.
    float loss = 0;     ///< Over a day.
    float covered = 0;  ///< Over a week.
    float error = 0;    ///< Of its point, in logs; the naive ones' alone, as is the next.
    float correction = 0;

    bool operator==(const Record&) const = default;
  };
  struct Window {
    std::int32_t judged_at = 0;
    float quarter_minutes = 0;                       ///< Of the quarter of a day under way.
    std::array<float, kForecasters> quarter_loss{};  ///< Summed over it.
    std::array<std::int8_t, kForecasters> lost{};    ///< Quarters lost in a row, by who won them.
    std::array<Record, kForecasters> records{};

    bool operator==(const Window&) const = default;
  };

  [[nodiscard]] std::optional<double> point(model::Forecaster who, const Present& present,
                                            double minutes) const;
  [[nodiscard]] static double naive_quantile(double point, const Record& record, double confidence,
                                             double offset);
  void judge(const Pending& pending, const Present& present);
  /// \param off how far the peak was above the point, in logs.
  void calibrate(Record& record, double off, double minutes) const;
  void close_quarter(Window& window) const;

  LastWeek last_week_;
  float confidence_ = 0;
  std::int32_t issued_at_ = 0;
  std::int32_t turn_ = 0;
  std::int32_t pending_count_ = 0;
  std::array<Pending, kPending> pending_{};
  std::array<Window, kWindows.size()> windows_{};
};

}  // namespace edgetide::forecast
