#include "edgetide/planning/capacity_outlook.h"

#include <algorithm>

#include "edgetide/sizing/unknown_loads.h"
#include "outlook_judge.h"
#include "shortfall_words.h"

namespace edgetide::planning {
namespace {

constexpr Seconds kBridged{3600};
constexpr std::size_t kMostTold = 8;

std::optional<BitsPerSecond> egress_of(Viewers viewers, const OutlookInputs& inputs) {
  const auto& seen = inputs.observation.demand.viewers;
  const auto& egress = inputs.observation.demand.egress;
  if (!inputs.pool.capacity.egress || !egress || !egress->fresh()) return std::nullopt;
  if (!seen.fresh() || seen.value <= 0) return std::nullopt;
  return BitsPerSecond{egress->value / seen.value * viewers.count()};
}

model::ShortfallAhead shortfall_of(std::span<const OutlookStep> steps, const OutlookInputs& inputs,
                                   Instant now) {
  const OutlookStep& peak = *std::ranges::max_element(steps, {}, &OutlookStep::missing);
  const Instant start = std::max(now, steps.front().at);
  model::ShortfallAhead shortfall{.start = start,
                                  .peak = std::max(now, peak.at),
                                  .end = steps.back().at + kOutlookStep,
                                  .viewers = peak.short_of,
                                  .egress = egress_of(peak.short_of, inputs),
                                  .required = peak.required,
                                  .available = peak.available,
                                  .event = std::string(peak.event),
                                  .cause = peak.cause,
                                  .act_by = start - inputs.pool.lead_time - inputs.review};
  shortfall.detail = shortfall_text(shortfall, peak.viewers, inputs, now);
  return shortfall;
}

/// Steps that miss something, cut where more than an hour lies between two of them.
std::vector<model::ShortfallAhead> shortfalls_in(std::span<const OutlookStep> missing,
                                                 const OutlookInputs& inputs, Instant now) {
  std::vector<model::ShortfallAhead> told;
  std::size_t first = 0;
  for (std::size_t next = 1; next <= missing.size() && told.size() < kMostTold; ++next) {
    if (next < missing.size() && missing[next].at - missing[next - 1].at <= kOutlookStep + kBridged)
      continue;
    told.push_back(shortfall_of(missing.subspan(first, next - first), inputs, now));
    first = next;
  }
  return told;
}

/// Limits and loads that are not known.
std::string unknown_of(const OutlookInputs& inputs) {
  const std::string& room = inputs.observation.room.unknown;
  const std::string loads =
      text_of(sizing::unknown_loads(inputs.pool.capacity, inputs.observation.demand));
  return room + (room.empty() || loads.empty() ? "" : "; ") + loads;
}

}  // namespace

std::optional<model::CapacityOutlook> capacity_outlook(const OutlookInputs& inputs,
                                                       std::span<const forecast::DayAhead> demand,
                                                       Instant now) {
  if (demand.empty()) return std::nullopt;
  OutlookJudge judge(inputs, now);
  model::CapacityOutlook outlook{.until = demand.back().at + kOutlookStep,
                                 .unknown = unknown_of(inputs)};
  std::vector<OutlookStep> missing;
  judge.see(demand);
  for (std::size_t i = 0; i < demand.size(); ++i) {
    auto step = judge.judge(demand[i], i);
    if (!step) return std::nullopt;
    if (step->required > outlook.most.required)
      outlook.most = {step->at, step->viewers, step->required, step->available};
    if (step->missing() > Replicas{0}) missing.push_back(std::move(*step));
  }
  outlook.shortfalls = shortfalls_in(missing, inputs, now);
  return outlook;
}

std::optional<model::CapacityOutlook> capacity_outlook(const OutlookInputs& inputs,
                                                       const forecast::ForecastState& state,
                                                       const model::UtcOffsets& offsets,
                                                       Instant now) {
  const auto& pool = inputs.pool;
  const auto demand = forecast::days_ahead(state,
                                           {.now = now,
                                            .length = inputs.length,
                                            .step = kOutlookStep,
                                            .window = pool.lead_time + inputs.review,
                                            .confidence = pool.confidence,
                                            .confidence_after_loss = pool.redundancy.confidence},
                                           {inputs.calendar, offsets, pool.confidence});
  return capacity_outlook(inputs, demand, now);
}

}  // namespace edgetide::planning
