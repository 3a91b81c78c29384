#include <gtest/gtest.h>

#include "one_server.h"

/// Windows of a query that are not full again after its server, or what it scrapes, was away.
namespace edgetide::promql {
namespace {

model::MetricSource rates() {
  auto spec = source();
  spec.queries["viewers"] = "10 * sum by (namespace, pool, zone) (rate(segments_total[5m]))";
  return spec;
}

FakeServer::Answer answers(Instant at) { return edge_with(kBoth, at); }

FakeServer::Answer unreachable() {
  return
      [](const http::Request&) { return http::Response{.status = 503, .headers = {}, .body = ""}; };
}

struct Away {
  const char* name;
  FakeServer::Answer answer;
};
class Windows : public testing::TestWithParam<Away> {};

/// The source is whole again after two minutes; its windows of five are full five minutes later.
void expect_waited_for(Bench& bench, const std::string& why) {
  const Instant back = kNow + Seconds{120};
  bench.server.answer_with(answers(back));
  const auto first = bench.viewers(back);
  EXPECT_EQ(first.freshness, Freshness::kPartial);
  EXPECT_EQ(first.value, 15) << "which may raise";
  EXPECT_EQ(first.detail,
            "viewers from MetricSource video: " + why + to_string(back + Seconds{300}));
  bench.server.answer_with(answers(back + Seconds{280}));
  EXPECT_EQ(bench.viewers(back + Seconds{280}).freshness, Freshness::kPartial);
  bench.server.answer_with(answers(back + Seconds{300}));
  EXPECT_TRUE(bench.viewers(back + Seconds{300}).fresh());
}

TEST_P(Windows, AreWaitedForAfterItWasAway) {
  Bench bench{answers(kNow), rates()};
  EXPECT_TRUE(bench.viewers().fresh());
  bench.server.answer_with(GetParam().answer);
  EXPECT_FALSE(bench.viewers(kNow + Seconds{60}).has_value());

  expect_waited_for(bench, "it went unanswered, and its windows are not full again until ");
}

TEST_P(Windows, OfAPoolsOwnQueryAreWaitedForAsWell) {
  Bench bench{answers(kNow), rates()};
  auto own = pool();
  own.demand.queries = {{"viewers", "sum by (zone) (rate(own_total[1m]))"}};
  const auto answer = [](Instant at) {
    return [at](const http::Request&) {
      return ok(vector_json({{R"({"zone":"a"})", "10"}, {R"({"zone":"b"})", "5"}, taken(at)}));
    };
  };
  bench.server.answer_with(answer(kNow));
  EXPECT_TRUE(bench.viewers(kNow, own).fresh());
  bench.server.answer_with(GetParam().answer);
  EXPECT_FALSE(bench.viewers(kNow + Seconds{20}, own).has_value());
  bench.server.answer_with(answer(kNow + Seconds{40}));
  EXPECT_EQ(bench.viewers(kNow + Seconds{40}, own).freshness, Freshness::kPartial);
  bench.server.answer_with(answer(kNow + Seconds{100}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{100}, own).fresh());
}

INSTANTIATE_TEST_SUITE_P(Aways, Windows,
                         testing::Values(Away{"unreachable", unreachable()},
                                         Away{"without_series",
                                              [](const http::Request&) {
                                                return ok(vector_json({}));
                                              }}),
                         [](const auto& test) { return test.param.name; });

/// Prometheus went on scraping while one answer of it was lost.
TEST(WindowsAtOnce, ALongWindowHardlyMissesOneAnswer) {
  auto spec = rates();
  spec.queries["viewers"] = "sum by (namespace, pool, zone) (avg_over_time(sessions[1d]))";
  Bench bench{answers(kNow), spec};
  EXPECT_TRUE(bench.viewers().fresh());
  bench.server.answer_with(unreachable());
  EXPECT_FALSE(bench.viewers(kNow + Seconds{60}).has_value());
  EXPECT_FALSE(bench.viewers(kNow + Seconds{120}).has_value());
  bench.server.answer_with(answers(kNow + Seconds{180}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{180}).fresh());
}

const std::string kOneZone = vector_json({{series_of("edge", "a"), "10"}});

/// The exporter of a zone was away, or started anew with counters at zero.
TEST(WindowsOfOneZone, AreWaitedForAfterItWasAway) {
  Bench bench{answers(kNow), rates()};
  EXPECT_TRUE(bench.viewers().fresh());
  bench.server.answer_with(edge_with(kOneZone, kNow + Seconds{60}));
  EXPECT_EQ(bench.viewers(kNow + Seconds{60}).freshness, Freshness::kPartial) << "it is missing";

  expect_waited_for(bench,
                    "a domain's series have only just come, and their windows are not full until ");
}

/// Of a zone that has its series back after so many seconds, in every answer between without them.
Freshness after_missing(int seconds) {
  auto spec = rates();
  spec.queries["viewers"] = "sum by (namespace, pool, zone) (avg_over_time(sessions[1d]))";
  Bench bench{answers(kNow), spec};
  EXPECT_TRUE(bench.viewers().fresh());
  for (int at = 60; at < seconds; at += 60) {
    bench.server.answer_with(edge_with(kOneZone, kNow + Seconds{at}));
    EXPECT_EQ(bench.viewers(kNow + Seconds{at}).freshness, Freshness::kPartial);
  }
  bench.server.answer_with(answers(kNow + Seconds{seconds}));
  return bench.viewers(kNow + Seconds{seconds}).freshness;
}

TEST(WindowsOfOneZone, ALongOneHardlyMissesATwentieth) {
  EXPECT_EQ(after_missing(120), Freshness::kFresh);
  EXPECT_EQ(after_missing(86400 / 20), Freshness::kFresh);
  EXPECT_EQ(after_missing(86400 / 20 + 60), Freshness::kPartial);
}

/// One that is lost alone is no outage of so long a window.
TEST(WindowsOfOneZone, AreWaitedForThoughAnAnswerWasLostMeanwhile) {
  auto spec = rates();
  spec.queries["viewers"] = "sum by (namespace, pool, zone) (avg_over_time(sessions[1d]))";
  Bench bench{edge_with(kOneZone), spec};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kPartial);
  bench.server.answer_with(unreachable());
  EXPECT_FALSE(bench.viewers(kNow + Seconds{20}).has_value());
  bench.server.answer_with(answers(kNow + Seconds{40}));
  EXPECT_EQ(bench.viewers(kNow + Seconds{40}).freshness, Freshness::kPartial);
}

TEST(WindowsOfOneZone, AQueryWithoutThemIsFreshAtOnce) {
  Bench bench{edge_with(kOneZone)};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kPartial);
  bench.server.answer_with(answers(kNow + Seconds{20}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{20}).fresh());
}

TEST(WindowsAtOnce, AQueryWithoutThemIsFreshAtOnce) {
  Bench bench{unreachable()};
  EXPECT_FALSE(bench.viewers().has_value());
  bench.server.answer_with(answers(kNow + Seconds{20}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{20}).fresh());
}

TEST(WindowsAtOnce, TheFirstAnswerOfAllIsBelieved) {
  Bench bench{answers(kNow), rates()};
  EXPECT_TRUE(bench.viewers().fresh());
}

}  // namespace
}  // namespace edgetide::promql
