#include <utility>

#include "edgetide/controller/reconciler.h"
#include "edgetide/model/reasons.h"

namespace edgetide::controller {
namespace {

/// Whether what is learned will be there after a restart, as a condition.
void tell_memory(const ports::StateStore* memory, model::PlanReport& report) {
  if (memory == nullptr) return;
  const auto trouble = memory->trouble();
  if (!trouble) return;
  if (trouble->empty()) {
    report.conditions.push_back({"MemoryKept", model::ConditionStatus::kTrue,
                                 model::reason::kKeptOnDisk,
                                 "what is learned and decided will be there after a restart"});
  } else {
    report.conditions.push_back(
        {"MemoryKept", model::ConditionStatus::kFalse, model::reason::kDiskFailed, *trouble});
  }
}

}  // namespace

PoolState& Reconciler::state_of(const model::EdgePool& pool, Instant now) {
  const auto known = states_.find(pool.key);
  if (known != states_.end() && known->second.uid != pool.uid) forget(pool.key);
  const auto [entry, is_new] = states_.try_emplace(pool.key);
  if (is_new) {
    entry->second.uid = pool.uid;
    if (pool.known_bitrate) entry->second.bitrate.resume(*pool.known_bitrate);
  }
  follow_query(entry->second, pool, now);
  return entry->second;
}

guard::MassChangeWatch& Reconciler::watch_of(PoolState& state, const model::EdgePool& pool) {
  if (state.source != pool.demand.source) watches_[state.source].forget(pool.key);
  state.source = pool.demand.source;
  return watches_[state.source];
}

planning::PlanResult Reconciler::decide(PoolState& state, planning::PlanInputs inputs,
                                        Instant now) {
  if (inputs.pool.mode == model::Mode::kDryRun)
    return planning::plan_dry_run(inputs, state.shadow, now);
  state.shadow = {};
  return planning::plan(std::move(inputs), now);
}

model::Observation Reconciler::observe(const model::EdgePool& pool, Instant now) {
  return {.demand = ports_.demand.read(pool, now),
          .domains = ports_.pools.fleet(pool),
          .room = ports_.pools.room(pool)};
}

std::optional<UpstreamLook> Reconciler::upstream_of(const model::EdgePool& pool) const {
  auto look = look_at_upstream(pool, ports_.pools);
  if (!look || !look->valid()) return look;
  const auto seen = states_.find(look->key);
  if (seen != states_.end()) look->lead_time = seen->second.lead_time.value_or(look->lead_time);
  return look;
}

void Reconciler::note_plan(PoolState& state, const model::EdgePool& pool,
                           const std::optional<UpstreamLook>& upstream,
                           planning::PlanResult& planned, Instant now) {
  state.memory = std::move(planned.memory);
  watch_of(state, pool).note(pool.key, planned.wish, now);
  if (!upstream) {
    drawn_.forget(pool.key);
  } else {
    // One that cannot be drawn from as it is written now keeps what it was told.
    if (upstream->valid()) drawn_.note(pool.key, upstream->key, planned.report.draws);
    auto condition = upstream->condition;
    if (upstream->valid() && !planned.report.draws)
      condition.message += ", as far as is known: of what it serves nothing is known now";
    planned.report.conditions.push_back(std::move(condition));
  }
  tell_memory(ports_.states, planned.report);
}

void Reconciler::forget(const ObjectKey& key) {
  const auto known = states_.find(key);
  if (known == states_.end()) return;
  watches_[known->second.source].forget(key);
  states_.erase(known);
  drawn_.forget(key);
  if (ports_.pasts != nullptr) ports_.pasts->forget(key);
  ports_.reports.forget(key);
}

}  // namespace edgetide::controller
