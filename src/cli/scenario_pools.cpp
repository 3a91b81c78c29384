#include "cli/scenario_pools.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "calendar/zones.h"
#include "cli/record_inputs.h"
#include "kube/pool_file.h"

namespace edgetide::cli {
namespace {

/// No more nodes come where nobody says how many.
simulation::NodeRoom read_nodes(kube::Fields nodes) {
  const auto room = nodes.required_integer("room", {1, 100'000}).value_or(1);
  simulation::NodeRoom read{.at_first = Replicas{static_cast<int>(room)},
                            .most = Replicas{static_cast<int>(room)}};
  if (const auto most = nodes.integer("most", {room, 100'000}))
    read.most = Replicas{static_cast<int>(*most)};
  if (const auto minutes = nodes.integer("provisionMinutes", {1, 120}))
    read.provision = std::chrono::minutes{*minutes};
  return read;
}

std::optional<simulation::Zones> read_zones(kube::Fields& fields) {
  const auto count = fields.integer("zones", {2, 16});
  const auto max_skew = fields.integer("maxSkew", {1, 1000});
  if (max_skew && !fields.has("zones")) fields.add_problem("maxSkew", "needs zones beside it");
  if (!count) return std::nullopt;
  return simulation::Zones{.count = static_cast<std::size_t>(*count),
                           .max_skew = static_cast<int>(max_skew.value_or(1))};
}

Result<model::EdgePool> read_any_pool(const WrittenPool& written,
                                      const std::vector<std::string>& overrides,
                                      std::vector<std::string>& remarks) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  auto pool = kube::read_lone_pool_file(written.path, overrides, &local_time);
  if (!pool.ok()) return pool;
  pool->mode = model::Mode::kEnforce;
  // Whatever a file leaves out, or names: what is lived through is a ReplicaSet's way.
  for (model::FailureDomain& domain : pool->domains) domain.target.kind = "Deployment";
  const bool one_workload = !pool->topology_key.empty();
  if (written.zones && !one_workload)
    return wrong(written.zones_place,
                 written.zones_field + ": " + pool->key.text() +
                     " has no spec.topologyKey: each failure domain of spec.failureDomains has a "
                     "workload of its own");
  if (one_workload && !written.zones && pool->redundancy.survive != model::Survive::kNone) {
    remarks.push_back(pool->key.text() +
                      ": the scheduler spreads its replicas (spec.topologyKey), and the scenario "
                      "does not tell over how many zones: no reserve for the loss of a failure "
                      "domain is kept or judged");
    pool->redundancy.survive = model::Survive::kNone;
  }
  return pool;
}

}  // namespace

WrittenPool read_written_pool(kube::Fields& fields) {
  WrittenPool written;
  written.path = fields.required_text("pool", kube::TextKind::kFree).value_or("");
  if (fields.has("nodes")) written.nodes = read_nodes(fields.object("nodes"));
  written.zones = read_zones(fields);
  written.zones_field = fields.path("zones");
  return written;
}

Result<model::EdgePool> read_nearest_pool(const WrittenPool& written,
                                          const std::vector<std::string>& overrides,
                                          const LivedLoads& lived,
                                          std::vector<std::string>& remarks) {
  auto pool = read_any_pool(written, overrides, remarks);
  if (!pool.ok()) return pool;
  auto& capacity = pool->capacity;
  if (!capacity.viewers) {
    return wrong(written.path, "spec.capacity.viewers: required, since a scenario counts viewers");
  }
  if (lived.connections && !capacity.connections && !capacity.handshakes)
    return wrong(written.path,
                 "spec.capacity: connections or handshakesPerSecond is required where the "
                 "scenario's audience has connections");
  if (!lived.egress) capacity.egress.reset();
  capacity.requests.reset();
  if (!lived.connections) capacity.connections.reset();
  if (!lived.connections) capacity.handshakes.reset();
  return pool;
}

Result<std::vector<model::EdgePool>> read_upstreams(const std::vector<WrittenPool>& written,
                                                    const model::EdgePool& nearest,
                                                    const std::string& nearest_path,
                                                    std::vector<std::string>& remarks) {
  std::vector<model::EdgePool> farther;
  const model::EdgePool* drawing = &nearest;
  const std::string* drawing_path = &nearest_path;
  farther.reserve(written.size());
  for (const WrittenPool& one : written) {
    const std::string& path = one.path;
    auto pool = read_any_pool(one, {}, remarks);
    if (!pool.ok()) return pool.error();
    for (const auto& [either, where] : {std::pair{drawing, *drawing_path}, {&*pool, path}}) {
      if (!either->capacity.egress)
        return wrong(where, "spec.capacity.egressBitsPerSecond: required where pools draw");
    }
    if (!drawing->upstream || drawing->upstream->name != pool->key.name)
      return wrong(*drawing_path, "spec.upstreamRef.name: is to be " + pool->key.name +
                                      ", the pool that the scenario names next");
    if (pool->tier <= drawing->tier)
      return wrong(path, "spec.tier: no farther than that of " + drawing->key.name);
    // What is fetched is all that is known of its demand.
    pool->capacity = {.egress = pool->capacity.egress,
                      .target_utilization = pool->capacity.target_utilization};
    drawing = &farther.emplace_back(*std::move(pool));
    drawing_path = &path;
  }
  return farther;
}

}  // namespace edgetide::cli
