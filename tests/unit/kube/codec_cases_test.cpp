#include "unit/kube/codec_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace edgetide::kube {
namespace {

using testing::Contains;
using testing::Field;

TEST(CodecCases, AreJudgedAsTheApiServerJudgesThem) {
  for (const Kind& kind : read_kinds()) {
    for (const Case& c : kind.cases) {
      SCOPED_TRACE(kind.plural + ": " + c.name);
      const auto problems = problems_of(kind.plural, c.object, {.refuse_unknown = true});
      if (c.problem) {
        EXPECT_THAT(problems, Contains(Field(&FieldProblem::path, *c.problem)))
            << text_of(problems);
      } else {
        EXPECT_TRUE(problems.empty()) << text_of(problems);
      }
    }
  }
}

TEST(CodecCases, WhatIsRequiredSuffices) {
  for (const Kind& kind : read_kinds()) {
    const auto problems = problems_of(kind.plural, kind.minimal, {.refuse_unknown = true});
    EXPECT_TRUE(problems.empty()) << kind.plural << ": " << text_of(problems);
  }
}

/// Everything that a pool says, for comparison.
std::string description(const model::EdgePool& pool) {
  std::ostringstream text;
  text << model::to_string(pool.mode) << ' ' << pool.demand.source << ' '
       << pool.capacity.viewers.value_or(Viewers{}).count() << ' '
       << pool.capacity.egress.has_value() << pool.capacity.requests.has_value()
       << pool.capacity.connections.has_value() << pool.capacity.handshakes.has_value() << ' '
       << pool.capacity.target_utilization.count() << ' ' << pool.lead_time.count() << ' '
       << pool.least_lead_time.count() << ' ' << pool.confidence << ' ' << pool.time_zone << ' '
       << model::to_string(pool.redundancy.survive) << ' ' << pool.redundancy.spare.count() << ' '
       << pool.redundancy.confidence << ' ' << pool.redundancy.reconnect.count() << ' '
       << pool.redundancy.rebuild_after.count() << ' ' << pool.demand.handshakes_per_arrival << ' '
       << pool.replicas.min.count() << ' ' << pool.replicas.max.count() << ' '
       << model::to_string(pool.on_missing_demand);
  for (const auto& [name, query] : pool.demand.queries) text << ' ' << name << '=' << query;
  for (const auto& domain : pool.domains) {
    text << ' ' << domain.name << ' ' << domain.target.api_version << ' ' << domain.target.kind
         << ' ' << domain.target.name << ' ' << domain.max_replicas.count();
  }
  for (const auto* rules : {&pool.behavior.scale_up, &pool.behavior.scale_down}) {
    text << ' ' << rules->stabilization_window.count() << ' ' << static_cast<int>(rules->select)
         << ' ' << rules->policies.size();
  }
  text << ' ' << model::to_string(pool.tier);
  if (const auto& upstream = pool.upstream) {
    text << ' ' << upstream->name << ' ' << upstream->fill.count() << ' '
         << upstream->live_fill.count() << ' ' << upstream->cold_fill.count();
  }
  text << ' ' << pool.warm_up.count();
  text << ' ' << pool.pacing.step.count() << ' ' << pool.pacing.interval.count();
  return text.str();
}

// tests/contract/crds holds the API server to the same file of defaults.
TEST(CodecDefaults, AreThoseOfTheSchemas) {
  const json::Value defaulted = read_contract("defaulted.json");
  const auto with_defaults = [&](const Kind& kind) {
    json::Value object = kind.minimal;
    object["spec"] = defaulted[kind.plural];
    return object;
  };
  const Kind pools = read_kind("edgepools");
  EXPECT_EQ(description(decode_pool(with_defaults(pools)).value),
            description(decode_pool(pools.minimal).value));
  const Kind events = read_kind("streamevents");
  EXPECT_EQ(decode_stream_event(with_defaults(events)).value,
            decode_stream_event(events.minimal).value);
  const Kind classes = read_kind("eventclasses");
  EXPECT_EQ(decode_event_class(with_defaults(classes)).value,
            decode_event_class(classes.minimal).value);
  const Kind calendars = read_kind("eventcalendars");
  EXPECT_EQ(decode_event_calendar(with_defaults(calendars)).value,
            decode_event_calendar(calendars.minimal).value);
  const Kind sources = read_kind("metricsources");
  EXPECT_EQ(decode_metric_source(with_defaults(sources)).value,
            decode_metric_source(sources.minimal).value);
}

TEST(CodecProblems, AreAllListedAtOnceWithTheirRanges) {
  json::Value pool = read_kind("edgepools").full;
  pool["spec"]["replicas"]["max"] = 3;
  pool["spec"]["mode"] = "Enforced";
  pool["spec"]["leadTime"]["initialSeconds"] = 0;
  pool["spec"]["capacity"]["viewers"] = 1147.5;
  pool["spec"]["forecast"]["confidencePercnt"] = "99";
  pool["spec"].erase("demand");
  EXPECT_EQ(text_of(problems_of("edgepools", pool, {.refuse_unknown = true})),
            "spec.mode: \"Enforced\" is none of DryRun, Enforce; did you mean Enforce?\n"
            "spec.demand: required\n"
            "spec.capacity.viewers: 1147.5 is not a quantity; write a fraction as a string: "
            "\"1147.5\"\n"
            "spec.leadTime.initialSeconds: 0 is not an integer from 1 to 7200\n"
            "spec.forecast.confidencePercnt: unknown field; did you mean confidencePercent?\n"
            "spec.replicas.max: 3 is below spec.replicas.min 6\n");
}

TEST(CodecProblems, OfAnythingButAnObjectAreProblemsToo) {
  for (const char* text :
       {"null", "[]", "3", "\"EdgePool\"", "{}", R"({"metadata": 3, "spec": []})"}) {
    for (const Kind& kind : read_kinds()) {
      EXPECT_FALSE(problems_of(kind.plural, json::Value::parse(text)).empty()) << text;
    }
  }
}

TEST(CodecProblems, AnUnknownFieldOfANewerServerIsNone) {
  json::Value pool = read_kind("edgepools").full;
  pool["spec"]["weather"] = "fine";
  EXPECT_TRUE(problems_of("edgepools", pool).empty());
  EXPECT_FALSE(problems_of("edgepools", pool, {.refuse_unknown = true}).empty());
}

TEST(CodecPool, SaysWhatWasWritten) {
  const auto decoded = decode_pool(read_kind("edgepools").full);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value.key, (ObjectKey{"default", "live"}));
  EXPECT_EQ(decoded.value.labels, (Labels{{"service", "live"}}));
  EXPECT_DOUBLE_EQ(decoded.value.confidence, 0.999);
  EXPECT_EQ(decoded.value.capacity.egress, BitsPerSecond{8e9});
  EXPECT_EQ(decoded.value.capacity.requests, RequestsPerSecond{1147.5});
  EXPECT_EQ(decoded.value.behavior.scale_up.policies[1].type, model::ScalingPolicy::Type::kPods);
  EXPECT_EQ(description(decoded.value),
            "Enforce video 2000 1111 0.6 240 30 0.999 Europe/Paris None 2 0.975 20 900 1.5 6 140 "
            "RaiseToMax "
            "connections=sum(connections) egress=sum(egress) handshakes=sum(handshakes) "
            "requests=sum(requests) "
            "viewers=sum(player_sessions) eu-west-1a apps/v1 Deployment edge-1a 80 eu-west-1b "
            "apps/v1 Deployment edge-1b 80 10 1 2 300 2 1 Gateway live-edge 0.995 6e+07 5e+08 45 "
            "100 120");
}

TEST(CodecPool, AfterALossIsNoSurerThanBeforeUnlessItIsToBe) {
  json::Value pool = read_kind("edgepools").minimal;
  const auto confidence = [&] { return decode_pool(pool).value.redundancy.confidence; };
  EXPECT_DOUBLE_EQ(confidence(), 0.95);
  pool["spec"]["forecast"]["confidencePercent"] = 90;
  EXPECT_DOUBLE_EQ(confidence(), 0.9);
  pool["spec"]["redundancy"]["confidencePercent"] = 99;
  EXPECT_DOUBLE_EQ(confidence(), 0.99);
}

TEST(CodecPool, OneWorkloadThatTheSchedulerSpreadsIsOneTarget) {
  json::Value pool = read_kind("edgepools").minimal;
  pool["spec"]["topologyKey"] = "topology.kubernetes.io/zone";
  pool["spec"]["scaleTargetRef"] = pool["spec"]["failureDomains"][0]["scaleTargetRef"];
  pool["spec"].erase("failureDomains");
  const auto decoded = decode_pool(pool);
  ASSERT_TRUE(decoded.ok()) << text_of(decoded.problems);
  EXPECT_EQ(decoded.value.topology_key, "topology.kubernetes.io/zone");
  ASSERT_EQ(decoded.value.domains.size(), 1u);
  EXPECT_EQ(decoded.value.domains.front().name, "edge-a");
  EXPECT_EQ(decoded.value.domains.front().target,
            (model::ScaleTarget{"apps/v1", "Deployment", "edge-a"}));
}

TEST(CodecStreamEvent, SaysWhatWasWritten) {
  const auto decoded = decode_stream_event(read_kind("streamevents").full);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value,
            (StreamEventResource{
                .key = {"default", "final"},
                .start = "2026-12-05T20:00:00",
                .time_zone = "Europe/London",
                .duration = Seconds{115 * 60},
                .event_class = "football-knockout",
                .pools = Selector::from_labels({{"service", "live"}, {"example.com/tier", "edge"}}),
                .expected_peak = Viewers{250'000},
                .minimum_replicas = Replicas{40},
                .ramp_up = Seconds{30 * 60},
                .overrun = Seconds{90 * 60}}));
}

TEST(CodecStreamEvent, LeavesToItsClassWhatItDoesNotSay) {
  json::Value event = read_kind("streamevents").full;
  event["spec"].erase("rampUpMinutes");
  event["spec"].erase("overrunMinutes");
  const auto decoded = decode_stream_event(event);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value.ramp_up, std::nullopt);
  EXPECT_EQ(decoded.value.overrun, std::nullopt);
}

/// As calendars in files are read: one class, however it is written.
TEST(CodecStreamEvent, MeansTheClassThatAnObjectCanBeNamed) {
  json::Value event = read_kind("streamevents").full;
  event["spec"]["class"] = "Cup_Final";
  EXPECT_EQ(decode_stream_event(event).value.event_class, "cup-final");
  json::Value calendar = read_kind("eventcalendars").full;
  calendar["spec"]["class"] = "League";
  calendar["spec"]["classes"] =
      json::Value::array({json::Value{{"contains", "Final"}, {"class", "Cup_Final"}}});
  const auto decoded = decode_event_calendar(calendar).value;
  EXPECT_EQ(decoded.event_class, "league");
  EXPECT_EQ(decoded.classes.front().second, "cup-final");
}

TEST(CodecStreamEvent, IsCheckedAgainstTheZonesThereAre) {
  const LocalTime zones{.offsets = [](const std::string& zone) -> Result<model::UtcOffsets> {
                          if (zone == "Europe/London") return model::UtcOffsets{};
                          return Error{.message = "no such zone: " + zone};
                        },
                        .moment = [](const std::string&, const std::string&) -> Result<Instant> {
                          return Error{.message = "the clocks skip it"};
                        }};
  json::Value event = read_kind("streamevents").full;
  EXPECT_EQ(text_of(problems_of("streamevents", event, {.local_time = &zones})),
            "spec.start: the clocks skip it\n");
  event["spec"]["timeZone"] = "Europe/Londn";
  EXPECT_EQ(text_of(problems_of("streamevents", event, {.local_time = &zones})),
            "spec.timeZone: no such zone: Europe/Londn\n");
}

TEST(CodecEventCalendar, SaysWhatWasWritten) {
  const auto decoded = decode_event_calendar(read_kind("eventcalendars").full);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value,
            (EventCalendarResource{.key = {"default", "season"},
                                   .source = "season",
                                   .source_key = "season.ics",
                                   .in_secret = true,
                                   .refresh = Seconds{60},
                                   .time_zone = "Europe/London",
                                   .event_class = "football-league",
                                   .classes = {{"Final", "football-final"}},
                                   .pools = Selector::from_labels({{"service", "live"}}),
                                   .ramp_up = Seconds{30 * 60},
                                   .overrun = Seconds{90 * 60}}));
}

TEST(CodecMetricSource, SaysWhatWasWritten) {
  const auto decoded = decode_metric_source(read_kind("metricsources").full);
  ASSERT_TRUE(decoded.ok());
  using model::SecretKeyRef;
  const MetricSource expected{
      .name = "video",
      .url = "https://prometheus.monitoring:9090/prefix",
      .allowed_namespaces = {"video", "live"},
      .authorization = {.type = model::SourceAuthorization::Type::kBearer,
                        .token = {"edgetide", "prometheus", "jwt"}},
      .tls = {.ca = SecretKeyRef{"edgetide", "prometheus-ca", "root.pem"},
              .certificate = SecretKeyRef{"edgetide", "prometheus-client", "tls.crt"},
              .key = SecretKeyRef{"edgetide", "prometheus-client", "tls.key"},
              .server_name = "prometheus.example.com"},
      .headers = {{.name = "X-Scope-OrgID", .value = "video", .secret = {}},
                  {.name = "X-Key",
                   .value = {},
                   .secret = SecretKeyRef{"edgetide", "prometheus", "x-key"}}},
      .interval = Seconds{30},
      .max_sample_age = Seconds{60},
      .labels = {.name_space = "ns", .pool = "fleet", .failure_domain = "zone"},
      .queries = {{"viewers", "sum(v)"},
                  {"egress", "sum(e)"},
                  {"requests", "sum(r)"},
                  {"connections", "sum(c)"},
                  {"handshakes", "sum(h)"}}};
  EXPECT_EQ(decoded.value, expected);
}

TEST(CodecMetricSource, TakesBasicCredentialsFromOneSecret) {
  json::Value object = read_kind("metricsources").full;
  object["spec"]["authorization"] = {{"type", "Basic"},
                                     {"secretRef", {{"namespace", "a"}, {"name", "b"}}}};
  const auto authorization = decode_metric_source(object).value.authorization;
  EXPECT_EQ(authorization.username, (model::SecretKeyRef{"a", "b", "username"}));
  EXPECT_EQ(authorization.password, (model::SecretKeyRef{"a", "b", "password"}));
  EXPECT_EQ(authorization.token, model::SecretKeyRef{});
}

}  // namespace
}  // namespace edgetide::kube
