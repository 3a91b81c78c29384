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

/// Of one domain, what cannot stand.
struct Lacking {
  Replicas unplaced;  ///< Its nodes do not hold it, or have had time and not taken it in.
  Replicas unready;   ///< On nodes, and not Ready although there was time.
};

/// One start in twenty takes longer than the lead time, which is measured so: one that takes a
/// quarter more is late.
Replicas late_starts(const model::DomainObservation& seen, Seconds lead_time, Instant now) {
  const auto is_late = [&](Instant since) { return now - since > lead_time + lead_time / 4; };
  return Replicas{static_cast<int>(std::ranges::count_if(seen.unready_since, is_late))};
}

/// What a rollout adds to what is asked for is not missing: of those without a node first.
Lacking lacking_in(const model::DomainPlan& planned, const model::DomainObservation& seen,
                   std::optional<Replicas> on_nodes, Seconds lead_time, Instant now) {
  const Replicas added = std::max(Replicas{0}, seen.ready + seen.starting - seen.specified);
  const bool waits = seen.unschedulable && now - seen.unschedulable->since > lead_time;
  const Replicas waiting = waits ? seen.unschedulable->replicas : Replicas{0};
  Replicas most = on_nodes.value_or(planned.to);
  if (waits) most = std::min(most, std::max(seen.ready, seen.specified + added - waiting));
  const Replicas unplaced = std::max(Replicas{0}, planned.to - most);
  const Replicas late = late_starts(seen, lead_time, now) - std::max(Replicas{0}, added - waiting);
  const Replicas not_ready = std::min(planned.to, seen.specified) - seen.ready;
  const Replicas left = std::max(Replicas{0}, planned.to - seen.ready - unplaced);
  return {.unplaced = unplaced,
          .unready = std::clamp(std::min(late, not_ready), Replicas{0}, left)};
}

/// A domain that is closed and counts for the skew, where every open one has as many more as that
/// lets it have; nullptr where the skew keeps nothing from being placed.
const std::string* binding(const model::Spread& spread) {
  if (!spread.max_skew) return nullptr;
  const std::string* fewest = nullptr;
  Replicas there{0};
  const auto stands = [&](const std::string& name) {
    const auto& domains = spread.domains;
    const auto found = std::ranges::find(domains, name, &model::DomainReplicas::name);
    return found == domains.end() ? Replicas{0} : found->ready + found->starting;
  };
  for (const std::string& name : spread.closed) {
    if (fewest != nullptr && stands(name) >= there) continue;
    fewest = &name;
    there = stands(name);
  }
  if (fewest == nullptr) return nullptr;
  bool any_open = false;
  for (const auto& domain : spread.domains) {
    if (std::ranges::find(spread.closed, domain.name) != spread.closed.end()) continue;
    any_open = true;
    if (domain.ready + domain.starting < there + Replicas{*spread.max_skew}) return nullptr;
  }
  return any_open ? fewest : nullptr;
}

/// Adds "6 of b" to a list.
void add(std::string& list, Replicas replicas, const std::string& domain) {
  if (replicas > Replicas{0}) list += (list.empty() ? "" : ", ") + text(replicas) + " of " + domain;
}

std::string skew_help(const std::string& closed, int max_skew) {
  return ": the nodes of failure domain " + closed +
         " take nothing in, and the scheduler, which counts it, lets no other have more than " +
         std::to_string(max_skew) +
         " beyond it; uncordon these nodes or take them away, or give the topologySpreadConstraint "
         "nodeTaintsPolicy: Honor, whenUnsatisfiable: ScheduleAnyway or a larger maxSkew";
}

WithoutRoom beyond_domains(const model::ScalingPlan& plan, const model::Observation& observation,
                           const model::EdgePool& pool, Instant now) {
  const auto& room = observation.room;
  WithoutRoom beyond{.cause = reason::kNodesFull};
  Replicas unready{0};
  std::string full, late, words;
  for (std::size_t i = 0; i < plan.domains.size(); ++i) {
    const auto& seen = observation.domains[i];
    const Lacking here =
        lacking_in(plan.domains[i], seen, model::on_nodes(room, i), pool.lead_time, now);
    beyond.per_domain.push_back(here.unplaced + here.unready);
    beyond.replicas += beyond.per_domain.back();
    unready += here.unready;
    add(full, here.unplaced, pool.domains[i].name);
    add(late, here.unready, pool.domains[i].name);
    if (here.unplaced > Replicas{0} && words.empty() && seen.unschedulable)
      words = seen.unschedulable->detail;
  }
  if (!full.empty()) beyond.detail = "no node takes in " + full;
  const model::Spread* spread = model::spread_of(observation);
  if (const auto* closed = spread && !words.empty() ? binding(*spread) : nullptr) {
    beyond.cause = reason::kSkewBinds;
    beyond.detail += skew_help(*closed, *spread->max_skew);
  }
  if (room.nodes && plan.total_to() - room.nodes->replicas > beyond.replicas) {
    beyond.replicas = plan.total_to() - room.nodes->replicas;
    beyond.cause = reason::kNodesFull;
    beyond.per_domain.clear();
    beyond.detail = nodes_help(room, pool, plan.total_to(), true);
  } else if (unready > beyond.replicas - unready) {
    beyond.cause = reason::kReplicasNotReady;
  }
  if (!words.empty()) beyond.detail += "; the scheduler says: " + words;
  if (!late.empty())
    beyond.detail += (beyond.detail.empty() ? "" : "; ") + late +
                     " have a node and have not become Ready within the lead time of " +
                     to_string(pool.lead_time) + ": their events and logs say why";
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
  auto domains = beyond_domains(plan, observation, pool, now);
  auto& worse = domains.replicas > quota.replicas ? domains : quota;
  if (worse.replicas <= Replicas{0}) return std::nullopt;
  return std::move(worse);
}

}  // namespace edgetide::planning
