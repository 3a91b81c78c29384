#include "edgetide/guard/verify.h"

#include <algorithm>
#include <optional>

#include "fleet.h"

namespace edgetide::guard {
namespace {

/// What a rule needs, worked out from the inputs by plain sums.
struct Facts {
  int before = 0;
  int after = 0;
  int most = 0;  ///< The maximum leaves room for, or what stands.
  bool any_lowered = false;
  bool fighting = false;
  bool paused = false;
  std::optional<int> fixed;  ///< Replicas that a pause names.
};

class Verifier {
 public:
  Verifier(const GuardInputs& inputs, const Fleet& fleet) : in_(inputs), fleet_(fleet) {
    const auto& pause = inputs.pool.pause;
    facts_.paused = pause && pause->until > inputs.now;
    if (facts_.paused && pause->replicas) facts_.fixed = pause->replicas->count();
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      facts_.before += was(i);
      facts_.after += fleet[i].count();
      facts_.any_lowered = facts_.any_lowered || fleet[i].count() < was(i);
    }
    facts_.most = std::max((in_.pool.replicas.max - in_.unseen).count(), facts_.before);
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      int recent = 0;
      for (const auto& [at, domain] : in_.memory.foreign_lowerings) {
        recent += domain == i && in_.now - at < Seconds{600};
      }
      facts_.fighting = facts_.fighting || recent >= 3;
    }
  }

  std::vector<model::Violation> all() {
    never_negative();
    never_above_limits();
    never_above_maximum();
    never_below_minimum();
    never_fighting();
    if (facts_.fixed) {
      always_as_many_as_the_pause_names();
      return std::move(found_);
    }
    never_moved_in_a_pause();
    never_lowered_in_doubt();
    never_lowered_while_cold();
    never_lowered_while_settling();
    never_lowered_in_a_mass_change();
    never_lowered_in_two_domains();
    never_below_floor();
    never_faster_than_policies();
    never_more_than_a_step();
    return std::move(found_);
  }

 private:
  int was(std::size_t i) const {
    const auto& domain = in_.observation.domains[i];
    return domain.known ? domain.specified.count() : 0;
  }
  int room(std::size_t i) const {
    return std::max(in_.pool.domains[i].max_replicas.count(), was(i));
  }
  void found(const char* rule, std::string detail) {
    found_.push_back({.rule = rule, .detail = std::move(detail)});
  }
  std::string change(std::size_t i) const {
    return "domain " + in_.pool.domains[i].name + " from " + std::to_string(was(i)) + " to " +
           std::to_string(fleet_[i].count());
  }

  void never_negative() {
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (fleet_[i].count() < 0) found("NonNegative", change(i));
    }
  }

  void never_lowered_in_doubt() {
    if (!facts_.any_lowered) return;
    const auto& demand = in_.observation.demand;
    if (!demand.viewers.fresh()) found("FreshDemandToLower", "viewers are not fresh");
    if (in_.doubted_fall) found("BelievedFallToLower", "a sudden fall is doubted");
    if (in_.stage == model::ForecastStage::kNone) found("ForecastToLower", "there is no forecast");
    if (!in_.observation.history_problem.empty())
      found("KnownPastToLower", "the past has not been read");
    for (const auto& domain : in_.observation.domains) {
      if (!domain.known) found("KnownDomainsToLower", domain.name + " is not known");
    }
    for (const auto& domain : in_.observation.domains) {
      const bool survives = in_.pool.redundancy.survive != model::Survive::kNone;
      if (survives && domain.spread && !domain.spread->unknown.empty())
        found("KnownSpreadToLower", domain.name + " is spread nobody knows how");
    }
    const auto& capacity = in_.pool.capacity;
    if ((capacity.egress && !(demand.egress && demand.egress->fresh())) ||
        (capacity.requests && !(demand.requests && demand.requests->fresh())) ||
        (capacity.connections && !(demand.connections && demand.connections->fresh())) ||
        (capacity.handshakes && !(demand.handshakes && demand.handshakes->fresh()))) {
      found("FreshDemandToLower", "a resource with a capacity has no fresh reading");
    }
  }

  /// What is to be kept serves, with a full cache, before anything beside it goes; one that rises
  /// does not serve yet. While some of it finds no node, only others of that kind go.
  void never_lowered_while_cold() {
    if (!facts_.any_lowered) return;
    bool waits = false;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      const auto& domain = in_.observation.domains[i];
      const int warm = domain.ready.count() - domain.cold.count();
      const int lack = domain.known ? fleet_[i].count() - warm : 0;
      waits = waits || lack > 0;
      if (lack > unplaced(in_, i).count())
        found("WarmToLower", domain.name + " keeps " + std::to_string(fleet_[i].count()) +
                                 ", of which " + std::to_string(warm) + " serve with a full cache");
    }
    for (std::size_t i = 0; waits && i < fleet_.size(); ++i)
      if (fleet_[i].count() < was(i) - unplaced(in_, i).count()) found("WarmToLower", change(i));
  }

  void never_lowered_while_settling() {
    const Seconds window = lowering_window(in_.pool);
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (fleet_[i].count() >= was(i)) continue;
      if (!in_.memory.since || in_.now - *in_.memory.since < window) {
        found("StabilizedToLower", change(i) + " with a memory that is too young");
      }
      if (window == Seconds{0}) continue;
      for (const auto& past : in_.memory.recommendations) {
        if (in_.now - past.at > window) continue;
        if (i >= past.per_domain.size() || past.per_domain.size() != fleet_.size()) continue;
        if (std::min(past.per_domain[i].count(), was(i)) > fleet_[i].count()) {
          found("StabilizedToLower",
                change(i) + " although more was wanted at " + to_string(past.at));
          break;
        }
      }
    }
  }

  void never_lowered_in_a_mass_change() {
    if (!facts_.any_lowered || in_.mass_change.state == MassChange::State::kNone) return;
    if (in_.mass_change.state == MassChange::State::kUnseen) {
      return found("MassChange", "lowered before the source's other pools have been seen");
    }
    if (!in_.memory.since || in_.now - *in_.memory.since < Seconds{600}) {
      return found("MassChange", "lowered with a memory that is too young");
    }
    for (const auto& past : in_.memory.recommendations) {
      if (in_.now - past.at > Seconds{600} || past.per_domain.size() != fleet_.size()) continue;
      for (std::size_t i = 0; i < fleet_.size(); ++i) {
        if (fleet_[i].count() >= std::min(past.per_domain[i].count(), was(i))) continue;
        found("MassChange", change(i) + " although more was wanted at " + to_string(past.at));
      }
    }
  }

  void never_lowered_in_two_domains() {
    if (in_.pool.redundancy.survive == model::Survive::kNone) return;
    int lowered = 0;
    for (std::size_t i = 0; i < fleet_.size(); ++i) lowered += fleet_[i].count() < was(i);
    if (lowered > 1) found("OneDomainAtATime", std::to_string(lowered) + " domains are lowered");
  }

  void never_above_limits() {
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (fleet_[i].count() > room(i)) found("DomainLimits", change(i));
    }
  }

  void never_above_maximum() {
    if (facts_.after > facts_.most) {
      found("Maximum", std::to_string(facts_.after) + " in total");
    }
  }

  void never_below_minimum() {
    if (facts_.fighting) return;
    int possible = 0;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (!in_.observation.domains[i].known) return;
      possible += room(i);
    }
    const Replicas minimum = facts_.fixed ? in_.pool.replicas.min : in_.minimum;
    const int least = std::min({minimum.count(), in_.pool.replicas.max.count(), possible});
    if (facts_.after < least) found("Minimum", std::to_string(facts_.after) + " in total");
  }

  void never_below_floor() {
    if (facts_.fighting || facts_.after >= facts_.most) return;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (!in_.observation.domains[i].known) continue;
      if (fleet_[i].count() < std::min(in_.floor[i].count(), room(i))) {
        found("RedundancyFloor", change(i) + ", floor " + std::to_string(in_.floor[i].count()));
      }
    }
  }

  /// What stands and the floor bound a pause from both sides; a minimum may raise it.
  void never_moved_in_a_pause() {
    if (!facts_.paused || facts_.fighting) return;
    int most = 0;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      most += std::max(was(i), in_.floor[i].count());
      if (in_.observation.domains[i].known && fleet_[i].count() < was(i))
        found("Paused", change(i));
    }
    if (facts_.after > std::max(most, in_.minimum.count())) {
      found("Paused", std::to_string(facts_.after) + " in total");
    }
  }

  void always_as_many_as_the_pause_names() {
    if (facts_.fighting) return;
    int possible = 0;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (!in_.observation.domains[i].known) return;
      possible += room(i);
    }
    const auto& [min, max] = in_.pool.replicas;
    const int most = std::min(facts_.most, possible);
    const int least = std::min({min.count(), max.count(), possible});
    const int named = std::min(std::max(*facts_.fixed, least), most);
    if (facts_.after != named) {
      found("PausedReplicas",
            std::to_string(facts_.after) + " in total, named are " + std::to_string(*facts_.fixed));
    }
  }

  /// Falls only: a rise may always be explained by the floor or the minimum.
  void never_faster_than_policies() {
    const auto& down = in_.pool.behavior.scale_down;
    const int fall = facts_.before - facts_.after;
    if (fall <= 0) return;
    if (down.select == model::ScalingRules::Select::kDisabled) {
      return found("RateLimit", "lowered although scale-down is disabled");
    }
    int allowing = 0;
    for (const auto& policy : down.policies) {
      int fallen = fall;
      for (const auto& event : in_.memory.scale_events) {
        if (event.change < 0 && in_.now - event.at < policy.period) fallen -= event.change;
      }
      const int start = facts_.after + fallen;
      const bool pods = policy.type == model::ScalingPolicy::Type::kPods;
      allowing += pods ? fallen <= policy.value
                       : fallen * 100L < long{start} * policy.value + 100;  // a part is one
    }
    const auto policies = static_cast<int>(down.policies.size());
    const bool all = down.select == model::ScalingRules::Select::kMin;
    if (policies > 0 && (all ? allowing < policies : allowing == 0)) {
      found("RateLimit", "lowered by " + std::to_string(fall));
    }
  }

  /// Beyond a step only the floor and the minimum raise.
  void never_more_than_a_step() {
    const auto& [step, interval] = in_.pool.pacing;
    int left = step.count();
    for (const auto& event : in_.memory.scale_events) {
      if (event.change > 0 && in_.now - event.at < interval) left -= event.change;
    }
    int floor = 0;
    for (std::size_t i = 0; i < fleet_.size(); ++i) floor += std::max(was(i), in_.floor[i].count());
    if (facts_.after > std::max(floor + std::max(0, left), in_.minimum.count())) {
      found("Pace", "raised by " + std::to_string(facts_.after - facts_.before));
    }
  }

  void never_fighting() {
    if (!facts_.fighting) return;
    for (std::size_t i = 0; i < fleet_.size(); ++i) {
      if (fleet_[i].count() != was(i)) found("Contended", change(i));
    }
  }

  const GuardInputs& in_;
  const Fleet& fleet_;
  Facts facts_;
  std::vector<model::Violation> found_;
};

}  // namespace

std::vector<model::Violation> verify(const GuardInputs& inputs, const Fleet& fleet) {
  return Verifier(inputs, fleet).all();
}

}  // namespace edgetide::guard
