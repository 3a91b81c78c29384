#include "edgetide/controller/tiers.h"

#include <string>
#include <utility>

#include "edgetide/model/reasons.h"

namespace edgetide::controller {

void DrawnLoads::expect(ports::PoolRepository& pools) {
  if (std::exchange(expected_, true)) return;
  for (const ObjectKey& key : pools.keys()) {
    const auto pool = pools.find(key);
    if (!pool.ok()) continue;
    const auto upstream = look_at_upstream(*pool, pools);
    if (upstream && upstream->valid()) note(key, upstream->key, std::nullopt);
  }
}

void DrawnLoads::note(const ObjectKey& drawing, const ObjectKey& upstream,
                      const std::optional<model::DrawnLoad>& load) {
  const auto known = upstreams_.find(drawing);
  if (known != upstreams_.end() && known->second != upstream) forget(drawing);
  upstreams_[drawing] = upstream;
  auto& told = loads_[upstream][drawing];
  if (load) told = load;
}

void DrawnLoads::forget(const ObjectKey& drawing) {
  const auto known = upstreams_.find(drawing);
  if (known == upstreams_.end()) return;
  const auto drawn = loads_.find(known->second);
  drawn->second.erase(drawing);
  if (drawn->second.empty()) loads_.erase(drawn);
  upstreams_.erase(known);
}

std::optional<model::DrawnLoad> DrawnLoads::of(const ObjectKey& upstream) const {
  const auto drawn = loads_.find(upstream);
  if (drawn == loads_.end()) return std::nullopt;
  std::optional<model::DrawnLoad> sum;
  for (const auto& [drawing, load] : drawn->second) {
    if (!load) continue;
    if (!sum) sum.emplace();
    *sum += *load;
  }
  return sum;
}

std::optional<ObjectKey> DrawnLoads::unknown_of(const ObjectKey& upstream) const {
  const auto drawn = loads_.find(upstream);
  if (drawn == loads_.end()) return std::nullopt;
  for (const auto& [drawing, load] : drawn->second)
    if (!load) return drawing;
  return std::nullopt;
}

void doubt_what_is_drawn(const std::optional<ObjectKey>& drawing, model::DemandReadings& demand) {
  if (!drawing) return;
  auto& egress = demand.egress;
  if (!egress) egress.emplace();
  if (egress->fresh()) egress->freshness = model::Freshness::kPartial;
  egress->detail = "what " + drawing->text() + " will fetch is not known yet";
}

std::optional<UpstreamLook> look_at_upstream(const model::EdgePool& pool,
                                             ports::PoolRepository& pools) {
  namespace reason = model::reason;
  if (!pool.upstream) return std::nullopt;
  UpstreamLook look{.key = {pool.key.name_space, pool.upstream->name},
                    .condition = {.type = "UpstreamValid",
                                  .status = model::ConditionStatus::kFalse,
                                  .reason = {},
                                  .message = {}}};
  auto& [type, status, why, message] = look.condition;
  const std::string name = look.key.text();
  const auto upstream = pools.find(look.key);
  const auto tier = [](const model::EdgePool& one) { return std::string(to_string(one.tier)); };
  if (!upstream.ok()) {
    why = reason::kUpstreamMissing;
    message = upstream.error().text();
  } else if (upstream->tier <= pool.tier) {
    why = reason::kUpstreamNotFarther;
    message = name + " is a pool of tier " + tier(*upstream) + ", which is no farther than " +
              tier(pool) +
              "; each pool draws from one of a farther tier, so that none draw from each other in "
              "a circle";
  } else if (!upstream->capacity.egress) {
    why = reason::kUpstreamUnsized;
    message = name + " has no capacity.egressBitsPerSecond to be sized by";
  } else {
    status = model::ConditionStatus::kTrue;
    why = reason::kUpstreamFound;
    message = name + " is sized for what this pool will fetch";
    look.lead_time = upstream->lead_time;
  }
  return look;
}

}  // namespace edgetide::controller
