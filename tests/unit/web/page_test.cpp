#include "web/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "web/bundle.h"

namespace edgetide::web {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Page page_with(std::vector<double> values) {
  Page page{.title = "A night", .subtitle = {}, .note = {}, .figures = {}};
  Chart chart{.title = "Viewers",
              .description = {},
              .unit = "viewers",
              .from = Instant{Seconds{1'800'000'000}},
              .step = Seconds{15},
              .series = {},
              .marks = {},
              .spans = {}};
  chart.series.push_back(
      {.label = "viewers", .role = Role::kDemand, .factor = 2.5, .values = std::move(values)});
  page.charts.push_back(std::move(chart));
  return page;
}

TEST(PageJson, SaysWhatTheDashboardReads) {
  EXPECT_EQ(page_json(page_with({1, 2.5, kUnknown})),
            R"({"apiVersion":"edgetide.io/v1alpha1","kind":"Page","title":"A night","subtitle":"",)"
            R"("note":"","state":"over","figures":{"columns":[],"rows":[]},"charts":[{"title":)"
            R"("Viewers","description":"","unit":"viewers","from":1800000000,"step":15,"series":[)"
            R"({"label":"viewers","role":"demand","factor":2.5,"values":[1,2.5,null]}],"marks":[],)"
            R"("spans":[]}],"curves":[],"decisionsNote":"","decisions":[]})");
}

TEST(PageJson, WritesRunsWhereTheyAreShorter) {
  EXPECT_THAT(page_json(page_with({7, 7, 7, 7, kUnknown, kUnknown, 8})),
              HasSubstr(R"("runs":[7,4,null,2,8,1])"));
  EXPECT_THAT(page_json(page_with({7, 8, 7, 8})), HasSubstr(R"("values":[7,8,7,8])"));
}

TEST(PageJson, TellsWhosePoolADecisionIsOfWhereThereAreSeveral) {
  Page page = page_with({});
  page.decisions_note = "Each opens its full report.";
  page.decisions.push_back({.at = Instant{Seconds{60}}, .pool = {}, .summary = {}, .report = {}});
  EXPECT_THAT(page_json(page), HasSubstr(R"("decisionsNote":"Each opens its full report.",)"
                                         R"("decisions":[{"at":60,"action":"Hold","from":0,"to":0,)"
                                         R"("summary":"","report":""}])"));
  page.decisions.front().pool = "live-shield";
  EXPECT_THAT(page_json(page), HasSubstr(R"("pool":"live-shield")"));
}

TEST(PageJson, IsTextWhateverANameHolds) {
  Page page = page_with({});
  page.title = "broken \xff name";
  EXPECT_THAT(page_json(page), HasSubstr("broken \xEF\xBF\xBD name"));
}

TEST(PageHtml, NothingInTheDataEndsItsElement) {
  Page page = page_with({});
  page.title = "</script><script>alert(1)</script><!--";
  const std::string html = page_html(page);
  EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(html, HasSubstr("\\u003c/script>\\u003cscript>alert(1)"));
}

TEST(PageHtml, RunsTheBundleAndLoadsNothing) {
  const std::string html = page_html(page_with({1}));
  EXPECT_THAT(html, HasSubstr("default-src 'none'; script-src " + std::string{kScriptSource} +
                              "; style-src " + std::string{kStyleSource} + ";"));
  for (const char* outside : {"connect-src", "unsafe-inline", "src=\"", "href=\"", "@import"}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
}

TEST(PageHtml, OnlyALivePageAsksItsServer) {
  Page page = page_with({1});
  page.live = true;
  EXPECT_THAT(page_html(page), HasSubstr("; connect-src 'self';"));
}

}  // namespace
}  // namespace edgetide::web
