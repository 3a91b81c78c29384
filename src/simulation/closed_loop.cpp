#include "simulation/closed_loop.h"

#include <algorithm>
#include <utility>

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

/// Between two deeds of a rival.
constexpr Seconds kRivalRests{120};

/// What the match and its announcement bring.
std::vector<Mark> marks_of_the_match(const Scenario& scenario) {
  const Match& match = scenario.tonight;
  if (match.uplift <= Viewers{0}) return {};
  std::vector<Mark> marks{
      {.at = match.kick_off, .kind = Mark::Kind::kMatch, .text = "kick-off"},
      {.at = match.kick_off + minutes{47}, .kind = Mark::Kind::kMatch, .text = "half-time"},
      {.at = match.kick_off + minutes{62}, .kind = Mark::Kind::kMatch, .text = "second half"},
      {.at = final_whistle(match), .kind = Mark::Kind::kMatch, .text = "final whistle"}};
  if (match.extra_time) {
    marks.push_back({.at = match.kick_off + minutes{116}, .text = "extra time"});
  }
  return marks;
}

/// All that happens whatever the policy does, by time.
std::vector<Mark> programme_of(const Scenario& scenario) {
  std::vector<Mark> marks = marks_of_the_match(scenario);
  const Programme& programme = scenario.audience.programme();
  for (const Premiere& premiere : programme.premieres) {
    marks.push_back({.at = premiere.start, .text = "premiere"});
    marks.push_back({.at = premiere.end(), .text = "end of the premiere"});
  }
  for (const RetryStorm& storm : programme.retry_storms) {
    marks.push_back({.at = storm.start, .kind = Mark::Kind::kLoss, .text = "sessions cut off"});
    marks.push_back({.at = storm.back_at(), .kind = Mark::Kind::kReturn, .text = "they come back"});
  }
  const bool played = !marks.empty();
  for (const model::StreamEvent& event : scenario.calendar.events()) {
    if (!played || event.end() < scenario.from || event.start > scenario.to) continue;
    marks.push_back(
        {.at = event.end(), .kind = Mark::Kind::kAnnouncement, .text = "announced end"});
  }
  for (const auto& [from, to] : scenario.audience.unrecorded(scenario.from, scenario.to))
    marks.push_back({.at = from,
                     .kind = Mark::Kind::kAnnouncement,
                     .text = "not recorded until " + clock_text(to).substr(0, 5) +
                             ": a straight line is taken"});
  std::ranges::stable_sort(marks, {}, &Mark::at);
  return marks;
}

}  // namespace

Replicas total_specified(const Frame& frame) {
  return total_specified(frame.domains) + frame.unplaced;
}

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
      programme_(programme_of(scenario)) {
  for (std::size_t i = 0; i < scenario.farther.size(); ++i) farther_.emplace_back(world_, i);
  recording_.farther.resize(scenario.farther.size());
}

bool ClosedLoop::step() {
  if (world_.now() >= scenario_.to) return false;
  world_.settle();
  act_out_faults();
  note_marks();
  look();
  note_frame();
  world_.clock().advance(scenario_.step);
  if (world_.now() >= scenario_.to) {
    note_unfinished();
    if (runner_.kind == PolicyKind::kEdgetide) judge_end();
  }
  recording_.breaches = invariants_.breaches();
  recording_.times_broken = invariants_.times_broken();
  for (const TierInvariants& tier : farther_) {
    recording_.breaches.insert(recording_.breaches.end(), tier.breaches().begin(),
                               tier.breaches().end());
    recording_.times_broken += tier.times_broken();
  }
  return true;
}

void ClosedLoop::judge_end() {
  invariants_.judge_end();
  for (TierInvariants& tier : farther_) tier.judge_end();
}

/// The operator remembers nothing from here on, or not when it was.
void ClosedLoop::begin_anew() {
  invariants_.note_restart();
  for (TierInvariants& tier : farther_) tier.note_restart();
}

void ClosedLoop::act_out_faults() {
  // First, since an operator that begins now takes what it finds for what was asked for.
  act_out_rival();
  const bool down = world_.fault(FaultKind::kOperatorDown) != nullptr;
  if (std::exchange(operator_down_, down) && !down) {
    policy_ = make_policy(runner_, world_, also_, options_);
    begin_anew();
    due_ = world_.now();
  }
  const Seconds ahead = world_.operator_clock().now() - world_.now();
  if (std::exchange(clock_ahead_, ahead) != ahead) invariants_.note_restart();
}

/// Of two deeds one comes before the look, the other between it and what it writes.
void ClosedLoop::act_out_rival() {
  const Fault* rival = world_.fault(FaultKind::kRivalLowers);
  if (rival == nullptr || (world_.now() - rival->from) % kRivalRests != Seconds{0}) return;
  world_.let_rival_wait();
  if ((world_.now() - rival->from) % (2 * kRivalRests) == Seconds{0})
    note_rival(world_.let_rival_lower());
}

void ClosedLoop::note_rival(const std::optional<RivalDeed>& deed) {
  if (deed && world_.targets_are_known()) invariants_.note_rival(deed->target);
}

void ClosedLoop::look() {
  if (operator_down_ || world_.now() < due_) return note_rival(world_.let_rival_lower());
  const auto seen = world_.fleet().standing();
  std::vector<Standing> farther;
  for (const FartherTier& tier : world_.farther()) farther.push_back(tier.fleet().standing());
  due_ = world_.now() + policy_->act();
  ++recording_.looks;
  const auto deed = world_.take_deed();
  const auto& before = deed ? deed->left : seen.targets;
  const auto specified = [](const DomainCounts& counts) { return counts.specified; };
  if (!std::ranges::equal(before, world_.fleet().standing().targets, {}, specified, specified))
    ++recording_.writes;
  if (const Decision* decision = policy_->last_decision()) {
    invariants_.judge(*decision, seen, before);
    judge_farther(farther);
    if (!decision->outcome.writes.empty()) recording_.decisions.push_back(*decision);
    note_shortfall(recording_.shortfalls, world_.now(), decision->report);
    note_reserve(decision->report);
  }
  note_rival(deed ? deed : world_.let_rival_lower());
}

void ClosedLoop::judge_farther(const std::vector<Standing>& before) {
  for (std::size_t i = 0; i < farther_.size(); ++i) {
    const auto* decision = policy_->last_decision_on(scenario_.farther[i].key);
    if (decision != nullptr && decision->report.at == world_.operator_clock().now()) {
      farther_[i].judge(*decision, before[i]);
      note_shortfall(recording_.farther[i].shortfalls, world_.now(), decision->report);
    }
    farther_[i].note_drawing();
  }
}

/// Not before the first order can serve: what stands at the beginning is nobody's.
void ClosedLoop::note_reserve(const model::PlanReport& report) {
  const StartUp& times = scenario_.start_up;
  if (world_.now() < scenario_.from + times.machine_most + times.container_most) return;
  note_missing_reserve(recording_.missing_reserves, world_.now(), report);
  note_unknown_reserve(recording_.unknown_reserves, world_.now(), report);
}

/// What fails first: the rest may follow from it.
void ClosedLoop::note_marks() {
  note_lost_zone();
  for (const auto& [ends, text, fault, domain] : world_.maintenance().notes()) {
    recording_.marks.push_back(
        {.at = world_.now(), .kind = ends ? Mark::Kind::kReturn : Mark::Kind::kLoss, .text = text});
    if (fault != nullptr) note_struck(*fault, domain);
  }
  if (const Fault* unread = world_.fault(FaultKind::kTargetsUnknown);
      unread != nullptr && world_.fleet().workload() == nullptr)
    note_struck(*unread, scenario_.pool.domains.front().name);
  std::ranges::copy_if(programme_, std::back_inserter(recording_.marks),
                       [&](const Mark& mark) { return is_new(mark); });
}

/// Since the last step.
bool ClosedLoop::is_new(const Mark& mark) const {
  return mark.at > world_.now() - scenario_.step && mark.at <= world_.now();
}

void ClosedLoop::note_lost_zone() {
  const auto& lost = world_.lost_zone();
  if (!lost) return;
  const std::string& zone = recording_.lost_zone = lost->name;
  const Mark loss{.at = lost->loss.at,
                  .kind = Mark::Kind::kLoss,
                  .text = zone + " lost",
                  .anywhere = "a zone lost"};
  const Mark back{.at = lost->loss.back_at(),
                  .kind = Mark::Kind::kReturn,
                  .text = zone + " back",
                  .anywhere = "that zone back"};
  for (const Mark& mark : {loss, back}) {
    if (is_new(mark)) recording_.marks.push_back(mark);
  }
}

void ClosedLoop::note_struck(const Fault& fault, const std::string& domain) {
  recording_.struck.try_emplace(static_cast<std::size_t>(&fault - scenario_.faults.data()), domain);
}

void ClosedLoop::note_unfinished() {
  for (const auto& note : world_.maintenance().unfinished())
    recording_.marks.push_back({.at = scenario_.to, .kind = Mark::Kind::kLoss, .text = note.text});
}

void ClosedLoop::note_frame() {
  Frame frame{.at = world_.now(),
              .wanting = scenario_.audience.at(world_.now()),
              .domains = world_.counts()};
  if (const auto* workload = world_.fleet().workload()) frame.unplaced = workload->unplaced();
  if (const Decision* decision = policy_->last_decision()) frame.peak = decision->report.peak;
  if (const GatewayLoad* gateways = world_.gateways()) frame.let_in = gateways->last();
  keeper_.add({.at = frame.at,
               .wanting = frame.wanting,
               .ready = total_serving(frame.domains),
               .paid = total_paid(frame.domains),
               .let_in = frame.let_in});
  const double minutes = minutes_of(scenario_.step);
  for (std::size_t i = 0; i < world_.farther().size(); ++i) {
    const FartherTier& tier = world_.farther()[i];
    const Standing standing = tier.fleet().standing();
    const auto& counts = standing.domains();
    frame.farther.push_back({.drawn = tier.drawn(frame.at),
                             .carried = tier.carried(),
                             .specified = total_specified(standing.targets),
                             .ready = total_ready(counts)});
    recording_.farther[i].cost.add(tier.pool(), counts.size(), frame.farther.back().drawn,
                                   total_paid(counts), minutes);
  }
  recording_.score = keeper_.score();
  const auto& evening = recording_.score.evening;
  if (const Decision* decision = policy_->last_decision();
      decision != nullptr && evening.worst > Viewers{0} && evening.worst_at == frame.at)
    recording_.reserve_at_worst = model::condition(decision->report, "RedundancyMet");
  recording_.frames.push_back(std::move(frame));
}

Recording run(const Scenario& scenario, const Runner& runner, ports::ReportSink* also,
              const controller::ReconcilerOptions& options) {
  ClosedLoop loop(scenario, runner, also, options);
  while (loop.step()) {
  }
  return loop.take_recording();
}

}  // namespace edgetide::simulation
