#include "room_limits.h"

#include <algorithm>

#include "edgetide/model/fleet.h"
#include "edgetide/model/reasons.h"
#include "words.h"

namespace edgetide::planning {
namespace {

namespace reason = model::reason;

void narrow(Replicas& limit, const std::optional<model::RoomLimit>& by) {
  if (by) limit = std::min(limit, by->replicas);
}

/// Of all domains together; nothing while one of them has no limit and neither has the whole.
std::optional<Replicas> most_on_nodes(const model::Room& room, std::size_t domains) {
  std::optional<Replicas> most = Replicas{0};
  for (std::size_t i = 0; i < domains && most; ++i) {
    const auto here = model::on_nodes(room, i);
    most = here ? std::optional(*most + *here) : std::nullopt;
  }
  if (room.nodes) most = std::min(most.value_or(room.nodes->replicas), room.nodes->replicas);
  return most;
}

/// "a 10, c 7": the domains whose nodes are a limit.
std::string by_domain(const model::Room& room, const model::EdgePool& pool) {
  std::string domains;
  for (std::size_t i = 0; i < pool.domains.size(); ++i) {
    const auto most = model::on_nodes(room, i);
    if (most) domains += (domains.empty() ? "" : ", ") + pool.domains[i].name + " " + text(*most);
  }
  return domains;
}

WithoutRoom beyond_quota(const model::ScalingPlan& plan, const model::Room& room,
                         Replicas required) {
  if (!room.quota || room.quota->replicas >= plan.total_to()) return {};
  return {.replicas = plan.total_to() - room.quota->replicas,
          .cause = reason::kQuotaReached,
          .detail = quota_help(room, std::max(required, plan.total_to()))};
}

/// Of one domain, what its nodes do not hold, or have not taken in although there was time. What a
/// rollout adds to those that are Ready beside it is not missing.
Replicas unplaced(const model::DomainPlan& planned, const model::DomainObservation& seen,
                  std::optional<Replicas> on_nodes, Seconds lead_time, Instant now) {
  Replicas most = on_nodes.value_or(planned.to);
  if (seen.unschedulable && now - seen.unschedulable->since > lead_time)
    most = std::min(most, std::max(seen.ready, seen.specified - seen.unschedulable->replicas));
  return std::max(Replicas{0}, planned.to - most);
}

WithoutRoom beyond_nodes(const model::ScalingPlan& plan, const model::Observation& observation,
                         const model::EdgePool& pool, Instant now) {
  const auto& room = observation.room;
  WithoutRoom beyond{.cause = reason::kNodesFull};
  std::string words;
  for (std::size_t i = 0; i < plan.domains.size(); ++i) {
    const auto& seen = observation.domains[i];
    const Replicas here =
        unplaced(plan.domains[i], seen, model::on_nodes(room, i), pool.lead_time, now);
    beyond.per_domain.push_back(here);
    if (here == Replicas{0}) continue;
    beyond.replicas += here;
    beyond.detail += (beyond.detail.empty() ? "no node takes in " : ", ") + text(here) + " of " +
                     pool.domains[i].name;
    if (words.empty() && seen.unschedulable) words = seen.unschedulable->detail;
  }
  if (room.nodes && plan.total_to() - room.nodes->replicas > beyond.replicas) {
    beyond.replicas = plan.total_to() - room.nodes->replicas;
    beyond.per_domain.clear();
    beyond.detail = nodes_help(room, pool, plan.total_to(), true);
  }
  if (!words.empty()) beyond.detail += "; the scheduler says: " + words;
  return beyond;
}

}  // namespace

model::EdgePool within_room(model::EdgePool pool, const model::Room& room) {
  for (std::size_t i = 0; i < pool.domains.size(); ++i) {
    auto& most = pool.domains[i].max_replicas;
    most = std::min(most, model::on_nodes(room, i).value_or(most));
  }
  narrow(pool.replicas.max, room.nodes);
  narrow(pool.replicas.max, room.quota);
  return pool;
}

const char* tightest_cause(const model::Room& room, const model::EdgePool& within) {
  Replicas on_nodes = model::total(model::domain_limits(within));
  narrow(on_nodes, room.nodes);
  return room.quota && room.quota->replicas <= on_nodes ? reason::kQuotaReached
                                                        : reason::kNodesFull;
}

std::string quota_help(const model::Room& room, Replicas required) {
  if (!room.quota || room.quota->replicas >= required) return "";
  return room.quota->detail + ", so that " + text(room.quota->replicas) +
         " can stand: raise it by what " + text(required - room.quota->replicas) + " replicas take";
}

std::string nodes_help(const model::Room& room, const model::EdgePool& pool, Replicas required,
                       bool are_the_cause) {
  const auto most = most_on_nodes(room, pool.domains.size());
  if (!are_the_cause && (!most || *most >= required)) return "";
  std::string words = "the nodes hold " + (most ? text(*most) + " (" : "") + by_domain(room, pool) +
                      (most ? ")" : "");
  if (room.nodes && !room.nodes->detail.empty()) words += ", " + room.nodes->detail;
  return words + ": add nodes";
}

std::optional<WithoutRoom> without_room(const model::ScalingPlan& plan,
                                        const model::Observation& observation,
                                        const model::EdgePool& pool, Replicas required,
                                        Instant now) {
  auto quota = beyond_quota(plan, observation.room, required);
  auto nodes = beyond_nodes(plan, observation, pool, now);
  auto& worse = nodes.replicas > quota.replicas ? nodes : quota;
  if (worse.replicas <= Replicas{0}) return std::nullopt;
  return std::move(worse);
}

}  // namespace edgetide::planning
