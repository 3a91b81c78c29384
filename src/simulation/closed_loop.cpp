#include "simulation/closed_loop.h"

#include <algorithm>
#include <utility>

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

/// What the match and its announcement bring, by time.
std::vector<Mark> programme_of(const Scenario& scenario) {
  const Match& match = scenario.tonight;
  std::vector<Mark> marks;
  if (match.uplift <= Viewers{0}) return marks;
  marks = {{.at = match.kick_off, .kind = Mark::Kind::kMatch, .text = "kick-off"},
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

ClosedLoop::ClosedLoop(const Scenario& scenario, const Runner& runner, ports::ReportSink* also,
                       const controller::ReconcilerOptions& options)
    : scenario_(scenario),
      runner_(runner),
      also_(also),
      options_(options),
      world_(scenario),
      policy_(make_policy(runner, world_, also, options)),
      due_(scenario.from),
      keeper_(scenario),
      programme_(programme_of(scenario)) {}

bool ClosedLoop::step() {
  if (world_.now() >= scenario_.to) return false;
  world_.settle();
  act_out_faults();
  note_marks();
  look();
  note_frame();
  world_.clock().advance(scenario_.step);
  if (world_.now() >= scenario_.to && runner_.kind == PolicyKind::kEdgetide)
    invariants_.judge_end(policy_->last_decision());
  recording_.breaches = invariants_.breaches();
  return true;
}

void ClosedLoop::act_out_faults() {
  const bool down = world_.fault(FaultKind::kOperatorDown) != nullptr;
  if (std::exchange(operator_down_, down) && !down) {
    policy_ = make_policy(runner_, world_, also_, options_);
    invariants_.note_restart();
    due_ = world_.now();
  }
  const Seconds ahead = world_.operator_clock().now() - world_.now();
  if (std::exchange(clock_ahead_, ahead) != ahead) invariants_.note_restart();
  const Fault* rival = world_.fault(FaultKind::kRivalLowers);
  if (rival == nullptr || (world_.now() - rival->from) % Seconds{120} != Seconds{0}) return;
  const auto counts = world_.counts();
  const auto fullest = std::ranges::max_element(counts, {}, &DomainCounts::specified);
  const auto domain = static_cast<std::size_t>(fullest - counts.begin());
  world_.fleet().specify(domain, Replicas{fullest->specified.count() * 4 / 5}, world_.now());
  const bool lowered = world_.fleet().counts(domain).specified < fullest->specified;
  if (lowered && world_.targets_are_known()) invariants_.note_rival(domain);
}

void ClosedLoop::look() {
  if (operator_down_ || world_.now() < due_) return;
  const auto before = world_.counts();
  due_ = world_.now() + policy_->act();
  ++recording_.looks;
  const Decision* decision = policy_->last_decision();
  if (decision == nullptr) return;
  invariants_.judge(*decision, before);
  if (!decision->outcome.writes.empty()) recording_.decisions.push_back(*decision);
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

Recording run(const Scenario& scenario, const Runner& runner, ports::ReportSink* also,
              const controller::ReconcilerOptions& options) {
  ClosedLoop loop(scenario, runner, also, options);
  while (loop.step()) {
  }
  return loop.recording();
}

}  // namespace edgetide::simulation
