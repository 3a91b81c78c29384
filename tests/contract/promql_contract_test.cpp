#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "http/transport.h"
#include "promql/demand_source.h"

/// What the Prometheus adapter promises, held against a real server. with_prometheus.py says what
/// stands in it.
namespace edgetide::promql {
namespace {

using model::Freshness;

const Instant kStart = *parse_instant("2024-01-01T00:00:00Z");
const Instant kEnd = *parse_instant("2024-01-04T00:00:00Z");

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  EXPECT_NE(value, nullptr) << name << " is not set: run through with_prometheus.py";
  return value == nullptr ? "" : value;
}

std::string file_text(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<std::string> read_secret(const std::string&, const std::string&, const std::string& key) {
  if (key == "user") return std::string{"admin"};
  if (key == "password") return std::string{"test\n"};
  if (key == "wrong") return std::string{"letmein"};
  if (key == "ca.crt") return file_text(environment("EDGETIDE_TEST_PROMETHEUS_CA"));
  return Error{ErrorCode::kNotFound, "no such key"};
}

model::MetricSource source() {
  model::MetricSource spec;
  spec.name = "video";
  spec.url = environment("EDGETIDE_TEST_PROMETHEUS_URL");
  spec.allowed_namespaces = {"video"};
  spec.labels.failure_domain = "zone";
  spec.queries = {{"viewers", "sum by (namespace, pool, zone) (sessions)"},
                  {"egress", "8 * sum by (namespace, pool, zone) (rate(bytes_total[5m]))"}};
  return spec;
}

model::EdgePool pool(const std::string& name) {
  model::EdgePool result;
  result.key = {"video", name};
  result.domains = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
  result.demand.source = "video";
  result.capacity.viewers = Viewers{100};
  return result;
}

model::EdgePool with_query(const std::string& query) {
  auto result = pool("own");
  result.demand.queries = {{"viewers", query}};
  return result;
}

class RealPrometheus : public testing::Test {
 protected:
  static void SetUpTestSuite() { http::initialize_io(4); }

  RealPrometheus() { demand_.set_sources({source()}); }

  model::Reading viewers(const model::EdgePool& of, Instant now = kEnd) {
    return demand_.read(of, now).viewers;
  }

  DemandSource demand_{read_secret, http::connect};
};

// The last minute is 4320, and 4320 % 7 = 1: 101 + 201 + 300.
TEST_F(RealPrometheus, AnswersABatchByPoolAndZone) {
  const auto reading = viewers(pool("whole"));
  EXPECT_TRUE(reading.fresh()) << reading.detail;
  EXPECT_EQ(reading.value, 602);
  EXPECT_EQ(reading.at, kEnd);
}

TEST_F(RealPrometheus, RatesAreReadToo) {
  auto with_egress = pool("whole");
  with_egress.capacity.egress = BitsPerSecond{1e9};
  const auto reading = *demand_.read(with_egress, kEnd).egress;
  EXPECT_TRUE(reading.fresh()) << reading.detail;
  EXPECT_NEAR(reading.value, 8 * 600, 1e-6);
}

TEST_F(RealPrometheus, AnAggregatesAgeIsThatOfItsSamples) {
  auto reading = viewers(pool("whole"), kEnd + Seconds{90});
  EXPECT_TRUE(reading.fresh()) << reading.detail;
  EXPECT_EQ(reading.at, kEnd);
  reading = viewers(pool("whole"), kEnd + Seconds{200});
  EXPECT_EQ(reading.freshness, Freshness::kStale);
  EXPECT_EQ(reading.value, 602);
  EXPECT_EQ(reading.detail,
            "viewers from MetricSource video: the oldest sample is 3m20s old; at "
            "most 1m30s is fresh");
  // Beyond the server's lookback of five minutes.
  EXPECT_EQ(viewers(pool("whole"), kEnd + Seconds{400}).freshness, Freshness::kMissing);
}

TEST_F(RealPrometheus, OneFrozenZoneMakesTheSumStale) {
  const auto reading = viewers(pool("frozen"));
  EXPECT_EQ(reading.freshness, Freshness::kStale);
  EXPECT_EQ(reading.value, 600);
  EXPECT_EQ(reading.at, kEnd - Seconds{120});
}

TEST_F(RealPrometheus, DoubtsAreTyped) {
  EXPECT_EQ(viewers(pool("partial")).freshness, Freshness::kPartial);
  EXPECT_EQ(viewers(pool("partial")).value, 300);
  EXPECT_EQ(viewers(pool("nan")).freshness, Freshness::kInvalid);
  EXPECT_EQ(viewers(pool("nobody")).freshness, Freshness::kMissing);
  EXPECT_EQ(viewers(with_query("sessions")).freshness, Freshness::kAmbiguous);
  EXPECT_EQ(viewers(with_query("sum(sessions{pool=\"whole\"}) / 0")).freshness,
            Freshness::kInvalid);
}

TEST_F(RealPrometheus, AnInventedZeroIsMissing) {
  for (const char* query :
       {"sum(never_recorded) or vector(0)", "count(never_recorded) or on() vector(0)"}) {
    const auto reading = viewers(with_query(query));
    EXPECT_EQ(reading.freshness, Freshness::kMissing) << query;
    EXPECT_FALSE(reading.has_value());
  }
}

TEST_F(RealPrometheus, OwnQueriesAreRead) {
  EXPECT_EQ(viewers(with_query("sum(sessions{pool=\"whole\"})")).value, 602);
  const auto reading =
      viewers(with_query("sum(sessions{pool=\"frozen\"}) + 0 * sum(plain_sessions)"));
  EXPECT_EQ(reading.freshness, Freshness::kStale);
  EXPECT_EQ(viewers(with_query("42")).value, 42);
  EXPECT_TRUE(viewers(with_query("42")).fresh());
}

TEST_F(RealPrometheus, JoinsFindTheirAge) {
  auto joined = source();
  joined.queries = {{"viewers",
                     "sum by (namespace, pool, zone) (plain_sessions * on (instance) group_left "
                     "(namespace, pool, zone) owner_info)"}};
  demand_.set_sources({joined});
  const auto reading = viewers(pool("joined"));
  EXPECT_TRUE(reading.fresh()) << reading.detail;
  EXPECT_EQ(reading.value, 600);
  EXPECT_EQ(viewers(pool("joined"), kEnd + Seconds{120}).freshness, Freshness::kStale);
}

TEST_F(RealPrometheus, ABrokenQueryIsQuoted) {
  const auto reading = viewers(with_query("sum(("));
  EXPECT_EQ(reading.freshness, Freshness::kFailed);
  EXPECT_NE(reading.detail.find("HTTP 400: "), std::string::npos) << reading.detail;
  EXPECT_NE(reading.detail.find("parse error"), std::string::npos) << reading.detail;
}

/// Ten days asked for in two chunks, three of them recorded, an hour of one zone missing.
TEST_F(RealPrometheus, HistoryHasGapsAndNoZeros) {
  const auto history =
      demand_.history(pool("whole"), {kStart - Seconds{7 * 86400}, kEnd, Seconds{300}});
  ASSERT_TRUE(history.ok()) << history.error().text();
  ASSERT_FALSE(history->empty());
  EXPECT_EQ(history->samples().front().at, kStart);
  EXPECT_EQ(history->samples().back().at, kEnd);
  for (const auto& sample : history->samples()) {
    const auto minute = (sample.at - kStart).count() / 60;
    ASSERT_EQ(sample.viewers.count(), 600 + 2 * (minute % 7)) << to_string(sample.at);
    // The last sample before the gap, at minute 599, is carried on for less than five minutes.
    ASSERT_TRUE(minute <= 600 || minute >= 660) << to_string(sample.at);
  }
  EXPECT_EQ(history->samples().size(), 3u * 288 + 1 - 11);
}

TEST_F(RealPrometheus, HistoryOfAnOwnQuery) {
  const auto history =
      demand_.history(with_query("sum(sessions{pool=\"frozen\"})"), {kStart, kEnd, Seconds{3600}});
  ASSERT_TRUE(history.ok()) << history.error().text();
  EXPECT_EQ(history->samples().size(), 73u);
  const auto none = demand_.history(pool("nobody"), {kStart, kEnd, Seconds{3600}});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
}

TEST_F(RealPrometheus, CredentialsOpenASecuredServer) {
  auto secured = source();
  secured.url = environment("EDGETIDE_TEST_SECURE_PROMETHEUS_URL");
  secured.tls.ca = model::SecretKeyRef{"m", "prom", "ca.crt"};
  secured.authorization = {.type = model::SourceAuthorization::Type::kBasic,
                           .username = {"m", "prom", "user"},
                           .password = {"m", "prom", "password"}};
  demand_.set_sources({secured});
  EXPECT_EQ(viewers(with_query("vector(7)")).value, 7);

  secured.authorization.password.key = "wrong";
  demand_.set_sources({secured});
  auto refused = viewers(with_query("vector(7)"));
  EXPECT_EQ(refused.freshness, Freshness::kFailed);
  EXPECT_EQ(refused.detail, "viewers from MetricSource video: HTTP 401");

  secured.tls.ca.reset();
  demand_.set_sources({secured});
  refused = viewers(with_query("vector(7)"));
  EXPECT_EQ(refused.freshness, Freshness::kFailed);
  EXPECT_EQ(refused.detail.find("letmein"), std::string::npos);
}

TEST_F(RealPrometheus, AServerThatIsNotThereFails) {
  auto gone = source();
  gone.url = "http://127.0.0.1:1";
  demand_.set_sources({gone});
  EXPECT_EQ(viewers(pool("whole")).freshness, Freshness::kFailed);
  EXPECT_FALSE(demand_.history(pool("whole"), {kStart, kEnd, Seconds{3600}}).ok());
}

}  // namespace
}  // namespace edgetide::promql
