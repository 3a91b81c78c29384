#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// A time ahead in which more will be needed than can be had.
struct ShortfallAhead {
  Instant start{};                      ///< From when on something is missing,
  Instant peak{};                       ///< when most is,
  Instant end{};                        ///< and until when, as far as is looked.
  Viewers viewers;                      ///< At the peak, those that what can be had does not carry.
  std::optional<BitsPerSecond> egress;  ///< What these take; nothing when that is not known.
  Replicas required;                    ///< At the peak,
  Replicas available;                   ///< and what of them can be had.
  std::string event;                    ///< The event that brings most of the peak; empty for none.
  std::string cause;                    ///< Reason in CamelCase: "MaximumReached", "QuotaReached".
  Instant act_by{};    ///< The latest moment at which acting still spares all of it; may be past.
  std::string detail;  ///< A sentence with the numbers, and what would help.

  [[nodiscard]] Replicas missing() const { return required - available; }
};

/// What a pool will need over the next days, held against what it can have.
struct CapacityOutlook {
  /// When most is needed.
  struct Most {
    Instant at{};
    Viewers viewers;
    Replicas required;
    Replicas available;  ///< Of them.
  };

  Instant until{};  ///< How far it looks.
  Most most;
  std::vector<ShortfallAhead> shortfalls;  ///< By start.
  std::string unknown;  ///< Which limits are not known and so counted as none; empty for none.
};

/// The one to act on first; nullptr when nothing will be missing.
[[nodiscard]] const ShortfallAhead* most_urgent(const CapacityOutlook& outlook);

}  // namespace edgetide::model
