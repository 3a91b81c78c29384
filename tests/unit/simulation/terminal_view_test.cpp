#include "simulation/terminal_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "made_recordings.h"
#include "simulation/braille_chart.h"
#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(BrailleChart, PutsDotsWhereTheyBelong) {
  BrailleChart chart(2, 1);
  chart.dot(0, 0, Ink::kDemand);  // bottom left of the first character: U+2840
  chart.dot(3, 3, Ink::kReady);   // top right of the second: U+2808
  EXPECT_EQ(chart.rows(false).front(), "⡀⠈");
}

TEST(BrailleChart, FillsColumnsAndDropsWhatIsOutside) {
  BrailleChart chart(1, 2);
  chart.column(0, -5, 99, Ink::kDemand);
  chart.dot(7, 0, Ink::kDemand);
  chart.dot(0, -1, Ink::kDemand);
  EXPECT_EQ(chart.rows(false), (std::vector<std::string>{"⡇", "⡇"}));
}

TEST(BrailleChart, ColoursACellByItsStrongestInk) {
  BrailleChart chart(1, 1);
  chart.dot(0, 0, Ink::kShort);
  chart.dot(0, 1, Ink::kDemand);
  EXPECT_THAT(chart.rows(true).front(), AllOf(HasSubstr(ansi(Ink::kShort)), HasSubstr(kAnsiReset)));
  EXPECT_THAT(chart.rows(false).front(), Not(HasSubstr("\x1b")));
}

class TerminalView : public testing::Test {
 protected:
  /// The picture after so many minutes.
  std::vector<std::string> view_after(std::size_t minutes, const ViewOptions& options) {
    Recording recording =
        made_recording(scenario_, "because of a long reason " + std::string(300, 'x'));
    recording.frames.resize(minutes);
    return terminal_view({scenario_, recording, &recording.decisions.front()}, options);
  }

  Scenario scenario_ = made_scenario();
};

TEST_F(TerminalView, HasTheSameNumberOfLinesAtEveryMomentAndFitsTheTerminal) {
  for (const int columns : {60, 80, 200}) {
    for (const int rows : {18, 24, 50}) {
      const ViewOptions options{.columns = columns, .rows = rows};
      const std::size_t expected = view_after(1, options).size();
      EXPECT_LT(expected, static_cast<std::size_t>(rows));
      for (std::size_t minutes = 1; minutes <= 30; ++minutes) {
        const auto lines = view_after(minutes, options);
        ASSERT_EQ(lines.size(), expected);
        for (const std::string& line : lines) {
          ASSERT_LT(columns_of(line), static_cast<std::size_t>(columns)) << line;
        }
      }
    }
  }
}

TEST_F(TerminalView, SaysWhatIsShortAndInRedWhereThereIsColour) {
  const auto plain = view_after(21, {});
  EXPECT_THAT(plain, Contains(HasSubstr("short now 5,000")));
  EXPECT_THAT(plain, Not(Contains(HasSubstr("\x1b"))));
  EXPECT_THAT(view_after(21, {.color = true}),
              Contains(AllOf(HasSubstr("short now 5,000"), HasSubstr(ansi(Ink::kShort)))));
}

TEST_F(TerminalView, ShowsForecastZonesReasonAndEvents) {
  const auto lines = view_after(11, {.columns = 100, .rows = 30, .pace = "300 x life"});
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("Made by hand"), HasSubstr("18:40:00 UTC"),
                                    HasSubstr("300 x life"))));
  EXPECT_THAT(lines, Contains(HasSubstr("peak until 18:45  22,000 likely, 25,000 at most")));
  EXPECT_THAT(lines, Contains(HasSubstr("zone-c              2      1         1")));
  EXPECT_THAT(lines, Contains(HasSubstr("reason  because of a long reason")));
  EXPECT_THAT(lines, Contains(HasSubstr("18:40 zone-a lost")));
}

TEST_F(TerminalView, CallsALostZoneLost) {
  Recording recording = made_recording(scenario_, "");
  recording.frames.back().domains[0] = {.specified = Replicas{2}, .pending = Replicas{2}};
  EXPECT_THAT(terminal_view({scenario_, recording}, {}), Contains(HasSubstr("LOST")));
}

TEST_F(TerminalView, FitsAMomentIntoOneLine) {
  Recording recording = made_recording(scenario_, "the reason");
  recording.frames.resize(21);
  EXPECT_EQ(moment_line({scenario_, recording, &recording.decisions.front()}),
            "18:50:00  viewers 30,000  peak 32,000..35,000  ready 2/2/1 of 2/2/2  SHORT 5,000  "
            "the reason");
  EXPECT_EQ(mark_line(recording.marks.front()), "18:40:00  * zone-a lost");
}

}  // namespace
}  // namespace edgetide::simulation
