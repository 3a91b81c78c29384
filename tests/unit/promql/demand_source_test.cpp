#include "promql/demand_source.h"

#include <gtest/gtest.h>

#include <string>

#include "one_server.h"

namespace edgetide::promql {
namespace {

struct Outcome {
  std::string name;
  std::string values;
  Instant taken_at;
  Freshness freshness;
  double value;
  std::string detail;
};

class Read : public testing::TestWithParam<Outcome> {};
TEST_P(Read, IsTyped) {
  Bench bench{edge_with(GetParam().values, GetParam().taken_at)};
  const auto reading = bench.viewers();
  EXPECT_EQ(reading.freshness, GetParam().freshness);
  EXPECT_EQ(reading.value, GetParam().value);
  const std::string prefix = "viewers from MetricSource video: ";
  EXPECT_EQ(reading.detail, GetParam().detail.empty() ? "" : prefix + GetParam().detail);
}

const Outcome kOutcomes[] = {
    {"fresh", kBoth, kNow - Seconds{90}, Freshness::kFresh, 15, ""},
    {"stale", kBoth, kNow - Seconds{91}, Freshness::kStale, 15,
     "the oldest sample is 1m31s old; at most 1m30s is fresh"},
    {"partial", vector_json({{series_of("edge", "a"), "10"}}), kNow, Freshness::kPartial, 10,
     "no series with zone=\"b\""},
    {"warned",
     vector_json({{series_of("edge", "a"), "10"}, {series_of("edge", "b"), "5"}},
                 R"(,"warnings":["store away"])"),
     kNow, Freshness::kPartial, 15, "the server warns: store away"},
    {"empty", vector_json({}), kNow, Freshness::kMissing, 0, "no series"},
    {"others_only", vector_json({{series_of("other", "a"), "10"}}), kNow, Freshness::kMissing, 0,
     "no series"},
    {"not_a_number", vector_json({{series_of("edge", "a"), "NaN"}, {series_of("edge", "b"), "5"}}),
     kNow, Freshness::kInvalid, 0, "zone=\"a\": NaN is not a finite number of at least 0"},
    {"infinite", vector_json({{series_of("edge", "a"), "+Inf"}, {series_of("edge", "b"), "5"}}),
     kNow, Freshness::kInvalid, 0, "zone=\"a\": +Inf is not a finite number of at least 0"},
    {"duplicate", vector_json({{series_of("edge", "a"), "1"}, {series_of("edge", "a"), "5"}}), kNow,
     Freshness::kAmbiguous, 0, "several series with zone=\"a\""},
};
INSTANTIATE_TEST_SUITE_P(Answers, Read, testing::ValuesIn(kOutcomes),
                         [](const auto& test) { return test.param.name; });

TEST(DemandSource, DatesAValueByItsOldestSample) {
  Bench bench{edge_with(kBoth, kNow - Seconds{7})};
  EXPECT_EQ(bench.viewers().at, kNow - Seconds{7});
}

/// Its failure domains are those of nodes, which the source need not know.
TEST(DemandSource, OfAWorkloadThatTheSchedulerSpreadsAllSeriesCount) {
  Bench bench{edge_with(kBoth)};
  auto workload = pool();
  workload.domains = {{.name = "edge"}};
  workload.topology_key = "topology.kubernetes.io/zone";
  const auto reading = bench.viewers(kNow, workload);
  EXPECT_TRUE(reading.fresh()) << reading.detail;
  EXPECT_EQ(reading.value, 15);
}

TEST(DemandSource, AValueThatNoSampleStandsBehindIsMissing) {
  auto spec = source();
  spec.queries["viewers"] = "sum by (namespace, pool, zone) (sessions) or made_up";
  Bench bench{[](const http::Request&) { return ok(kBoth); }, spec};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kMissing);
  EXPECT_FALSE(bench.viewers().has_value());
}

bool is_for_both(const http::Request& request) {
  return form(request.body)["query"].starts_with("(");
}

http::Response refused() { return {.status = 422, .headers = {}, .body = "{}"}; }

TEST(DemandSource, ValuesAndTheTimesOfTheirSamplesAreAskedForAtOnce) {
  Bench bench{edge_with(kBoth)};
  static_cast<void>(bench.viewers());
  ASSERT_EQ(bench.server.requests().size(), 1u);
  EXPECT_EQ(
      form(bench.server.requests()[0].body)["query"],
      "(sum by (namespace, pool, zone) (sessions)\n) or label_replace(min by (namespace, pool) "
      "(label_replace(timestamp(sessions), \"edgetide_selector\", \"0\", \"\", \"\")), "
      "\"is_edgetide_time\", \"1\", \"\", \"\")");
}

/// A scalar has no place beside a vector: its server refuses that, once.
TEST(DemandSource, WhatCannotBeAskedForAtOnceIsAskedForApart) {
  Bench bench{[](const http::Request& request) {
    if (is_for_both(request)) return refused();
    return ok(vector_json(
        {{"{}",
          form(request.body)["query"].starts_with("min(") ? unix_text(kNow - Seconds{5}) : "42"}}));
  }};
  auto own = pool();
  own.demand.queries = {{"viewers", "scalar(sum(own))"}};
  EXPECT_EQ(bench.viewers(kNow, own).value, 42);
  EXPECT_EQ(bench.viewers(kNow, own).at, kNow - Seconds{5});
  EXPECT_EQ(bench.server.new_requests(), 3);
  EXPECT_TRUE(bench.viewers(kNow + Seconds{15}, own).fresh());
  EXPECT_EQ(bench.server.new_requests(), 2);
}

TEST(DemandSource, AnExpressionThatIsRefusedByItselfIsTriedAtOnceAgain) {
  Bench bench{[](const http::Request&) { return refused(); }};
  EXPECT_EQ(bench.viewers().detail, "viewers from MetricSource video: HTTP 422");
  bench.server.answer_with(edge_with(kBoth));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{17}).has_value());
  EXPECT_TRUE(is_for_both(bench.server.requests().back()));
}

TEST(DemandSource, WithoutSampleTimesAValueIsStale) {
  Bench bench{[](const http::Request& request) {
    const bool for_values = form(request.body)["query"] == source().queries["viewers"];
    return for_values ? ok(kBoth) : refused();
  }};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kStale);
  EXPECT_EQ(bench.viewers().detail,
            "viewers from MetricSource video: the samples' age is not known: HTTP 422");
}

TEST(DemandSource, OnlyResourcesWithCapacityAreRead) {
  auto spec = source();
  spec.queries["egress"] = "8 * sum by (namespace, pool, zone) (rate(bytes[2m]))";
  Bench bench{edge_with(kBoth), spec};
  EXPECT_FALSE(bench.demand.read(pool(), kNow).egress.has_value());
  auto with_egress = pool();
  with_egress.capacity.egress = BitsPerSecond{1e9};
  const auto readings = bench.demand.read(with_egress, kNow);
  ASSERT_TRUE(readings.egress.has_value());
  EXPECT_EQ(readings.egress->value, 15);
  EXPECT_FALSE(readings.requests.has_value());
}

TEST(DemandSource, APoolsOwnQueriesReplaceTheSources) {
  Bench bench{[](const http::Request& request) {
    EXPECT_TRUE(form(request.body)["query"].starts_with("(sum(own)\n) or "));
    return ok(vector_json({{"{}", "42"}, taken(kNow)}));
  }};
  auto own = pool();
  own.demand.queries = {{"viewers", "sum(own)"}};
  EXPECT_EQ(bench.viewers(kNow, own).value, 42);
  EXPECT_TRUE(bench.viewers(kNow, own).fresh());
  EXPECT_EQ(bench.server.new_requests(), 1);
  own.demand.queries = {{"egress", "sum(own)"}};
  EXPECT_EQ(bench.viewers(kNow, own).freshness, Freshness::kMissing);
}

TEST(DemandSource, SeveralSeriesOfAnOwnQueryAreAmbiguousUnlessByDomain) {
  auto own = pool();
  own.demand.queries = {{"viewers", "own"}};
  const auto read = [&](const std::string& values) {
    Bench bench{edge_with(values)};
    return bench.viewers(kNow, own).freshness;
  };
  EXPECT_EQ(read(vector_json({{R"({"i":"1"})", "1"}, {R"({"i":"2"})", "2"}})),
            Freshness::kAmbiguous);
  EXPECT_EQ(read(kBoth), Freshness::kFresh);
  EXPECT_EQ(read(vector_json({{series_of("edge", "a"), "1"}})), Freshness::kPartial);
}

TEST(DemandSource, RefusesNamespacesAndSourcesItDoesNotKnow) {
  Bench bench{edge_with(kBoth)};
  auto stranger = pool();
  stranger.key.name_space = "radio";
  EXPECT_EQ(bench.viewers(kNow, stranger).freshness, Freshness::kFailed);
  EXPECT_EQ(bench.viewers(kNow, stranger).detail,
            "MetricSource video does not allow namespace radio");
  EXPECT_EQ(bench.demand.history(stranger, {kNow, kNow, Seconds{60}}).error().code,
            ErrorCode::kForbidden);
  EXPECT_EQ(bench.server.new_requests(), 0);
  auto lost = pool();
  lost.demand.source = "nowhere";
  EXPECT_EQ(bench.viewers(kNow, lost).detail, "there is no usable MetricSource nowhere");
  EXPECT_EQ(bench.demand.history(lost, {kNow, kNow, Seconds{60}}).error().code,
            ErrorCode::kNotFound);
}

/// What was learned of one way to count says nothing of another.
TEST(DemandSource, ViewersAreCountedByAQueryOfAServerAndTheLabelsOfAPool) {
  const auto counted = [](const auto& change) {
    auto spec = source();
    change(spec);
    return Bench{edge_with(kBoth), spec}.demand.viewers_query(pool()).value();
  };
  const auto as_it_is = counted([](auto&) {});
  EXPECT_EQ(counted([](auto& spec) {
              spec.queries["viewers"] = " " + spec.queries["viewers"] + " # of the edge\n";
            }),
            as_it_is);
  EXPECT_NE(counted([](auto& spec) { spec.queries["viewers"] += " + 1"; }), as_it_is);
  EXPECT_NE(counted([](auto& spec) { spec.url = "http://another:9090"; }), as_it_is);
  EXPECT_NE(counted([](auto& spec) { spec.labels.pool = "service"; }), as_it_is);
}

TEST(DemandSource, TellsWhoseViewersHaveRisenTheSteepestFirst) {
  const auto answer = [](const std::vector<std::string>& viewers) {
    std::vector<std::pair<std::string, std::string>> series;
    for (std::size_t i = 0; i < viewers.size(); ++i)
      series.emplace_back(series_of("pool-" + std::to_string(i), "a"), viewers[i]);
    return edge_with(vector_json(series));
  };
  const auto names = [](const std::optional<std::vector<ObjectKey>>& pools) {
    std::string text;
    for (const ObjectKey& pool : pools.value()) text += pool.name + " ";
    return text;
  };
  Bench bench{answer({"100", "100", "100", "0", "NaN", "100"})};
  EXPECT_EQ(names(bench.demand.refresh(kNow)), "") << "nothing is known of before";
  EXPECT_FALSE(bench.demand.refresh(kNow + Seconds{5})) << "it is not due";
  bench.server.answer_with(answer({"104", "120", "200", "7", "5", "NaN", "8"}));
  EXPECT_EQ(names(bench.demand.refresh(kNow + Seconds{15})), "pool-6 pool-3 pool-2 pool-1 ");
  bench.server.answer_with([](const http::Request&) { return http::Response{.status = 503}; });
  EXPECT_EQ(names(bench.demand.refresh(kNow + Seconds{30})), "");
  bench.server.answer_with(answer({"208"}));
  EXPECT_EQ(names(bench.demand.refresh(kNow + Seconds{45})), "pool-0 ") << "since the last values";
}

}  // namespace
}  // namespace edgetide::promql
