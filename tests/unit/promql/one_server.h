#pragma once

#include <string>
#include <utility>

#include "fake_transport.h"
#include "promql/demand_source.h"

namespace edgetide::promql {

using model::Freshness;

inline const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

inline model::MetricSource source(const std::string& name = "video") {
  model::MetricSource spec;
  spec.name = name;
  spec.url = "http://prometheus:9090";
  spec.allowed_namespaces = {"video"};
  spec.labels.failure_domain = "zone";
  spec.queries = {{"viewers", "sum by (namespace, pool, zone) (sessions)"}};
  return spec;
}

inline model::EdgePool pool(const std::string& name = "edge") {
  model::EdgePool result;
  result.key = {"video", name};
  result.domains = {{.name = "a"}, {.name = "b"}};
  result.demand.source = "video";
  result.capacity.viewers = Viewers{100};
  return result;
}

inline std::string series_of(const std::string& pool_name, const std::string& zone) {
  return R"({"namespace":"video","pool":")" + pool_name + R"(","zone":")" + zone + "\"}";
}

inline std::string unix_text(Instant at) { return std::to_string(at.time_since_epoch().count()); }

/// The series beside values that says when their samples were taken.
inline std::pair<std::string, std::string> taken(Instant at, const std::string& labels = "") {
  return {"{" + labels + R"("is_edgetide_time":"1"})", unix_text(at)};
}

/// Answers values, and `taken_at` as the time of the edge's samples.
inline FakeServer::Answer edge_with(std::string values, Instant taken_at = kNow) {
  const auto [labels, time] = taken(taken_at, R"("namespace":"video","pool":"edge",)");
  const auto result = values.find("[") + 1;
  const std::string more = R"({"metric":)" + labels + R"(,"value":[1700000000,")" + time + "\"]}";
  values.insert(result, values[result] == ']' ? more : more + ",");
  return [values = std::move(values)](const http::Request&) { return ok(values); };
}

inline const std::string kBoth =
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

}  // namespace edgetide::promql
