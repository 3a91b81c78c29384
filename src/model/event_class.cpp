#include "edgetide/model/event_class.h"

#include <algorithm>
#include <cmath>

namespace edgetide::model {
namespace {

constexpr double kFewestViewers = 1;
/// An event known with less than this share of its uplift was known in part.
constexpr double kInPart = 0.95;
/// Fewer bins seen tell no course.
constexpr int kFewestBins = 20;

/// Between events of one class, before many were seen; it counts as two events.
constexpr double kClassDeviation = 0.35;
/// Between the classes of a family, and between classes that have nothing in common.
constexpr double kFamilyDeviation = 0.5;
constexpr double kStrangerDeviation = 0.9;
constexpr int kPriorDegrees = 3;

double peak_of(const EventOutcome& outcome) {
  return outcome.uplift.empty() ? 0 : *std::ranges::max_element(outcome.uplift);
}

/// Keeps both lists by start, newest first; older ones move on to the second and out of it.
void remember(LearnedClass& learned, PastEvent event) {
  const auto older = [&](const PastEvent& one) { return one.start < event.start; };
  auto& last = learned.last_events;
  auto& earlier = learned.earlier_events;
  const auto place = std::ranges::find_if(last, older);
  if (place == last.end() && last.size() == LearnedClass::kMostEvents) {
    earlier.insert(std::ranges::find_if(earlier, older), std::move(event));
  } else {
    last.insert(place, std::move(event));
  }
  if (last.size() > LearnedClass::kMostEvents) {
    earlier.insert(earlier.begin(), std::move(last.back()));
    last.pop_back();
  }
  if (earlier.size() > LearnedClass::kMostEarlierEvents) earlier.pop_back();
}

PastEvent* find(LearnedClass& learned, const EventOutcome& outcome) {
  for (auto* events : {&learned.last_events, &learned.earlier_events}) {
    const auto known = std::ranges::find_if(*events, [&](const PastEvent& event) {
      return event.name == outcome.name && event.start == outcome.start;
    });
    if (known != events->end()) return &*known;
  }
  return nullptr;
}

/// Before all that are remembered, which are as many as can be.
bool too_old(const LearnedClass& learned, Instant start) {
  const auto& earlier = learned.earlier_events;
  return earlier.size() == LearnedClass::kMostEarlierEvents && start <= earlier.back().start;
}

/// Whether an event that is not remembered may have been learned from, and forgotten.
bool may_be_forgotten(const LearnedClass& learned, Instant start) {
  const auto& last = learned.last_events;
  const auto remembered = static_cast<std::int64_t>(last.size() + learned.earlier_events.size());
  return learned.events > remembered && !last.empty() && start <= last.back().start;
}

/// Shares of the peak by bin, in proportion between bins that were seen; nothing when too few were,
/// or the beginning was not.
std::vector<double> course_of(const EventOutcome& outcome, double peak) {
  std::vector<double> course;
  int last_seen = -1;
  int seen = 0;
  for (int bin = 0; bin < static_cast<int>(outcome.uplift.size()); ++bin) {
    if (outcome.uplift[bin] < 0) continue;
    const double share = std::min(1.0, outcome.uplift[bin] / peak);
    const double before = last_seen < 0 ? 0 : course.back();
    for (int gap = last_seen + 1; gap < bin; ++gap) {
      course.push_back(before + (share - before) * (gap - last_seen) / (bin - last_seen));
    }
    course.push_back(share);
    last_seen = bin;
    ++seen;
  }
  return seen < kFewestBins ? std::vector<double>{} : course;
}

/// The mean over the events remembered, this one among them; bins that only some reached are the
/// mean of those.
void add_course(LearnedClass& learned, const std::vector<double>& course) {
  const auto before = static_cast<double>(
      std::min<std::int64_t>(learned.events - 1, LearnedClass::kMostEvents - 1));
  auto& profile = learned.profile;
  for (std::size_t bin = 0; bin < course.size(); ++bin) {
    if (bin == profile.size()) {
      profile.push_back(course[bin]);
    } else {
      profile[bin] += (course[bin] - profile[bin]) / (before + 1);
    }
  }
}

/// A mean of ln(uplift) with its spread.
struct Belief {
  double mean = 0;
  double spread = 0;
};

Belief combined(const Belief& a, const Belief& b) {
  const double precision_a = 1 / (a.spread * a.spread);
  const double precision_b = 1 / (b.spread * b.spread);
  const double sum = precision_a + precision_b;
  return {(precision_a * a.mean + precision_b * b.mean) / sum, std::sqrt(1 / sum)};
}

/// What the other classes that `counts` says; each of their events counts once.
template <typename Counts>
std::optional<Belief> belief_of_others(const std::vector<EventClass>& classes, double between,
                                       Counts counts) {
  double events = 0;
  double mean = 0;
  double squares = 0;
  for (const EventClass& other : classes) {
    if (!counts(other)) continue;
    for (const PastEvent& event : other.learned.last_events) {
      const double log = std::log(event.uplift.count());
      const double off = log - mean;
      mean += off / ++events;
      squares += off * (log - mean);
    }
  }
  if (events == 0) return std::nullopt;
  return Belief{mean, std::sqrt(squares / events + between * between)};
}

std::optional<Belief> drawn_to(const EventClass& own, const std::vector<EventClass>& classes) {
  const auto other = [&](const EventClass& c) { return c.name != own.name; };
  const auto kin = [&](const EventClass& c) {
    return other(c) && !own.family.empty() && c.family == own.family;
  };
  auto belief = belief_of_others(classes, kFamilyDeviation, kin);
  if (!belief) belief = belief_of_others(classes, kStrangerDeviation, other);
  if (!own.prior_peak) return belief;
  const Belief opinion{std::log(own.prior_peak->count()), std::log(own.prior_spread)};
  return belief ? combined(*belief, opinion) : opinion;
}

/// The course of the class, else of another one of its family.
void set_profile(EventPrior& prior, const EventClass& own, const std::vector<EventClass>& classes) {
  const EventClass* told = &own;
  for (const EventClass& other : classes) {
    if (!told->learned.profile.empty()) break;
    if (!own.family.empty() && other.family == own.family) told = &other;
  }
  const auto& learned = told->learned;
  if (learned.profile.empty()) return;
  prior.profile = std::make_shared<const std::vector<double>>(learned.profile);
  const auto events = static_cast<double>(learned.last_events.size());
  prior.profile_events = told == &own ? events : std::min(1.0, events);
}

/// Nothing where nothing was learned.
std::shared_ptr<const std::vector<PastSize>> sizes_of(const LearnedClass& learned) {
  std::vector<PastSize> sizes;
  for (const auto* events : {&learned.last_events, &learned.earlier_events}) {
    for (const PastEvent& event : *events)
      sizes.push_back({event.start, std::log(event.uplift.count())});
  }
  if (sizes.empty()) return nullptr;
  return std::make_shared<const std::vector<PastSize>>(std::move(sizes));
}

}  // namespace

EventPrior EventPrior::scaled(double share) const {
  EventPrior part = *this;
  part.log_size += std::log(share);
  part.log_share += std::log(share);
  return part;
}

bool learn(LearnedClass& learned, const EventOutcome& outcome) {
  const double peak = peak_of(outcome);
  if (!(peak >= kFewestViewers)) return false;
  if (PastEvent* known = find(learned, outcome)) {
    if (known->uplift.count() >= kInPart * peak) return false;
    known->uplift = Viewers{peak};
    return true;
  }
  if (too_old(learned, outcome.start)) return false;
  const bool forgotten = may_be_forgotten(learned, outcome.start);
  remember(learned, {outcome.name, outcome.start, Viewers{peak}});
  if (forgotten) return true;
  ++learned.events;
  add_course(learned, course_of(outcome, peak));
  return true;
}

LogSize log_size(const LearnedClass& learned) {
  LogSize size;
  double count = 0;
  double squares = 0;
  for (const PastEvent& event : learned.last_events) {
    const double log = std::log(event.uplift.count());
    const double off = log - size.mean;
    size.mean += off / ++count;
    squares += off * (log - size.mean);
  }
  if (count >= 2) size.deviation = std::sqrt(squares / (count - 1));
  return size;
}

std::optional<EventPrior> expected_of(std::string_view event_class,
                                      const std::vector<EventClass>& classes) {
  const auto own = std::ranges::find(classes, event_class, &EventClass::name);
  if (own == classes.end()) return std::nullopt;
  const auto start = drawn_to(*own, classes);
  const auto n = static_cast<double>(own->learned.last_events.size());
  if (!start && n == 0) return std::nullopt;
  EventPrior prior{.degrees = kPriorDegrees + static_cast<int>(n)};
  if (n == 0) {
    prior.log_size = start->mean;
    prior.spread = start->spread;
  } else {
    const LogSize seen = log_size(own->learned);
    const double squares = seen.deviation * seen.deviation * (n - 1);
    const double variance = (squares + 2 * kClassDeviation * kClassDeviation) / (n + 1);
    const double w =
        start ? kClassDeviation * kClassDeviation / (start->spread * start->spread) : 0;
    prior.log_size = (n * seen.mean + (start ? w * start->mean : 0)) / (n + w);
    prior.spread = std::sqrt(variance * (1 + 1 / n));
  }
  prior.past = sizes_of(own->learned);
  set_profile(prior, *own, classes);
  return prior;
}

KnownClass known_class(std::string_view event_class, const std::vector<EventClass>& classes) {
  const auto own = std::ranges::find(classes, event_class, &EventClass::name);
  if (own == classes.end()) return {};
  return {
      .prior = expected_of(event_class, classes), .ramp_up = own->ramp_up, .overrun = own->overrun};
}

}  // namespace edgetide::model
