#include "simulation/closed_loop.h"

#include <algorithm>

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

/// What the match and its announcement bring, by time.
std::vector<Mark> programme_of(const Scenario& scenario) {
  const Match& match = scenario.tonight;
  std::vector<Mark> marks{
      {.at = match.kick_off, .kind = Mark::Kind::kMatch, .text = "kick-off"},
      {.at = match.kick_off + minutes{47}, .kind = Mark::Kind::kMatch, .text = "half-time"},
      {.at = match.kick_off + minutes{62}, .kind = Mark::Kind::kMatch, .text = "second half"},
      {.at = final_whistle(match), .kind = Mark::Kind::kMatch, .text = "final whistle"}};
  if (match.extra_time) {
    marks.push_back({.at = match.kick_off + minutes{116}, .text = "extra time"});
  }
  for (const model::StreamEvent& event : scenario.calendar.events()) {
    if (event.end() < scenario.from || event.start > scenario.to) continue;
    marks.push_back(
        {.at = event.end(), .kind = Mark::Kind::kAnnouncement, .text = "announced end"});
  }
  std::ranges::sort(marks, {}, &Mark::at);
  return marks;
}

}  // namespace

ClosedLoop::ClosedLoop(const Scenario& scenario, PolicyKind policy, ports::ReportSink* also)
    : scenario_(scenario),
      world_(scenario),
      policy_(make_policy(policy, world_, also)),
      due_(scenario.from),
      keeper_(scenario),
      programme_(programme_of(scenario)) {}

bool ClosedLoop::step() {
  if (world_.now() >= scenario_.to) return false;
  world_.settle();
  note_marks();
  look();
  note_frame();
  world_.clock().advance(scenario_.step);
  return true;
}

void ClosedLoop::look() {
  if (world_.now() < due_) return;
  due_ = world_.now() + policy_->act();
  const Decision* decision = policy_->last_decision();
  if (decision != nullptr && !decision->outcome.writes.empty()) {
    recording_.decisions.push_back(*decision);
  }
}

void ClosedLoop::note_marks() {
  const auto earlier = [&](const Mark& mark) {
    return mark.at > world_.now() - scenario_.step && mark.at <= world_.now();
  };
  std::ranges::copy_if(programme_, std::back_inserter(recording_.marks), earlier);
  const auto& lost = world_.lost_zone();
  if (!lost) return;
  const std::string& zone = scenario_.pool.domains[lost->domain].name;
  const Mark loss{.at = lost->loss.at, .kind = Mark::Kind::kLoss, .text = zone + " lost"};
  const Mark back{.at = lost->loss.back_at(), .kind = Mark::Kind::kReturn, .text = zone + " back"};
  for (const Mark& mark : {loss, back}) {
    if (earlier(mark)) recording_.marks.push_back(mark);
  }
}

void ClosedLoop::note_frame() {
  Frame frame{.at = world_.now(),
              .wanting = scenario_.audience.at(world_.now()),
              .domains = world_.counts()};
  if (const Decision* decision = policy_->last_decision()) frame.peak = decision->report.peak;
  keeper_.add({.at = frame.at,
               .wanting = frame.wanting,
               .ready = total_ready(frame.domains),
               .paid = total_paid(frame.domains)});
  recording_.score = keeper_.score();
  recording_.frames.push_back(std::move(frame));
}

Recording run(const Scenario& scenario, PolicyKind policy, ports::ReportSink* also) {
  ClosedLoop loop(scenario, policy, also);
  while (loop.step()) {
  }
  return loop.recording();
}

}  // namespace edgetide::simulation
