#include <algorithm>
#include <chrono>
#include <utility>

#include "edgetide/backtest/policy_list.h"
#include "edgetide_policy.h"
#include "peers.h"

/// Every policy with its knobs: those of the original, with its published defaults.
namespace edgetide::backtest {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weeks;

const std::vector<double> kConfidences{50,   60, 70,   80,   85,   90,   93,   95,    97,    98,
                                       98.5, 99, 99.3, 99.5, 99.7, 99.8, 99.9, 99.95, 99.97, 99.99};
const std::vector<double> kTargets{1,   .97, .94, .91, .88, .84, .8,  .75, .7,  .65, .6,
                                   .55, .5,  .45, .4,  .35, .3,  .25, .2,  .15, .1};
const std::vector<double> kFactors{.3, .4, .5, .6, .7, .8, .9, 1, 1.2, 1.5, 2, 3};
const std::vector<double> kSurges{.05, .1, .15, .2, .3, .4, .5, .7, 1, 1.4, 2};

using List = std::vector<Knob>;

List operator+(List knobs, const List& more) {
  knobs.insert(knobs.end(), more.begin(), more.end());
  return knobs;
}

/// \pre all that have a usual value are there
template <typename Unit>
Unit amount(const Knobs& knobs, const char* name) {
  return Unit{static_cast<int>(knobs.at(name))};
}

double confidence_of(const World& world, const Knobs& knobs) {
  const auto knob = knobs.find("confidence");
  return knob == knobs.end() ? world.pool.confidence : knob->second / 100;
}

Knob confidence_knob() {
  return {.name = "confidence",
          .help = "percent of windows whose peak is to be covered; without it the pool's",
          .least = 50,
          .most = 99.999,
          .usual = std::nullopt};
}

Knob target_knob(double usual) {
  return {"target", "share of a replica's capacity that is to be used", .01, 1, usual};
}

Knob factor_knob(const char* help, double least = 0) { return {"factor", help, least, 10, 1}; }

/// Of an HPA, and of what stands on one: its tolerance, its rules and how often it syncs.
List hpa_knobs() {
  return {
      target_knob(.6),
      {"tolerance", "of the ratio of load to target, within which nothing changes", 0, 1, .1},
      {"downwindow", "scaleDown.stabilizationWindowSeconds", 0, 3600, 300},
      {"downpercent", "that scaleDown may take in a period", 0, 100, 100},
      {"downpods", "the same in pods; the one that takes more counts", 0, 100'000, 0},
      {"downperiod", "seconds", 1, 1800, 15},
      {"upwindow", "scaleUp.stabilizationWindowSeconds", 0, 3600, 0},
      {"uppercent", "that scaleUp may add in a period", 0, 100'000, 100},
      {"uppods", "the same in pods; the one that adds more counts", 0, 100'000, 4},
      {"upperiod", "seconds", 1, 1800, 15},
      {"sync", "seconds between two looks, of which a minute's are taken at once", 1, 3600, 15}};
}

HpaSettings hpa_of(const Knobs& knobs) {
  const auto rules = [&](const std::string& way) {
    return HpaRules{.window = amount<Seconds>(knobs, (way + "window").c_str()),
                    .percent = knobs.at(way + "percent"),
                    .pods = amount<Replicas>(knobs, (way + "pods").c_str()),
                    .period = amount<Seconds>(knobs, (way + "period").c_str())};
  };
  return {.target = Ratio{knobs.at("target")},
          .tolerance = knobs.at("tolerance"),
          .up = rules("up"),
          .down = rules("down"),
          .sync = amount<Seconds>(knobs, "sync")};
}

PolicyKind hpa_kind() {
  return {"hpa", "Kubernetes' HPA v2 with its defaults", hpa_knobs(), kTargets,
          [](const World& world, const Knobs& knobs) { return hpa_policy(world, hpa_of(knobs)); }};
}

PolicyKind kpa_kind() {
  return {
      "kpa",
      "Knative's autoscaler: a minute's mean, with panic",
      {target_knob(.7),
       {"window", "stable-window in seconds; of less than a minute the newest value", 6, 3600, 60},
       {"panicwindow", "panic-window-percentage of the stable one", 1, 100, 10},
       {"panic", "panic-threshold-percentage of what stands", 110, 1000, 200}},
      kTargets,
      [](const World& world, const Knobs& knobs) {
        return kpa_policy(world, {.target = knobs.at("target"),
                                  .window = amount<Seconds>(knobs, "window"),
                                  .panic_window = knobs.at("panicwindow") / 100,
                                  .panic = knobs.at("panic") / 100});
      }};
}

PolicyKind keda_kind() {
  return {"keda", "KEDA: a Prometheus trigger through an HPA, and cron around announced events",
          hpa_knobs() +
              List{factor_knob("of the last like event's peak, while the cron trigger is on"),
                   {"before", "minutes before an event's start, from when it is on", 0, 1440, 30},
                   {"after", "minutes after an event's end, until when it is on", 0, 1440, 0},
                   {"fallback", "replicas while the source is silent; 0 leaves what stands", 0,
                    100'000, 0},
                   {"poll", "pollingInterval in seconds", 1, 3600, 30},
                   {"failures", "failureThreshold in polls, before the fallback", 1, 1000, 3}},
          kTargets, [](const World& world, const Knobs& knobs) {
            return keda_policy(world, {.hpa = hpa_of(knobs),
                                       .factor = knobs.at("factor"),
                                       .before = amount<minutes>(knobs, "before"),
                                       .after = amount<minutes>(knobs, "after"),
                                       .fallback = amount<Replicas>(knobs, "fallback"),
                                       .poll = amount<Seconds>(knobs, "poll"),
                                       .failures = amount<int>(knobs, "failures")});
          }};
}

PolicyKind phpa_kind() {
  return {"phpa", "the predictive HPA: Holt and Winters on an HPA's own replicas",
          hpa_knobs() + List{{"alpha", "smoothing of the level", 0, 1, .5},
                             {"beta", "smoothing of the trend", 0, 1, .01},
                             {"gamma", "smoothing of the season", 0, 1, .3},
                             {"season", "its length in hours", 1, 168, 24},
                             {"step", "minutes between two values", 1, 60, 5}},
          kTargets, [](const World& world, const Knobs& knobs) {
            return predictive_hpa_policy(world, {.hpa = hpa_of(knobs),
                                                 .alpha = knobs.at("alpha"),
                                                 .beta = knobs.at("beta"),
                                                 .gamma = knobs.at("gamma"),
                                                 .season = amount<hours>(knobs, "season"),
                                                 .step = amount<minutes>(knobs, "step")});
          }};
}

PolicyKind cloud_kind() {
  return {"cloud",
          "a cloud's predictive scaling, by the hour, beside target tracking",
          {target_knob(.6),
           {"scales", "1 forecasts and scales, 0 forecasts only", 0, 1, 1},
           {"buffer", "SchedulingBufferTime in minutes", 0, 60, 5},
           {"history", "days that the forecast is made from", 2, 14, 14},
           {"out", "minutes above the target until tracking raises", 1, 60, 3},
           {"in", "minutes below nine tenths of it until tracking lowers", 1, 60, 15}},
          kTargets,
          [](const World& world, const Knobs& knobs) {
            return cloud_policy(world, {.target = knobs.at("target"),
                                        .scales = knobs.at("scales") >= .5,
                                        .buffer = amount<minutes>(knobs, "buffer"),
                                        .history = amount<days>(knobs, "history"),
                                        .out = amount<int>(knobs, "out"),
                                        .in = amount<int>(knobs, "in")});
          }};
}

PolicyKind last_week_kind() {
  return {"lastweek",
          "an HPA, or last week's demand half an hour early",
          hpa_knobs() +
              List{factor_knob("of last week's demand", .01),
                   {"early", "minutes before it came then, and that it counts for", 1, 1440, 30},
                   {"back", "days", 1, 28, 7}},
          kTargets,
          [](const World& world, const Knobs& knobs) {
            return last_week_policy(world, {.hpa = hpa_of(knobs),
                                            .factor = knobs.at("factor"),
                                            .early = amount<minutes>(knobs, "early"),
                                            .back = amount<days>(knobs, "back")});
          },
          [](const Knobs& knobs) { return amount<days>(knobs, "back"); }};
}

PolicyKind surge_kind() {
  return {"surge",
          "the last value and a buffer for the largest surge of the last day",
          {factor_knob("buffer in largest surges within a lead time"),
           {"hold", "minutes that a need counts on", 1, 1440, 5},
           {"past", "hours in which the largest surge is looked for", 1, 672, 24}},
          kSurges,
          [](const World& world, const Knobs& knobs) {
            return surge_policy(world, {.factor = knobs.at("factor"),
                                        .hold = amount<minutes>(knobs, "hold"),
                                        .past = amount<hours>(knobs, "past")});
          }};
}

PolicyKind schedule_kind() {
  return {"schedule",
          "evenings and other hours as large as the two weeks before needed",
          {factor_knob("of what was needed at most", .01),
           {"from", "hour (UTC) at which an evening begins", 0, 24, 17},
           {"to", "hour (UTC) at which it ends", 0, 24, 24},
           {"weeks", "that were looked at", 1, 56, 2}},
          kFactors,
          [](const World& world, const Knobs& knobs) {
            return schedule_policy(world, {.factor = knobs.at("factor"),
                                           .evening_from = amount<hours>(knobs, "from"),
                                           .evening_to = amount<hours>(knobs, "to"),
                                           .past = amount<weeks>(knobs, "weeks")});
          },
          [](const Knobs& knobs) { return amount<weeks>(knobs, "weeks"); }};
}

PolicyKind edgetide_kind() {
  return {"edgetide",
          "the operator's planner with all its guards",
          {confidence_knob()},
          kConfidences,
          [](const World& world, const Knobs& knobs) {
            return edgetide_policy(world, confidence_of(world, knobs));
          }};
}

PolicyKind forecast_kind() {
  return {"forecast",
          "its forecast alone: the window's peak, without planner and guards",
          {confidence_knob(), {"hold", "minutes that a need counts on", 0, 60, 2}},
          kConfidences,
          [](const World& world, const Knobs& knobs) {
            return forecast_policy(world, confidence_of(world, knobs), amount<int>(knobs, "hold"));
          }};
}

PolicyKind hpa60_kind() {
  return {"hpa60",
          "an HPA at 60 %; in `simulate` it looks every 15 s, as Kubernetes' own does",
          {},
          {},
          [](const World& world, const Knobs&) { return hpa_policy(world, {}); }};
}

PolicyKind reaction_kind() {
  return {"reaction",
          "what the last value needs, at once",
          {target_knob(1)},
          kTargets,
          [](const World& world, const Knobs& knobs) {
            return reaction_policy(world, knobs.at("target"));
          }};
}

PolicyKind clairvoyant_kind() {
  return {"clairvoyant",
          "knows the viewers to come, not the faults: the cheapest fleet that is short only by "
          "these",
          {},
          {},
          [](const World& world, const Knobs&) { return clairvoyant_policy(world); }};
}

}  // namespace

const std::vector<PolicyKind>& policy_kinds() {
  static const std::vector<PolicyKind> kinds{
      edgetide_kind(), forecast_kind(), hpa_kind(),        hpa60_kind(),    kpa_kind(),
      keda_kind(),     phpa_kind(),     cloud_kind(),      reaction_kind(), last_week_kind(),
      surge_kind(),    schedule_kind(), clairvoyant_kind()};
  return kinds;
}

}  // namespace edgetide::backtest
