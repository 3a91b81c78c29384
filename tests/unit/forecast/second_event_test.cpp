#include <gtest/gtest.h>

#include "edgetide/forecast/days_ahead.h"
#include "evening.h"

namespace edgetide::forecast {
namespace {

constexpr double kFinal = 1.1e6;
constexpr double kPremiere = 170000;

/// Who is left `minutes` after a final whistle.
double left(double minutes) {
  if (minutes <= 0) return 1;
  return std::max(0.0, minutes < 3 ? 1 - 0.4 * minutes / 3 : 0.6 * std::exp(-(minutes - 3) / 8));
}

/// A premiere that begins eighteen minutes after the whistle of a final, to be seen each minute.
struct TwoEvents : Watch {
  Instant start = kMonday + 68h;  ///< Of the final.
  Instant whistle = start + 112min;
  Instant second = start + 130min;
  double comes = kPremiere;  ///< To the premiere.
  Instant seen = kMonday;

  explicit TwoEvents(Seconds ramp = 45min) { announce(ramp, {}); }
  void announce(Seconds ramp, std::optional<Seconds> overrun) {
    auto final = match(start);
    final.duration = 110min;
    final.expected_peak = Viewers{kBase + kFinal};
    final.overrun = overrun;
    auto premiere = match(second, "premiere");
    premiere.name = "video/premiere";
    premiere.duration = 60min;
    premiere.expected_peak = Viewers{kBase + kPremiere};
    premiere.ramp_up = ramp;
    calendar = model::EventCalendar({final, premiere});
  }
  [[nodiscard]] double truth(Instant at) const {
    const auto minutes = [&](Instant from) {
      return static_cast<double>((at - from).count()) / 60;
    };
    const double final = (watching(start, at) - kBase) / kBrought * kFinal;
    const double came = std::clamp((minutes(second) + 5) / 10, 0.0, 1.0);
    const double stay = minutes(second) > 60 ? left(minutes(second + 60min)) : 1;
    return kBase + final * left(minutes(whistle)) + comes * came * stay;
  }
  void see_until(Instant now) {
    see([this](Instant at) { return truth(at); }, seen, now);
    seen = now;
  }
  [[nodiscard]] const model::StreamEvent& premiere() const { return calendar.events()[1]; }
  [[nodiscard]] const RunningEvent& record() const { return *running_of("premiere"); }
  [[nodiscard]] const RunningEvent* running_of(std::string_view event_class) const {
    return std::ranges::find(state.running, class_id(event_class), &RunningEvent::event_class);
  }
};

TEST(SecondEvent, IsNotTakenForSmallerWhileTheFirstLeaves) {
  for (const auto ramp : {60min, 45min, 30min}) {
    TwoEvents evening(ramp);
    for (Instant now = evening.second + 2min; now < evening.second + 50min; now += 1min) {
      evening.see_until(now);
      ASSERT_NE(evening.running_of("premiere"), evening.state.running.end())
          << ramp.count() << " at " << (now - evening.second).count();
      EXPECT_GT(evening.record().log_scale, -0.3) << ramp.count();
    }
  }
}

/// In its first minutes what is announced is prepared for, whoever was there before.
TEST(SecondEvent, IsPreparedForAsAnnounced) {
  TwoEvents evening;
  evening.see_until(evening.second - 6min);
  EXPECT_GT(evening.peak(evening.seen, 15min).quantile.count(), kBase + kPremiere);
}

/// No audience that stays for extra time is one that the premiere has brought.
TEST(SecondEvent, IsNoLargerForAnAudienceThatStays) {
  TwoEvents evening;
  evening.whistle += 30min;
  for (Instant now = evening.second - 30min; now < evening.whistle; now += 1min) {
    evening.see_until(now);
    EXPECT_LT(evening.record().log_scale, 0.7) << (now - evening.second).count();
    EXPECT_GT(evening.record().log_scale, -0.1) << (now - evening.second).count();
    EXPECT_GT(evening.record().before, kFinal);
  }
  evening.see_until(evening.whistle + 30min);
  EXPECT_LT(evening.record().before, 0.2 * kFinal);
}

TEST(SecondEvent, IsTakenForSmallerOnceTheFirstHasLeft) {
  TwoEvents evening;
  evening.comes = 0.1 * kPremiere;
  evening.see_until(evening.second + 55min);
  EXPECT_LT(evening.record().log_scale, -0.7);
}

/// Next week nobody takes it for a flop.
TEST(SecondEvent, TeachesWhatItBrought) {
  TwoEvents evening;
  evening.see_until(evening.second + 3h);
  ASSERT_EQ(evening.running_of("premiere"), evening.state.running.end());
  auto next = match(evening.second + 7 * 24h, "premiere");
  Watch only;
  only.calendar = model::EventCalendar({next});
  const double size = std::exp(evening.state.events.size_of(next, kBase).log_mean);
  EXPECT_GT(size, 0.8 * kPremiere);
}

/// What leaves after the whistle is believed as soon as without the premiere, and let go.
TEST(SecondEvent, DoubtsNoWhistleOfTheFirst) {
  for (const auto ramp : {60min, 45min, 15min}) {
    TwoEvents evening(ramp);
    evening.comes = 0;
    evening.announce(ramp, 20min);
    evening.see_until(evening.whistle);
    for (Instant now = evening.whistle; now < evening.second + 30min; now += 1min) {
      evening.see_until(now);
      EXPECT_FALSE(doubted_fall(evening.state, evening.calendar)) << ramp.count();
    }
    EXPECT_LT(evening.peak(evening.seen).median.count(), 0.4 * kFinal);
  }
}

/// The hours ahead tell no fewer than are announced.
TEST(SecondEvent, IsToldAheadAsAnnounced) {
  for (const auto before : {120min, 40min, 10min, 1min}) {
    TwoEvents evening;
    evening.see_until(evening.second - before);
    const DaysAhead days{
        .now = evening.seen, .length = 4h, .step = 5min, .window = 315s, .confidence = 0.99};
    const auto steps = days_ahead(evening.state, days, evening.context());
    const auto at = static_cast<std::size_t>((before + 50min) / 5min);
    EXPECT_GT(steps.at(at).high.count(), 0.95 * (kBase + kPremiere)) << before.count();
  }
}

}  // namespace
}  // namespace edgetide::forecast
