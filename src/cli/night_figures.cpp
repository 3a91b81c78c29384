#include "cli/night_figures.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "simulation/text.h"

namespace edgetide::cli {
namespace {

/// "a, b and c"
std::string enumerated(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 < names.size() ? ", " : " and ";
    text += names[i];
  }
  return text;
}

/// "20:03 to 20:11", or "at 20:03" where it is over within that minute.
std::string span_text(Instant from, Instant to) {
  const std::string begins = time_text(from);
  return begins == time_text(to) ? "at " + begins : begins + " to " + time_text(to);
}

}  // namespace

Fetched fetched_from(std::size_t tier, const simulation::Recording& recording) {
  const auto& first = recording.frames.front().farther[tier];
  Fetched fetched{.least_ready = first.ready, .most_ready = first.ready};
  double drawn = 0;
  double missed = 0;
  for (const auto& frame : recording.frames) {
    const auto& now = frame.farther[tier];
    drawn += now.drawn.count();
    missed += std::max(0.0, (now.drawn - now.carried).count());
    if (now.drawn > fetched.most) {
      fetched.most = now.drawn;
      fetched.most_at = frame.at;
    }
    fetched.least_ready = std::min(fetched.least_ready, now.ready);
    fetched.most_ready = std::max(fetched.most_ready, now.ready);
  }
  fetched.missed = drawn > 0 ? missed / drawn : 0;
  return fetched;
}

const simulation::Frame* most_handshakes(const simulation::Recording& recording) {
  const auto taken = [](const simulation::Frame& frame) {
    return frame.let_in ? frame.let_in->handshakes : HandshakesPerSecond{0};
  };
  const auto most = std::ranges::max_element(recording.frames, {}, taken);
  return most == recording.frames.end() || !most->let_in ? nullptr : &*most;
}

std::optional<ToldAtWorst> told_at_worst(const simulation::Recording& recording) {
  const auto& evening = recording.score.evening;
  if (evening.worst <= Viewers{0}) return std::nullopt;
  const auto stretches = simulation::stretches_of(recording.shortfalls);
  const auto then = std::ranges::find_if(stretches, [&](const auto& one) {
    return one.from <= evening.worst_at && evening.worst_at <= one.to;
  });
  if (then == stretches.end()) return std::nullopt;
  const auto told = std::ranges::upper_bound(recording.shortfalls, evening.worst_at, {},
                                             &simulation::ToldShortfall::from);
  return ToldAtWorst{std::prev(told)->cause, then->from, then->to};
}

const model::Condition* told_instead(const simulation::Recording& recording) {
  const auto& reserve = recording.reserve_at_worst;
  if (!reserve) return nullptr;
  return told_at_worst(recording) ? nullptr : &*reserve;
}

std::string instead_text(const simulation::Recording& recording) {
  const auto* instead = told_instead(recording);
  if (instead == nullptr) return recording.shortfalls.empty() ? "none reported" : "";
  const std::string condition = instead->type + " was " + instead->reason;
  const std::string at = time_text(recording.score.evening.worst_at);
  return recording.shortfalls.empty() ? "none reported; " + condition + " at " + at
                                      : "none at " + at + ", when most were unserved; " + condition;
}

std::string shortfall_text(const simulation::ShortfallStretch& told) {
  return span_text(told.from, told.to) + "  " + enumerated(told.causes) +
         (told.missing > Replicas{0} ? ", " + simulation::counted(told.missing) + " missing at most"
                                     : ", the reserve alone");
}

std::string reserve_text(const simulation::MissingReserve& told) {
  std::string text = span_text(told.from, told.to);
  if (told.missing == Replicas{0}) return text;
  text += ", at most " + std::to_string(told.missing.count());
  const char* before = ": ";
  for (const auto& [domain, missing] : told.parts)
    text += std::exchange(before, ", ") + domain + " " + std::to_string(missing.count());
  return text;
}

std::string unknown_reserve_text(const simulation::UnknownReserve& told) {
  return span_text(told.from, told.to) + ", " +
         (told.unread.empty() ? told.reason : enumerated(told.unread) + " unread");
}

std::string fault_text(const simulation::Scenario& scenario, const simulation::Recording& recording,
                       std::size_t fault) {
  const auto& one = scenario.faults[fault];
  const auto struck = recording.struck.find(fault);
  return simulation::told(one) + (struck == recording.struck.end() ? "" : " in " + struck->second) +
         " for " + to_string(one.lasts);
}

std::string time_text(Instant at) { return clock_text(at).substr(0, 5); }

}  // namespace edgetide::cli
