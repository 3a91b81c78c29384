#include <gtest/gtest.h>

#include <array>
#include <string>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

TEST(WindowPeaks, AtTwoConfidencesIsEachAsAskedForAlone) {
  Watch watch;
  watch.see(day_wave, kMonday, kMonday + 43h);
  const std::array lengths{Seconds{315}, Seconds{7200}};
  const PeakWindows windows{
      .now = kMonday + 43h, .lengths = lengths, .confidence = .995, .other_confidence = .9};
  const auto peaks = window_peaks(watch.state, windows, watch.context());
  ASSERT_EQ(peaks.size(), lengths.size());
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    const auto& [surer, other] = peaks[i];
    EXPECT_EQ(surer.quantile, watch.peak(windows.now, lengths[i], .995).quantile);
    EXPECT_EQ(other.quantile, watch.peak(windows.now, lengths[i], .9).quantile);
    EXPECT_EQ(surer.median, other.median);
    EXPECT_GT(surer.quantile, other.quantile);
  }
}

/// Whatever else is within reach of the longest window.
TEST(WindowPeaks, OfSeveralLengthsSeeTheEventsWithinTheirOwn) {
  for (const int events : {3, 12}) {
    Watch watch;
    std::vector<model::StreamEvent> matches;
    for (int i = 0; i < events; ++i) {
      matches.push_back(match(kMonday + 43h + i * 23min, "class-" + std::to_string(i)));
      matches.back().ramp_up = Seconds{i * 300};
      matches.back().expected_peak = Viewers{20'000.0 + 7'000 * i};
    }
    watch.calendar = model::EventCalendar(matches);
    watch.see(day_wave, kMonday, kMonday + 43h);
    std::vector<Seconds> lengths;
    for (int minutes = 5; minutes < 400; minutes += 13) lengths.emplace_back(minutes * 60);
    const PeakWindows windows{
        .now = kMonday + 43h, .lengths = lengths, .confidence = .99, .other_confidence = .99};
    const auto peaks = window_peaks(watch.state, windows, watch.context());
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const auto alone = watch.peak(windows.now, lengths[i], .99);
      EXPECT_EQ(peaks[i].peak.quantile, alone.quantile) << events << ", " << i;
      EXPECT_EQ(peaks[i].peak.median, alone.median) << events << ", " << i;
      const PeakWindows from_there{.now = windows.now,
                                   .lengths = std::span(lengths).subspan(i),
                                   .confidence = .99,
                                   .other_confidence = .99};
      const auto first = window_peaks(watch.state, from_there, watch.context()).front().peak;
      EXPECT_EQ(first.event, alone.event) << events << ", " << i;
      EXPECT_EQ(first.at, alone.at) << events << ", " << i;
      EXPECT_EQ(peaks[i].other.quantile, alone.quantile);
    }
  }
}

}  // namespace
}  // namespace edgetide::forecast
