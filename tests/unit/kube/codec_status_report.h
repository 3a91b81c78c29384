#pragma once

#include <string>
#include <vector>

#include "edgetide/model/reasons.h"
#include "kube/status_codec.h"
#include "unit/kube/codec_cases.h"

/// A report with something in all of its parts, and what else statuses are told from.
namespace edgetide::kube {

using model::ConditionStatus;

inline Instant at(const std::string& text) { return parse_instant(text).value(); }

inline const Instant kNow = at("2026-12-05T19:20:00Z");

inline model::EdgePool pool() {
  model::EdgePool pool = decode_pool(read_kind("edgepools").full).value;
  pool.key = {"default", "told"};
  pool.generation = 7;
  return pool;
}

/// A decision with everything that a status can tell.
inline model::PlanReport report() {
  model::PlanReport report;
  report.pool = {"default", "told"};
  report.mode = model::Mode::kEnforce;
  report.at = kNow;
  report.observation.demand.viewers = {.freshness = model::Freshness::kStale,
                                       .value = 61'200.2,
                                       .at = at("2026-12-05T19:17:00Z"),
                                       .detail = "the newest sample is 180 s old"};
  report.observation.domains = {{.name = "eu-west-1a",
                                 .known = true,
                                 .specified = Replicas{20},
                                 .ready = Replicas{18},
                                 .starting = Replicas{2},
                                 .start_time = Seconds{95}},
                                {.name = "eu-west-1b",
                                 .known = true,
                                 .specified = Replicas{22},
                                 .ready = Replicas{22},
                                 .starting = Replicas{0}}};
  report.peak = {.stage = model::ForecastStage::kWeekly,
                 .median = Viewers{80'000},
                 .quantile = Viewers{98'000.3},
                 .at = at("2026-12-05T20:10:00Z"),
                 .event = "video/final"};
  report.sizing.basis = model::SizingBasis::kEvent;
  report.sizing.binding = model::Resource::kViewers;
  report.sizing.planned = Viewers{98'000.3};
  report.sizing.planned_after_loss = Viewers{90'000.2};
  report.sizing.of_arrivals = HandshakesPerSecond{1234.2};
  report.sizing.of_reconnects = HandshakesPerSecond{666.7};
  report.sizing.serving = Replicas{50};
  report.sizing.survivors = Replicas{52};
  report.verdicts = {{.guard = "bounds",
                      .before = Replicas{56},
                      .after = Replicas{52},
                      .reason = "MaximumReached",
                      .detail = "56 is above the maximum 52"}};
  report.plan.action = model::Action::kScaleUp;
  report.plan.domains = {{"eu-west-1a", Replicas{20}, Replicas{26}},
                         {"eu-west-1b", Replicas{22}, Replicas{26}}};
  report.shortfall = {.required = Replicas{56},
                      .granted = Replicas{52},
                      .at = at("2026-12-05T20:10:00Z"),
                      .cause = "MaximumReached",
                      .detail = "4 replicas are missing; raise spec.replicas.max to 56"};
  report.outlook = {.until = at("2026-12-07T19:20:00Z"),
                    .most = {.at = at("2026-12-06T20:00:00Z"),
                             .viewers = Viewers{120'000},
                             .required = Replicas{72},
                             .available = Replicas{52}},
                    .shortfalls = {{.start = at("2026-12-06T19:30:00Z"),
                                    .peak = at("2026-12-06T20:00:00Z"),
                                    .end = at("2026-12-06T21:45:00Z"),
                                    .viewers = Viewers{33'333.4},
                                    .egress = BitsPerSecond{2e11},
                                    .required = Replicas{72},
                                    .available = Replicas{52},
                                    .event = "video/replay",
                                    .cause = "MaximumReached",
                                    .act_by = at("2026-12-06T19:24:45Z"),
                                    .detail = "spec.replicas.max is 52: raise it to 72"}}};
  report.observation.demand.bitrate = BitsPerSecond{4'200'000.2};
  report.draws = {.for_viewers = BitsPerSecond{1e10},
                  .for_live = BitsPerSecond{2.4e9},
                  .for_cold_caches = BitsPerSecond{5e9}};
  report.drawn = {.for_viewers = BitsPerSecond{3e10},
                  .for_live = BitsPerSecond{0},
                  .for_cold_caches = BitsPerSecond{1e9}};
  report.spare_viewers = {Viewers{1234.9}, Viewers{0}};
  report.reserve_missing = {Replicas{0}, Replicas{24}};
  report.conditions = {{.type = "RedundancyMet",
                        .status = ConditionStatus::kFalse,
                        .reason = "MaximumReached",
                        .message = "the loss of eu-west-1a would leave 26 of 50"},
                       {.type = "DemandFresh",
                        .status = ConditionStatus::kFalse,
                        .reason = "Stale",
                        .message = "the newest sample is 180 s old"}};
  report.summary = "Raising from 42 to 52 for video/final; 4 replicas are missing at 20:10:00";
  return report;
}

inline ports::ActOutcome written(const model::PlanReport& report) {
  ports::ActOutcome outcome;
  for (const auto& domain : report.plan.domains) {
    outcome.writes.push_back({domain.name, domain.from, domain.to, {}});
  }
  return outcome;
}

inline json::Value encoded(const model::PlanReport& report, StatusRecord record = {},
                           const std::vector<std::string>& problems = {}) {
  const model::EdgePool told = pool();
  return encode_status({.pool = told, .report = report, .spec_problems = problems}, record);
}

/// Of dry run, as three hours of looks add up.
inline model::DryRunWorth three_hours() {
  return {.judged = Seconds{10'800},
          .standing = {.replica_seconds = 540'000,
                       .short_viewer_seconds = 1'260'000,
                       .short_for = Seconds{840}},
          .planned = {.replica_seconds = 432'000}};
}

}  // namespace edgetide::kube
