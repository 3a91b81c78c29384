#pragma once

#include <memory>
#include <string>
#include <utility>

#include "fake_transport.h"
#include "promql/source.h"

namespace edgetide::promql {

/// A source by zone behind a server that answers as told.
struct HistoryBench {
  explicit HistoryBench(FakeServer::Answer answer) : server(std::move(answer)) {}
  static model::MetricSource spec() {
    model::MetricSource result;
    result.name = "video";
    result.url = "http://prometheus:9090";
    result.allowed_namespaces = {"*"};
    result.labels.failure_domain = "zone";
    result.queries = {{"viewers", "sum by (namespace, pool, zone) (sessions)"}};
    return result;
  }
  FakeServer server;
  Source source{
      spec(),
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [this](const http::Endpoint&) {
        return Result<std::unique_ptr<http::Transport>>{std::make_unique<FakeTransport>(server)};
      }};
};

}  // namespace edgetide::promql
