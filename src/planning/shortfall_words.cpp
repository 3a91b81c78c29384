#include "shortfall_words.h"

#include "edgetide/core/grouped.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/rate_text.h"
#include "edgetide/model/reasons.h"
#include "outages.h"
#include "room_limits.h"
#include "words.h"

namespace edgetide::planning {
namespace {

namespace reason = model::reason;

/// Every limit that is in the way, not only the tightest: raising that one alone would not do.
std::string limits_help(const model::ShortfallAhead& shortfall, const model::EdgePool& pool,
                        const model::Room& room) {
  const Replicas required = shortfall.required;
  const bool nodes = shortfall.cause == reason::kNodesFull;
  std::string help;
  const auto add = [&](const std::string& word) {
    if (!word.empty()) help += (help.empty() ? "" : ", and ") + word;
  };
  add(quota_help(room, required));
  add(nodes_help(room, pool, required, nodes));
  if (required > pool.replicas.max)
    add("spec.replicas.max is " + text(pool.replicas.max) + ": raise it to " + text(required));
  const Replicas domains = model::total(model::domain_limits(pool));
  if (required > domains || help.empty())
    add("the domains' maxReplicas let " + text(domains) + " stand: raise them, or add a domain");
  return help;
}

/// " (1.2 Gbit/s)": what these viewers take; nothing where that is not known.
std::string egress_text(const model::ShortfallAhead& shortfall) {
  if (!shortfall.egress) return "";
  return " (" + model::rate_text(*shortfall.egress) + ")";
}

std::string help_for(const model::ShortfallAhead& shortfall, const OutlookInputs& inputs,
                     Instant now) {
  const model::EdgePool& pool = inputs.pool;
  const std::string_view cause = shortfall.cause;
  if (cause == reason::kPaused)
    return "the pool is paused at " + text(shortfall.available) + " until " +
           to_string(pool.pause->until) + ": resume it, or pause it at " + text(shortfall.required);
  if (cause == reason::kPaceOfSteps)
    return "spec.pacing and behavior.scaleUp let the fleet rise no faster: let them take larger "
           "steps";
  if (cause == reason::kTooLate)
    return "what is ordered now serves at " + to_string(now + pool.lead_time) +
           ": raise replicas.min at once, and announce such an event more than " +
           to_string(pool.lead_time) + " ahead";
  const std::string help = limits_help(shortfall, pool, inputs.observation.room);
  if (cause == reason::kDomainLost)
    return silence_of(inputs.observation, inputs.outages) +
           "; there is enough once it serves again, and meanwhile " + help;
  return help;
}

}  // namespace

std::string shortfall_text(const model::ShortfallAhead& shortfall, Viewers viewers,
                           const OutlookInputs& inputs, Instant now) {
  std::string sentence = text(shortfall.available) + " of " + text(shortfall.required) +
                         " replicas for up to " + grouped(viewers.count()) + " viewers at " +
                         to_string(shortfall.peak);
  if (!shortfall.event.empty()) sentence += " (event " + shortfall.event + ")";
  sentence += ", " + grouped(shortfall.viewers.count()) + " viewers" + egress_text(shortfall) +
              " too many; " + help_for(shortfall, inputs, now);
  const bool in_time = shortfall.act_by > now;
  return sentence + (in_time ? ", by " + to_string(shortfall.act_by)
                             : "; the time to act without a loss is over");
}

}  // namespace edgetide::planning
