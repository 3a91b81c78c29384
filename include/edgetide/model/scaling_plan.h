#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/service_record.h"

namespace edgetide::model {

enum class Action { kHold, kScaleUp, kScaleDown };

[[nodiscard]] std::string_view to_string(Action action);  ///< "Hold", "ScaleUp", "ScaleDown"

/// What one failure domain is to be told.
struct DomainPlan {
  std::string name;
  Replicas from;  ///< As observed.
  Replicas to;    ///< As decided; equal to `from` where nothing is written.
};

/// A finished decision; acting on it leaves no choice open.
struct ScalingPlan {
  Action action = Action::kHold;    ///< By the total; domains may move against it to rebalance.
  std::vector<DomainPlan> domains;  ///< In the pool's order.
  Instant next_look{};              ///< When to decide again, if nothing happens before.

  [[nodiscard]] Replicas total_from() const;
  [[nodiscard]] Replicas total_to() const;
};

/// Capacity that is needed and will not be there.
struct Shortfall {
  Replicas required;
  Replicas granted;
  Instant at;          ///< When the need falls due.
  std::string cause;   ///< Reason in CamelCase: "MaximumReached", "DomainLimits".
  std::string detail;  ///< The same as a sentence, with what would help.

  [[nodiscard]] Replicas missing() const { return required - granted; }
};

/// A domain of which less than half of what is asked for serves, or nothing.
struct FailingDomain {
  Instant since;
  Replicas asked;        ///< All along since then,
  Replicas served;       ///< and the most that did.
  bool rebuilt = false;  ///< It has lasted, and others were there to carry its part.
};

/// What a pool remembers between plans: enough to keep HPA's windows and to notice other hands.
struct PlanMemory {
  /// What was wanted at a moment, before stabilization.
  struct Recommendation {
    Instant at;
    Fleet per_domain;
  };
  /// A change that was written.
  struct ScaleEvent {
    Instant at;
    int change = 0;  ///< Replicas in total, negative when lowered.
  };

  /// A target found below what was ordered: somebody else's hand.
  struct ForeignLowering {
    Instant at;
    std::size_t domain = 0;
  };

  std::vector<std::string> domains;  ///< Whose memory it is, in the order that it counts by.
  std::optional<Instant> since;      ///< First plan that this memory has seen; nothing before.
  std::vector<Recommendation> recommendations;  ///< By time, within the longest window.
  std::vector<ScaleEvent> scale_events;  ///< By time, the longest policy period's and the last.
  /// By domain: what stood there last, written by us or found; nothing before, and in DryRun.
  std::vector<std::optional<Replicas>> ordered;
  std::vector<ForeignLowering> foreign_lowerings;  ///< By time, within ten minutes.
  /// By domain: since when nothing of it serves; nothing while something does.
  std::vector<std::optional<Instant>> silent_since;
  /// By domain; nothing while half of what is asked for serves.
  std::vector<std::optional<FailingDomain>> failing;
  ServiceRecord service;  ///< Since this memory began.
};

}  // namespace edgetide::model
