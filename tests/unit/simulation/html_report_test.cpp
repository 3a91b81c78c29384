#include "simulation/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "made_recordings.h"
#include "simulation/svg_chart.h"

namespace edgetide::simulation {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What keeps `html` from being a tree of properly closed elements; empty when nothing does.
std::string malformation(std::string_view html) {
  std::vector<std::string> open;
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const auto end = html.find('>', at);
    if (end == std::string_view::npos) return "unclosed tag";
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    const std::string name{tag.substr(0, tag.find_first_of(" \n/", 1))};
    if (tag.starts_with('!') || name == "meta" || tag.ends_with('/')) continue;
    if (!tag.starts_with('/')) {
      open.push_back(name);
    } else if (open.empty() || "/" + open.back() != name) {
      return "unexpected <" + std::string{tag} + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

std::string page_of(const Scenario& scenario, const std::string& summary) {
  const Recording recording = made_recording(scenario, summary);
  return html_report({scenario, recording, recording, recording},
                     [](const model::PlanReport& report) { return "Page of " + report.summary; });
}

TEST(Malformation, FindsWhatItIsFor) {
  EXPECT_EQ(malformation("<p>a<br/></p>"), "");
  EXPECT_NE(malformation("<p>a"), "");
  EXPECT_NE(malformation("<p><b>a</p></b>"), "");
}

TEST(HtmlReport, IsWellFormedAndNeedsNothingElse) {
  const std::string page = page_of(made_scenario(), "because");
  EXPECT_EQ(malformation(page), "");
  for (const char* outside : {"<script", "http:", "https:", "src=", "href=", "url(", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_LT(page.size(), 2'000'000u);
}

TEST(HtmlReport, EscapesEveryTextFromOutside) {
  Scenario scenario = made_scenario();
  const std::string hostile = "<script>alert(\"&'\")</script>";
  scenario.title = hostile;
  scenario.pool.key.name = hostile;
  for (auto& domain : scenario.pool.domains) domain.name = hostile;
  const std::string page = page_of(scenario, hostile);
  EXPECT_EQ(malformation(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;"));
}

TEST(HtmlReport, TellsTheFigures) {
  const std::string page = page_of(made_scenario(), "because of the match");
  // 1,000 + 2,000 + ... + 14,000 viewers, a minute each.
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">105,000</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">14.0</td>"));
  EXPECT_THAT(page, HasSubstr("14,000 at 18:59"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">180</td>"));  // 30 minutes of 6 replicas
  EXPECT_THAT(page, HasSubstr("because of the match"));
  EXPECT_THAT(page, HasSubstr("Page of because of the match"));
  EXPECT_THAT(page, HasSubstr("zone-a 1 → 2"));
  EXPECT_THAT(page, HasSubstr("zone-a lost"));
  EXPECT_THAT(page, HasSubstr("class=\"short-area\""));
}

TEST(HtmlReport, OfTheSameEveningHasTheSameBytes) {
  EXPECT_EQ(page_of(made_scenario(), "because"), page_of(made_scenario(), "because"));
}

TEST(SvgChart, DrawsToScale) {
  const Instant from{Seconds{1'800'000'000}};
  SvgChart chart({.title = "A & B",
                  .description = "",
                  .unit = "viewers",
                  .from = from,
                  .to = from + Seconds{100},
                  .top = 10,
                  .height = 150});
  // The plot goes from x 52 to 980 and from y 50 (the top) down to 126.
  chart.line({{from, 0}, {from + Seconds{50}, 5}, {from + Seconds{100}, 10}}, "l");
  chart.steps({{from, 0}, {from + Seconds{50}, 10}, {from + Seconds{100}, 10}}, "s");
  const std::string svg = chart.svg();
  EXPECT_EQ(malformation(svg), "");
  EXPECT_THAT(svg, HasSubstr("aria-label=\"A &amp; B\""));
  EXPECT_THAT(svg, HasSubstr("d=\"M52.0 126.0L516.0 88.0L980.0 50.0\" class=\"l\""));
  EXPECT_THAT(svg, HasSubstr("d=\"M52.0 126.0H516.0V50.0H980.0\" class=\"s\""));
}

TEST(SvgChart, KeepsWhatIsOutOfRangeInside) {
  const Instant from{Seconds{1'800'000'000}};
  SvgChart chart({.title = "t", .from = from, .to = from + Seconds{100}, .top = 10, .height = 150});
  chart.line({{from - Seconds{100}, -5}, {from + Seconds{500}, 99}}, "l");
  EXPECT_THAT(chart.svg(), HasSubstr("d=\"M52.0 126.0L980.0 50.0\""));
}

TEST(SvgChart, SetsLabelsOfNearMomentsBelowOneAnother) {
  const Instant from{Seconds{1'800'000'000}};
  SvgChart chart({.title = "t", .from = from, .to = from + Seconds{1000}, .height = 150});
  chart.mark(from + Seconds{100}, "first", "event");
  chart.mark(from + Seconds{101}, "second", "event");
  chart.mark(from + Seconds{500}, "third", "event");
  const std::string svg = chart.svg();
  EXPECT_THAT(svg, HasSubstr("y=\"14.0\" text-anchor=\"start\" class=\"event label\">first"));
  EXPECT_THAT(svg, HasSubstr("y=\"28.0\" text-anchor=\"start\" class=\"event label\">second"));
  EXPECT_THAT(svg, HasSubstr("y=\"14.0\" text-anchor=\"start\" class=\"event label\">third"));
}

}  // namespace
}  // namespace edgetide::simulation
