#pragma once

#include <string>
#include <vector>

#include "cli/night_page.h"

namespace edgetide::cli {

/// Something that befell a night, or was shown in it.
struct Happening {
  Instant at;
  std::string text;
  /// Without the failure domain that it struck, which is another under another policy; empty of
  /// what a policy brought upon itself.
  std::string anywhere;
  bool fault = false;

  bool operator==(const Happening&) const = default;
};

/// Faults that have begun and what was marked, by time; a fault before what follows from it.
/// \pre the recording has frames
[[nodiscard]] std::vector<Happening> happenings(const simulation::Scenario& scenario,
                                                const simulation::Recording& recording);

/// What befell all of them: with the failure domain where it is the same of all.
/// \pre as `happenings`; at least one run
[[nodiscard]] std::vector<Happening> shared_happenings(const std::vector<NightRun>& runs);

/// What befell one of them otherwise than the others.
[[nodiscard]] std::vector<Happening> own_happenings(const NightRun& run,
                                                    const std::vector<Happening>& shared);

}  // namespace edgetide::cli
