#include "cli/scenario_pools.h"

#include <utility>

#include "calendar/zones.h"
#include "cli/record_inputs.h"
#include "kube/pool_file.h"

namespace edgetide::cli {
namespace {

Result<model::EdgePool> read_any_pool(const std::string& path,
                                      const std::vector<std::string>& overrides,
                                      std::vector<std::string>& remarks) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  auto pool = kube::read_lone_pool_file(path, overrides, &local_time);
  if (!pool.ok()) return pool;
  pool->mode = model::Mode::kEnforce;
  if (!pool->topology_key.empty() && pool->redundancy.survive != model::Survive::kNone) {
    remarks.push_back(pool->key.text() +
                      ": the scheduler spreads its replicas (spec.topologyKey), and a scenario "
                      "does not tell where: no reserve for the loss of a failure domain is kept "
                      "or judged");
    pool->redundancy.survive = model::Survive::kNone;
  }
  return pool;
}

}  // namespace

Result<model::EdgePool> read_nearest_pool(const std::string& path,
                                          const std::vector<std::string>& overrides, bool tiers,
                                          std::vector<std::string>& remarks) {
  auto pool = read_any_pool(path, overrides, remarks);
  if (!pool.ok()) return pool;
  auto& capacity = pool->capacity;
  if (!capacity.viewers) {
    return wrong(path, "spec.capacity.viewers: required, since a scenario counts viewers");
  }
  if (!tiers) capacity.egress.reset();
  capacity.requests.reset();
  capacity.connections.reset();
  capacity.handshakes.reset();
  return pool;
}

Result<std::vector<model::EdgePool>> read_upstreams(const std::vector<std::string>& paths,
                                                    const model::EdgePool& nearest,
                                                    const std::string& nearest_path,
                                                    std::vector<std::string>& remarks) {
  std::vector<model::EdgePool> farther;
  const model::EdgePool* drawing = &nearest;
  const std::string* drawing_path = &nearest_path;
  farther.reserve(paths.size());
  for (const std::string& path : paths) {
    auto pool = read_any_pool(path, {}, remarks);
    if (!pool.ok()) return pool.error();
    for (const auto& [one, where] : {std::pair{drawing, *drawing_path}, {&*pool, path}}) {
      if (!one->capacity.egress)
        return wrong(where, "spec.capacity.egressBitsPerSecond: required where pools draw");
    }
    if (!drawing->upstream || drawing->upstream->name != pool->key.name)
      return wrong(*drawing_path, "spec.upstreamRef.name: is to be " + pool->key.name +
                                      ", the pool that the scenario names next");
    if (pool->tier <= drawing->tier)
      return wrong(path, "spec.tier: no farther than that of " + drawing->key.name);
    drawing = &farther.emplace_back(*std::move(pool));
    drawing_path = &path;
  }
  return farther;
}

}  // namespace edgetide::cli
