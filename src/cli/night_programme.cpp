#include "cli/night_programme.h"

#include <algorithm>
#include <iterator>

#include "cli/night_figures.h"

namespace edgetide::cli {

using simulation::Mark;

std::vector<Happening> happenings(const simulation::Scenario& scenario,
                                  const simulation::Recording& recording) {
  std::vector<Happening> all;
  const Instant reached = recording.frames.back().at + scenario.step;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& fault = scenario.faults[i];
    if (fault.from >= reached) continue;
    all.push_back({.at = fault.from,
                   .text = fault_text(scenario, recording, i),
                   .anywhere = fault_text(scenario, {}, i),
                   .fault = true});
  }
  for (const Mark& mark : recording.marks)
    all.push_back({.at = mark.at,
                   .text = mark.text,
                   .anywhere = mark.anywhere,
                   .fault = mark.kind == Mark::Kind::kLoss || mark.kind == Mark::Kind::kReturn});
  std::ranges::stable_sort(all, {}, &Happening::at);
  return all;
}

std::vector<Happening> shared_happenings(const std::vector<NightRun>& runs) {
  auto shared = happenings(runs.front().scenario, runs.front().recording);
  for (const NightRun& run : runs) {
    const auto others = happenings(run.scenario, run.recording);
    std::erase_if(shared, [&](Happening& one) {
      if (std::ranges::find(others, one) != others.end()) return false;
      one.text = one.anywhere;
      return one.anywhere.empty();
    });
  }
  return shared;
}

std::vector<Happening> own_happenings(const NightRun& run, const std::vector<Happening>& shared) {
  std::vector<Happening> own;
  std::ranges::copy_if(
      happenings(run.scenario, run.recording), std::back_inserter(own),
      [&](const Happening& one) { return std::ranges::find(shared, one) == shared.end(); });
  return own;
}

}  // namespace edgetide::cli
