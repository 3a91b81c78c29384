#include "cli/night_figures.h"

#include <algorithm>
#include <utility>

#include "simulation/text.h"

namespace edgetide::cli {

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

const simulation::ToldShortfall* told_at_worst(const simulation::Recording& recording) {
  const auto& evening = recording.score.evening;
  if (evening.worst <= Viewers{0}) return nullptr;
  const auto then = [&](const simulation::ToldShortfall& one) {
    return one.from <= evening.worst_at && evening.worst_at <= one.to;
  };
  const auto told = std::ranges::find_if(recording.shortfalls, then);
  return told == recording.shortfalls.end() ? nullptr : &*told;
}

const model::Condition* told_instead(const simulation::Recording& recording) {
  const auto& reserve = recording.reserve_at_worst;
  if (!reserve) return nullptr;
  return told_at_worst(recording) != nullptr ? nullptr : &*reserve;
}

std::string instead_text(const simulation::Recording& recording) {
  const auto* instead = told_instead(recording);
  if (instead == nullptr) return recording.shortfalls.empty() ? "none reported" : "";
  const std::string condition = instead->type + " was " + instead->reason;
  const std::string at = time_text(recording.score.evening.worst_at);
  return recording.shortfalls.empty() ? "none reported; " + condition + " at " + at
                                      : "none at " + at + ", when most were unserved; " + condition;
}

std::string shortfall_text(const simulation::ToldShortfall& told) {
  return time_text(told.from) + " to " + time_text(told.to) + "  " + told.cause +
         (told.missing > Replicas{0} ? ", " + simulation::counted(told.missing) + " missing at most"
                                     : ", the reserve alone");
}

std::string reserve_text(const simulation::MissingReserve& told) {
  std::string text = time_text(told.from) + " to " + time_text(told.to);
  if (told.missing == Replicas{0}) return text;
  text += ", at most " + std::to_string(told.missing.count());
  const char* before = ": ";
  for (const auto& [domain, missing] : told.parts)
    text += std::exchange(before, ", ") + domain + " " + std::to_string(missing.count());
  return text;
}

std::string time_text(Instant at) { return clock_text(at).substr(0, 5); }

}  // namespace edgetide::cli
