#include "promql/demand_source.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <string>
#include <thread>

#include "fake_transport.h"

namespace edgetide::promql {
namespace {

using model::Freshness;

const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

model::MetricSource source(const std::string& name = "video") {
  model::MetricSource spec;
  spec.name = name;
  spec.url = "http://prometheus:9090";
  spec.allowed_namespaces = {"video"};
  spec.labels.failure_domain = "zone";
  spec.queries = {{"viewers", "sum by (namespace, pool, zone) (sessions)"}};
  return spec;
}

model::EdgePool pool(const std::string& name = "edge") {
  model::EdgePool result;
  result.key = {"video", name};
  result.domains = {{.name = "a"}, {.name = "b"}};
  result.demand.source = "video";
  result.capacity.viewers = Viewers{100};
  return result;
}

std::string series_of(const std::string& pool_name, const std::string& zone) {
  return R"({"namespace":"video","pool":")" + pool_name + R"(","zone":")" + zone + "\"}";
}

std::string unix_text(Instant at) { return std::to_string(at.time_since_epoch().count()); }

/// The series beside values that says when their samples were taken.
std::pair<std::string, std::string> taken(Instant at, const std::string& labels = "") {
  return {"{" + labels + R"("is_edgetide_time":"1"})", unix_text(at)};
}

/// Answers values, and `taken_at` as the time of the edge's samples.
FakeServer::Answer edge_with(std::string values, Instant taken_at = kNow) {
  const auto [labels, time] = taken(taken_at, R"("namespace":"video","pool":"edge",)");
  const auto result = values.find("[") + 1;
  const std::string more = R"({"metric":)" + labels + R"(,"value":[1700000000,")" + time + "\"]}";
  values.insert(result, values[result] == ']' ? more : more + ",");
  return [values = std::move(values)](const http::Request&) { return ok(values); };
}

const std::string kBoth =
    vector_json({{series_of("edge", "a"), "10"}, {series_of("edge", "b"), "5"}});

/// A DemandSource over one server in memory.
struct Bench {
  explicit Bench(FakeServer::Answer answer, model::MetricSource spec = source())
      : server(std::move(answer)) {
    demand.set_sources({std::move(spec)});
  }

  FakeServer server;
  DemandSource demand{
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [this](const http::Endpoint&) -> Result<std::unique_ptr<http::Transport>> {
        return std::unique_ptr<http::Transport>{std::make_unique<FakeTransport>(server)};
      }};

  model::Reading viewers(Instant now = kNow, const model::EdgePool& of = pool()) {
    return demand.read(of, now).viewers;
  }
};

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

TEST(DemandSource, OneBatchServesAllPoolsOnceAnInterval) {
  Bench bench{[](const http::Request&) {
    return ok(vector_json({taken(kNow),
                           {series_of("one", "a"), "1"},
                           {series_of("one", "b"), "1"},
                           {series_of("two", "a"), "2"},
                           {series_of("two", "b"), "2"}}));
  }};
  EXPECT_EQ(bench.viewers(kNow, pool("one")).value, 2);
  EXPECT_EQ(bench.viewers(kNow, pool("two")).value, 4);
  EXPECT_EQ(bench.viewers(kNow + Seconds{14}, pool("one")).value, 2);
  EXPECT_EQ(bench.server.new_requests(), 1);
  EXPECT_EQ(bench.viewers(kNow + Seconds{17}, pool("one")).value, 2);
  EXPECT_EQ(bench.server.new_requests(), 1);
  EXPECT_EQ(form(bench.server.requests()[1].body)["time"], unix_text(kNow + Seconds{17}));
}

TEST(DemandSource, WhoReadsLeavesItToRefreshToAsk) {
  Bench bench{edge_with(kBoth)};
  static_cast<void>(bench.viewers());
  bench.server.new_requests();
  static_cast<void>(bench.viewers(kNow + Seconds{16}));
  EXPECT_EQ(bench.server.new_requests(), 0);
  bench.demand.refresh(kNow + Seconds{16});
  EXPECT_EQ(bench.server.new_requests(), 1);
}

/// Answers of the future are not taken for fresh until the clock has caught up with them.
TEST(DemandSource, AClockThatIsSetBackIsFollowed) {
  Bench bench{edge_with(kBoth)};
  EXPECT_EQ(bench.viewers().value, 15);
  auto own = pool("own");
  own.demand.queries = {{"viewers", "sum(own)"}};
  static_cast<void>(bench.viewers(kNow, own));
  bench.server.new_requests();
  const Instant earlier = kNow - Seconds{3600};
  bench.demand.refresh(earlier);
  EXPECT_EQ(bench.server.new_requests(), 1);
  static_cast<void>(bench.viewers(earlier, own));
  EXPECT_EQ(bench.server.new_requests(), 1);

  Bench down{[](const http::Request&) -> Result<http::Response> {
    return Error{ErrorCode::kUnavailable, "connection refused"};
  }};
  static_cast<void>(down.viewers());
  down.server.new_requests();
  down.demand.refresh(earlier);
  EXPECT_EQ(down.server.new_requests(), 1);
}

/// A program that is asked to end does not wait for a server that hangs, and does not take the
/// request that it gave up for an answer.
TEST(DemandSource, StoppedItGivesUpWhatIsUnderWay) {
  std::atomic<bool> hang = false;
  Bench bench{[&](const http::Request& request) -> Result<http::Response> {
    if (!hang) return edge_with(kBoth)(request);
    while (!request.stop.stop_requested())
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return Error{ErrorCode::kCancelled, "stopped"};
  }};
  EXPECT_TRUE(bench.viewers().fresh());
  hang = true;
  std::jthread asker{[&] { bench.demand.refresh(kNow + Seconds{15}); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  bench.demand.stop();
  asker.join();
  EXPECT_TRUE(bench.viewers(kNow + Seconds{15}).fresh());
}

TEST(DemandSource, RememberedAnswersGrowOld) {
  auto spec = source();
  spec.interval = Seconds{300};
  Bench bench{edge_with(kBoth, kNow), spec};
  EXPECT_TRUE(bench.viewers(kNow + Seconds{0}).fresh());
  EXPECT_EQ(bench.viewers(kNow + Seconds{91}).freshness, Freshness::kStale);
}

TEST(DemandSource, AnUnreachableServerIsAskedOnceAnInterval) {
  auto spec = source();
  spec.queries["egress"] = "sum by (namespace, pool, zone) (bits)";
  Bench bench{[](const http::Request&) -> Result<http::Response> {
                return Error{ErrorCode::kUnavailable, "connection refused"};
              },
              spec};
  auto with_own = pool("own");
  with_own.demand.queries = {{"viewers", "sum(x)"}};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kFailed);
  EXPECT_EQ(bench.viewers().detail, "viewers from MetricSource video: connection refused");
  EXPECT_EQ(bench.viewers(kNow, with_own).freshness, Freshness::kFailed);
  EXPECT_EQ(bench.viewers(kNow + Seconds{14}).freshness, Freshness::kFailed);
  EXPECT_EQ(bench.server.new_requests(), 1);
  bench.server.answer_with(edge_with(kBoth, kNow + Seconds{17}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{17}).fresh());
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

TEST(DemandSource, AnUnchangedSourceKeepsItsAnswers) {
  Bench bench{edge_with(kBoth)};
  static_cast<void>(bench.viewers());
  bench.demand.set_sources({source()});
  static_cast<void>(bench.viewers());
  EXPECT_EQ(bench.server.new_requests(), 1);
  auto changed = source();
  changed.max_sample_age = Seconds{10};
  bench.demand.set_sources({changed});
  static_cast<void>(bench.viewers());
  EXPECT_EQ(bench.server.new_requests(), 1);
  bench.demand.set_sources({});
  EXPECT_EQ(bench.viewers().freshness, Freshness::kFailed);
}

/// While a server hangs, who has read from it before is served what is known, and other sources go
/// on.
TEST(DemandSource, AHangingServerKeepsOnlyTheAskerWaiting) {
  std::mutex mutex;
  std::condition_variable changed;
  bool hang = false, hanging = false;
  FakeServer slow{[&](const http::Request& request) {
    std::unique_lock lock{mutex};
    if (hang) {
      hanging = true;
      changed.notify_all();
      changed.wait(lock, [&] { return !hang; });
    }
    return *edge_with(kBoth)(request);
  }};
  FakeServer quick{edge_with(kBoth)};
  DemandSource demand{
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [&](const http::Endpoint& endpoint) -> Result<std::unique_ptr<http::Transport>> {
        return std::unique_ptr<http::Transport>{
            std::make_unique<FakeTransport>(endpoint.base_url == "http://slow" ? slow : quick)};
      }};
  auto slow_spec = source("slow");
  slow_spec.url = "http://slow";
  demand.set_sources({slow_spec, source()});
  auto slow_pool = pool();
  slow_pool.demand.source = "slow";
  demand.refresh(kNow);
  {
    const std::lock_guard lock{mutex};
    hang = true;
  }
  std::jthread asker{[&] { demand.refresh(kNow + Seconds{20}); }};
  {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return hanging; });
  }
  demand.refresh(kNow + Seconds{20});  // Somebody is asking already.
  EXPECT_EQ(demand.read(slow_pool, kNow + Seconds{20}).viewers.value, 15);
  EXPECT_EQ(demand.read(pool(), kNow + Seconds{20}).viewers.value, 15);
  {
    const std::lock_guard lock{mutex};
    hang = false;
  }
  changed.notify_all();
}

}  // namespace
}  // namespace edgetide::promql
