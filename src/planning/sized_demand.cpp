#include "sized_demand.h"

#include <algorithm>
#include <cmath>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/recommender.h"

namespace edgetide::planning {
namespace {

/// The most that one loss takes of a fleet; of a workload that the scheduler spreads the share of
/// an even one, and nothing where nobody knows how it is spread.
Replicas largest_loss(const model::Fleet& fleet, const model::Observation& observation) {
  const model::Spread* spread = model::spread_of(observation);
  if (spread == nullptr) return std::ranges::max(fleet);
  if (!spread->unknown.empty() || spread->domains.empty()) return Replicas{0};
  const auto domains = static_cast<int>(spread->domains.size());
  return Replicas{(model::total(fleet).count() + domains - 1) / domains};
}

}  // namespace

std::optional<Sized> SizedDemand::of(Viewers planned, Viewers after_loss, Replicas least) {
  const auto serving = [&](Viewers viewers) {
    return sizing::replicas_needed(viewers, pool_.capacity, seen_.demand);
  };
  const auto whole = serving(planned);
  const auto left = after_loss == planned ? whole : serving(after_loss);
  if (!whole || !left) return std::nullopt;
  const Need need{*whole, *left, least};
  bool anew = false;
  if (last_ == known_.end() || last_->first != need)
    std::tie(last_, anew) = known_.try_emplace(need);
  // How many come back after a loss goes by the viewers.
  anew = anew || pool_.capacity.handshakes;
  Sized& sized = last_->second;
  if (anew) {
    const auto full = sizing::recommend(
        {.planned = planned, .after_loss = after_loss, .minimum = least}, pool_, seen_);
    sized = {.planned = planned,
             .after_loss = after_loss,
             .with_redundancy = full->with_redundancy,
             .granted = model::total(full->per_domain),
             .missing = full->missing};
  }
  sized.planned = planned;
  sized.after_loss = after_loss;
  return sized;
}

Viewers SizedDemand::beyond(Viewers wanted, Replicas serving,
                            const sizing::NewConnections& coming) const {
  double carried = 1;
  for (const auto& need : sizing::needs_for(wanted, pool_.capacity, seen_.demand, coming)) {
    if (need.replicas <= serving) continue;
    carried = std::min(carried, std::max(0, serving.count()) * need.usable_capacity / need.load);
  }
  return Viewers{std::round(wanted.count() * (1 - carried))};
}

Viewers SizedDemand::short_of(const Sized& sized, const model::Fleet& fleet) const {
  const Replicas all = model::total(fleet);
  const Replicas whole = all - pool_.redundancy.spare;
  const Viewers before = beyond(sized.planned, whole, {});
  if (pool_.redundancy.survive == model::Survive::kNone) return before;
  const Replicas loss = largest_loss(fleet, seen_);
  const Ratio share{all > loss ? static_cast<double>(loss.count()) / all.count() : 0};
  const sizing::NewConnections coming{
      .of_arrivals = {}, .of_reconnects = sizing::reconnects_of(share, sized.after_loss, pool_)};
  return std::max(before, beyond(sized.after_loss, whole - loss, coming));
}

}  // namespace edgetide::planning
