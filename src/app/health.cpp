#include "app/health.h"

#include <chrono>
#include <utility>

#include "telemetry/metrics.h"

namespace edgetide::app {
namespace {

/// A turn may wait for a slow metric source and several writes; one that takes longer is stuck.
constexpr std::chrono::seconds kLongestTurn{120};

http::ServerAnswer verdict(bool good, const char* why_not) {
  if (good) return {.body = "ok\n"};
  return {.status = 503, .body = std::string(why_not) + "\n"};
}

}  // namespace

bool Health::live() const {
  return !ready() || std::chrono::steady_clock::now() - runner_.last_turn() < kLongestTurn;
}

http::Routes operator_routes(const Health& health, std::function<std::string()> exposition) {
  return {
      {"/livez",
       [&health] { return verdict(health.live(), "no look at a pool has ended for two minutes"); }},
      {"/readyz", [&health] { return verdict(health.ready(), "the cluster is not known yet"); }},
      {"/metrics",
       [exposition = std::move(exposition)] {
         return http::ServerAnswer{.content_type = std::string(telemetry::kExpositionType),
                                   .body = exposition()};
       }},
  };
}

}  // namespace edgetide::app
