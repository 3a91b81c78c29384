#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

constexpr Seconds kContentionWindow{600};
constexpr std::size_t kLoweringsOfAFight = 3;

}  // namespace

void notice_other_hands(model::PlanMemory& memory, const model::Observation& observation,
                        Instant now) {
  memory.ordered.resize(observation.domains.size());
  bool lowered = false;
  for (std::size_t i = 0; i < observation.domains.size(); ++i) {
    const auto& domain = observation.domains[i];
    auto& ordered = memory.ordered[i];
    if (!ordered || !domain.known || domain.specified == *ordered) continue;
    lowered = lowered || domain.specified < *ordered;
    ordered = domain.specified;
  }
  if (lowered) memory.foreign_lowerings.push_back(now);
  std::erase_if(memory.foreign_lowerings,
                [&](Instant at) { return now - at >= kContentionWindow; });
}

bool contended(const model::PlanMemory& memory, Instant now) {
  return std::ranges::count_if(memory.foreign_lowerings, [&](Instant at) {
           return now - at < kContentionWindow;
         }) >= static_cast<std::ptrdiff_t>(kLoweringsOfAFight);
}

Guarded contention(const GuardInputs& inputs, Fleet wanted) {
  if (!contended(inputs.memory, inputs.now)) {
    return {.fleet = std::move(wanted), .verdict = std::nullopt};
  }
  return judged("contention", wanted, specified_fleet(inputs.observation),
                model::reason::kContended,
                "somebody else lowered the targets " +
                    std::to_string(inputs.memory.foreign_lowerings.size()) +
                    " times within 10 minutes; nothing is written until they stop");
}

}  // namespace edgetide::guard
