#include "app/cluster_demand.h"

#include <chrono>

#include "app/secret_reader.h"
#include "edgetide/core/thrown.h"
#include "kube/backoff.h"

namespace edgetide::app {
namespace {

/// Shorter than any source's interval; nothing is asked that is not due.
constexpr std::chrono::milliseconds kBetweenRounds{500};

}  // namespace

ClusterDemand::ClusterDemand(kube::Cluster& cluster)
    : cluster_(cluster),
      demand_(secret_reader([&cluster](const ObjectKey& key) { return cluster.secret(key); }),
              http::connect) {}

void ClusterDemand::keep_asking(const ports::Clock& clock,
                                const std::function<void(std::vector<ObjectKey>)>& on_answers,
                                std::stop_token stop) {
  keep_doing(Work::kQuery, stop, [&] {
    if (auto risen = refresh(clock.now())) on_answers(*std::move(risen));
    static_cast<void>(kube::pause(kBetweenRounds, stop));
  });
}

std::optional<std::vector<ObjectKey>> ClusterDemand::refresh(Instant now) {
  follow_sources();
  return demand_.refresh(now);
}

model::DemandReadings ClusterDemand::read(const model::EdgePool& pool, Instant now) {
  follow_sources();
  return demand_.read(pool, now);
}

Result<model::DemandHistory> ClusterDemand::history(const model::EdgePool& pool,
                                                    const ports::HistoryRange& range) {
  follow_sources();
  return demand_.history(pool, range);
}

std::optional<std::string> ClusterDemand::viewers_query(const model::EdgePool& pool) {
  follow_sources();
  return demand_.viewers_query(pool);
}

void ClusterDemand::follow_sources() {
  const std::lock_guard lock(mutex_);
  const auto version = cluster_.metric_sources_version();
  if (version_ == version) return;
  std::vector<model::MetricSource> sources;
  for (const auto& [name, source] : cluster_.metric_sources()) sources.push_back(source);
  demand_.set_sources(sources);
  version_ = version;
}

}  // namespace edgetide::app
