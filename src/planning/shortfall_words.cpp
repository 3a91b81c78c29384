#include "shortfall_words.h"

#include "edgetide/model/fleet.h"
#include "edgetide/model/reasons.h"
#include "words.h"

namespace edgetide::planning {
namespace {

namespace reason = model::reason;

std::string limits_help(const model::ShortfallAhead& shortfall, const model::EdgePool& pool) {
  const Replicas room = model::total(model::domain_limits(pool));
  std::string help;
  if (shortfall.required > pool.replicas.max)
    help = "spec.replicas.max is " + text(pool.replicas.max) + ": raise it to " +
           text(shortfall.required);
  if (shortfall.required <= room && !help.empty()) return help;
  return help + (help.empty() ? "" : ", and ") + "the domains' maxReplicas let " + text(room) +
         " stand: raise them, or add a domain";
}

std::string help_for(const model::ShortfallAhead& shortfall, const model::EdgePool& pool,
                     Instant now) {
  const std::string_view cause = shortfall.cause;
  if (cause == reason::kPaused)
    return "the pool is paused at " + text(shortfall.available) + " until " +
           to_string(pool.pause->until) + ": resume it, or pause it at " +
           text(shortfall.required);
  if (cause == reason::kPaceOfSteps)
    return "behavior.scaleUp lets the fleet rise no faster: let it take larger steps";
  if (cause == reason::kTooLate)
    return "what is ordered now serves at " + to_string(now + pool.lead_time) +
           ": raise replicas.min at once, and announce such an event more than " +
           to_string(pool.lead_time) + " ahead";
  return limits_help(shortfall, pool);
}

}  // namespace

std::string shortfall_text(const model::ShortfallAhead& shortfall, Viewers viewers,
                           const model::EdgePool& pool, Instant now) {
  std::string sentence = text(shortfall.available) + " of " + text(shortfall.required) +
                         " replicas for up to " + grouped(viewers.count()) + " viewers at " +
                         to_string(shortfall.peak);
  if (!shortfall.event.empty()) sentence += " (event " + shortfall.event + ")";
  sentence += ", " + grouped(shortfall.viewers.count()) + " viewers too many; " +
              help_for(shortfall, pool, now);
  const bool in_time = shortfall.act_by > now;
  return sentence + (in_time ? ", by " + to_string(shortfall.act_by)
                             : "; the time to act without a loss is over");
}

}  // namespace edgetide::planning
