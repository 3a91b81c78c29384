#pragma once

#include "telemetry/builders.h"
#include "telemetry/metrics.h"

namespace edgetide::telemetry {

/// Every family of metrics, with its name and its words.
struct Metrics::Families {
  explicit Families(prometheus::Registry& r)
      : demand(gauge(r, "edgetide_pool_demand_viewers", "Viewers as last read.")),
        demand_time(gauge(r, "edgetide_pool_demand_timestamp_seconds",
                          "When the last read number of viewers was true.")),
        demand_fresh(gauge(r, "edgetide_pool_demand_fresh",
                           "1 while the viewers are known and young enough to act on.")),
        peak(gauge(r, "edgetide_pool_forecast_peak_viewers",
                   "Highest demand within the decision's window, at the confidence asked for.")),
        median(gauge(r, "edgetide_pool_forecast_median_viewers",
                     "Highest demand within the decision's window, as likely above as below.")),
        desired(gauge(r, "edgetide_pool_desired_replicas", "Replicas that the plan asks for.")),
        specified(
            gauge(r, "edgetide_pool_specified_replicas", "Replicas that the target asks for.")),
        ready(gauge(r, "edgetide_pool_ready_replicas", "Replicas that serve.")),
        starting(gauge(r, "edgetide_pool_starting_replicas",
                       "Replicas that were ordered and do not serve yet.")),
        spare(gauge(r, "edgetide_pool_spare_viewers",
                    "Viewers that the domain could still take in beyond its reserve.")),
        reserve_missing(gauge(r, "edgetide_pool_reserve_missing_replicas",
                              "Ready replicas that the domain lacks of its part of the reserve.")),
        shortfall(gauge(r, "edgetide_capacity_shortfall_replicas",
                        "Replicas that will be needed and cannot be had; 0 when none.")),
        condition(gauge(r, "edgetide_pool_condition",
                        "1 for the status that the condition has: True, False or Unknown.")),
        contended(gauge(r, "edgetide_pool_contended",
                        "1 while somebody else keeps lowering the pool's targets.")),
        mass_change(gauge(r, "edgetide_pool_mass_change",
                          "1 while many pools of the source want less at once, or lately did.")),
        confidence(gauge(r, "edgetide_pool_confidence_ratio",
                         "Coverage asked for of the highest demand in the decision's window.")),
        coverage(gauge(r, "edgetide_forecast_coverage_ratio",
                       "Share of windows, over about a week, whose highest demand stayed within "
                       "what was forecast at the confidence asked for.")),
        pinball(gauge(r, "edgetide_forecast_pinball_loss_viewers",
                      "Mean pinball loss at the confidence asked for, over about a day; lower is "
                      "better.")),
        outweighed(gauge(r, "edgetide_forecast_outweighed",
                         "1 while a naive forecaster has done better for a day and has the larger "
                         "say.")),
        judged(counter(r, "edgetide_pool_judged_seconds_total",
                       "Time in which demand and Ready replicas were known.")),
        short_for(counter(r, "edgetide_pool_short_seconds_total",
                          "Time of it in which demand was above what Ready replicas carry.")),
        decided(counter(r, "edgetide_decisions_total", "Plans made, by action.")),
        writes(counter(r, "edgetide_scale_writes_total", "Writes to scale targets, by result.")),
        violations(counter(r, "edgetide_plan_violations_total",
                           "Plans that broke a promise and were replaced by holding: a bug.")),
        verbs(prometheus::BuildHistogram()
                  .Name("edgetide_reconcile_verb_duration_seconds")
                  .Help("Time that each step of a reconcile took.")
                  .Register(r)),
        spec_problems(gauge(r, "edgetide_pool_spec_problems",
                            "What is wrong with the pool as it is written; 0 when nothing is.")),
        store_healthy(gauge(r, "edgetide_store_healthy",
                            "1 while what is learned and decided is kept on disk.")),
        calendar_ready(gauge(r, "edgetide_event_calendar_ready",
                             "1 when the EventCalendar could be read when last looked at; at 0 its "
                             "last good copy holds.")),
        leader(gauge(r, "edgetide_leader", "1 on the replica that acts.")),
        build(gauge(r, "edgetide_build_info", "1, with the version as a label.")) {}

  prometheus::Family<prometheus::Gauge>&demand, &demand_time, &demand_fresh, &peak, &median,
      &desired, &specified, &ready, &starting, &spare, &reserve_missing, &shortfall, &condition,
      &contended, &mass_change, &confidence, &coverage, &pinball, &outweighed;
  prometheus::Family<prometheus::Counter>&judged, &short_for, &decided, &writes, &violations;
  prometheus::Family<prometheus::Histogram>& verbs;
  prometheus::Family<prometheus::Gauge>&spec_problems, &store_healthy, &calendar_ready, &leader,
      &build;
};

}  // namespace edgetide::telemetry
