#include <map>

#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

constexpr Seconds kContentionWindow{600};
constexpr int kLoweringsOfAFight = 3;

}  // namespace

void notice_other_hands(model::PlanMemory& memory, const model::EdgePool& pool,
                        const model::Observation& observation, Instant now) {
  if (pool.mode == model::Mode::kDryRun) memory.ordered.clear();
  memory.ordered.resize(observation.domains.size());
  for (std::size_t i = 0; i < observation.domains.size(); ++i) {
    const auto& domain = observation.domains[i];
    auto& ordered = memory.ordered[i];
    if (!domain.known || pool.mode == model::Mode::kDryRun) continue;
    if (ordered && domain.specified < *ordered) memory.foreign_lowerings.push_back({now, i});
    ordered = domain.specified;
  }
  std::erase_if(memory.foreign_lowerings,
                [&](const auto& lowering) { return now - lowering.at >= kContentionWindow; });
}

bool contended(const model::PlanMemory& memory, Instant now) {
  std::map<std::size_t, int> lowerings;
  return std::ranges::any_of(memory.foreign_lowerings, [&](const auto& lowering) {
    return now - lowering.at < kContentionWindow &&
           ++lowerings[lowering.domain] >= kLoweringsOfAFight;
  });
}

Guarded contention(const GuardInputs& inputs, Fleet wanted) {
  if (!contended(inputs.memory, inputs.now)) {
    return unchanged(std::move(wanted));
  }
  return judged("contention", wanted, specified_fleet(inputs.observation),
                model::reason::kContended,
                "somebody else lowered a target three times within 10 minutes; nothing is written "
                "until they stop");
}

}  // namespace edgetide::guard
