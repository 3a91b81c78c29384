#include "simulation/told.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace edgetide::simulation {
namespace {

/// Reports no farther apart are of one shortfall, and of one time that nothing was known.
constexpr Seconds kSameShortfall{120};
/// So are those of a reserve that is there now and then.
constexpr Seconds kSameReserve{600};
/// What is told for less beside another cause is no shortfall of its own.
constexpr Seconds kPassing{120};
/// A cause that returns so soon has never ceased.
constexpr Seconds kBackAndForth{300};

struct Stretch {
  std::vector<ToldShortfall> of;  ///< By time.

  [[nodiscard]] Seconds lasts() const { return of.back().to - of.front().from; }
  [[nodiscard]] bool reaches(const ToldShortfall& next) const {
    return next.from - of.back().to <= kSameShortfall;
  }
  /// When that cause was told last; nothing where it was not.
  [[nodiscard]] const ToldShortfall* last_of(const std::string& cause) const {
    const auto last =
        std::find_if(of.rbegin(), of.rend(), [&](const auto& one) { return one.cause == cause; });
    return last == of.rend() ? nullptr : &*last;
  }
};

/// Whether that cause has been told a little before.
bool returns(const Stretch& stretch, const ToldShortfall& next) {
  const auto* last = stretch.last_of(next.cause);
  return last != nullptr && next.from - last->to <= kBackAndForth;
}

std::vector<Stretch> joined(const std::vector<ToldShortfall>& told) {
  std::vector<Stretch> stretches;
  for (const ToldShortfall& one : told) {
    const std::size_t size = stretches.size();
    if (size > 1 && stretches.back().reaches(one) &&
        stretches[size - 2].reaches(stretches.back().of.front()) &&
        returns(stretches[size - 2], one)) {
      auto& before = stretches[size - 2].of;
      std::ranges::move(stretches.back().of, std::back_inserter(before));
      stretches.pop_back();
      before.push_back(one);
    } else if (size > 0 && stretches.back().reaches(one) &&
               (returns(stretches.back(), one) || stretches.back().lasts() < kPassing ||
                one.to - one.from < kPassing)) {
      stretches.back().of.push_back(one);
    } else {
      stretches.push_back({{one}});
    }
  }
  return stretches;
}

std::vector<std::string> causes_of(const Stretch& stretch) {
  struct Cause {
    std::string name;
    std::size_t looks = 0;
  };
  std::vector<Cause> causes;
  for (const ToldShortfall& one : stretch.of) {
    auto cause = std::ranges::find(causes, one.cause, &Cause::name);
    if (cause == causes.end()) cause = causes.insert(cause, {one.cause, 0});
    cause->looks += one.looks;
  }
  std::ranges::stable_sort(causes, std::ranges::greater{}, &Cause::looks);
  std::vector<std::string> names;
  for (Cause& cause : causes) names.push_back(std::move(cause.name));
  return names;
}

}  // namespace

void note_shortfall(std::vector<ToldShortfall>& told, Instant now,
                    const model::PlanReport& report) {
  if (!report.shortfall) return;
  const auto& [required, granted, due, cause, detail] = *report.shortfall;
  const bool goes_on =
      !told.empty() && told.back().cause == cause && now - told.back().to <= kSameShortfall;
  if (!goes_on)
    told.push_back({.from = now, .to = now, .missing = {}, .cause = cause, .detail = detail});
  ToldShortfall& last = told.back();
  last.to = now;
  ++last.looks;
  if (required - granted <= last.missing) return;
  last.missing = required - granted;
  last.detail = detail;
}

std::vector<ShortfallStretch> stretches_of(const std::vector<ToldShortfall>& told) {
  std::vector<ShortfallStretch> stretches;
  for (const Stretch& stretch : joined(told)) {
    const auto& worst = *std::ranges::max_element(stretch.of, {}, &ToldShortfall::missing);
    stretches.push_back({.from = stretch.of.front().from,
                         .to = stretch.of.back().to,
                         .missing = worst.missing,
                         .causes = causes_of(stretch),
                         .detail = worst.detail});
  }
  return stretches;
}

void note_missing_reserve(std::vector<MissingReserve>& told, Instant now,
                          const model::PlanReport& report) {
  if (model::condition(report, "RedundancyMet").status != model::ConditionStatus::kFalse) return;
  const bool goes_on = !told.empty() && now - told.back().to <= kSameReserve;
  if (!goes_on) told.push_back({.from = now, .to = now, .missing = {}, .parts = {}});
  MissingReserve& last = told.back();
  last.to = now;
  const Replicas missing = model::total(report.reserve_missing);
  if (missing <= last.missing) return;
  last.missing = missing;
  last.parts.clear();
  const auto domains = model::failure_domains(report.observation);
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (report.reserve_missing[i] == Replicas{0}) continue;
    last.parts.push_back({domains[i].name, report.reserve_missing[i]});
  }
}

void note_unknown_reserve(std::vector<UnknownReserve>& told, Instant now,
                          const model::PlanReport& report) {
  const auto& met = model::condition(report, "RedundancyMet");
  if (met.status != model::ConditionStatus::kUnknown) return;
  const auto unread = model::unread_domains(report.observation);
  const bool goes_on = !told.empty() && told.back().reason == met.reason &&
                       told.back().unread == unread && now - told.back().to <= kSameShortfall;
  if (!goes_on) told.push_back({now, now, met.reason, unread});
  told.back().to = now;
}

}  // namespace edgetide::simulation
