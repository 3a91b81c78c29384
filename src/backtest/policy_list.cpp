#include "edgetide/backtest/policy_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "edgetide/core/nearest.h"
#include "edgetide_policy.h"
#include "peers.h"

namespace edgetide::backtest {
namespace {

const std::vector<double> kConfidences{50,   60, 70,   80,   85,   90,   93,   95,    97,    98,
                                       98.5, 99, 99.3, 99.5, 99.7, 99.8, 99.9, 99.95, 99.97, 99.99};
const std::vector<double> kTargets{1,   .97, .94, .91, .88, .84, .8,  .75, .7,  .65, .6,
                                   .55, .5,  .45, .4,  .35, .3,  .25, .2,  .15, .1};
const std::vector<double> kFactors{.3, .4, .5, .6, .7, .8, .9, 1, 1.2, 1.5, 2, 3};
const std::vector<double> kSurges{.05, .1, .15, .2, .3, .4, .5, .7, 1, 1.4, 2};

/// The number as short as it reads back.
std::string number_text(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.begin(), buffer.end(), number);
  return {buffer.data(), end};
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

double value_of(const Knobs& knobs, const std::string& name, double usual) {
  const auto knob = knobs.find(name);
  return knob == knobs.end() ? usual : knob->second;
}

double confidence_of(const World& world, const Knobs& knobs) {
  return value_of(knobs, "confidence", 100 * world.pool.confidence) / 100;
}

Knob confidence_knob() {
  return {.name = "confidence",
          .help = "percent of windows whose peak is to be covered; without it the pool's",
          .least = 50,
          .most = 99.999,
          .usual = std::nullopt};
}

Knob target_knob(double usual) {
  return {.name = "target",
          .help = "share of a replica's capacity that is to be used",
          .least = .01,
          .most = 1,
          .usual = usual};
}

/// A policy whose only knob is its target.
PolicyKind by_target(std::string name, std::string help, double usual,
                     std::unique_ptr<Policy> (*make)(const World&, double)) {
  return {.name = std::move(name),
          .help = std::move(help),
          .knobs = {target_knob(usual)},
          .curve = kTargets,
          .make = [make, usual](const World& world, const Knobs& knobs) {
            return make(world, value_of(knobs, "target", usual));
          }};
}

std::vector<PolicyKind> make_kinds() {
  return {
      {.name = "edgetide",
       .help = "the operator's planner with all its guards",
       .knobs = {confidence_knob()},
       .curve = kConfidences,
       .make =
           [](const World& world, const Knobs& knobs) {
             return edgetide_policy(world, confidence_of(world, knobs));
           }},
      {.name = "forecast",
       .help = "its forecast alone: the window's peak, without planner and guards",
       .knobs = {confidence_knob(),
                 {.name = "hold",
                  .help = "minutes that a need counts on",
                  .least = 0,
                  .most = 60,
                  .usual = 2}},
       .curve = kConfidences,
       .make =
           [](const World& world, const Knobs& knobs) {
             return forecast_policy(world, confidence_of(world, knobs),
                                    static_cast<int>(value_of(knobs, "hold", 2)));
           }},
      by_target("hpa", "Kubernetes' HPA v2 with its defaults", .6, hpa_policy),
      {.name = "hpa60",
       .help = "an HPA at 60 %; in `simulate` it looks every 15 s, as Kubernetes' own does",
       .knobs = {},
       .curve = {},
       .make = [](const World& world, const Knobs&) { return hpa_policy(world, .6); }},
      by_target("kpa", "Knative's autoscaler: a minute's mean, with panic", .7, kpa_policy),
      {.name = "keda",
       .help = "KEDA: a Prometheus trigger through an HPA, and cron around announced events",
       .knobs = {target_knob(.6),
                 {.name = "factor",
                  .help = "of the last like event's peak, from half an hour before until its end",
                  .least = 0,
                  .most = 10,
                  .usual = 1},
                 {.name = "fallback",
                  .help = "replicas while the source is silent; 0 leaves what stands",
                  .least = 0,
                  .most = 100'000,
                  .usual = 0}},
       .curve = kTargets,
       .make =
           [](const World& world, const Knobs& knobs) {
             return keda_policy(world, value_of(knobs, "target", .6), value_of(knobs, "factor", 1),
                                Replicas{static_cast<int>(value_of(knobs, "fallback", 0))});
           }},
      by_target("phpa", "the predictive HPA: Holt and Winters on an HPA's own replicas", .6,
                predictive_hpa_policy),
      by_target("cloud", "a cloud's predictive scaling, by the hour, beside target tracking", .6,
                cloud_policy),
      by_target("reaction", "what the last value needs, at once", 1, reaction_policy),
      by_target("lastweek", "an HPA, or last week's demand half an hour early", .6,
                last_week_policy),
      {.name = "surge",
       .help = "the last value and a buffer for the largest surge of the last day",
       .knobs = {{.name = "factor",
                  .help = "buffer in largest surges within a lead time",
                  .least = 0,
                  .most = 10,
                  .usual = 1}},
       .curve = kSurges,
       .make =
           [](const World& world, const Knobs& knobs) {
             return surge_policy(world, value_of(knobs, "factor", 1));
           }},
      {.name = "schedule",
       .help = "evenings and other hours as large as the two weeks before needed",
       .knobs = {{.name = "factor",
                  .help = "of what was needed at most",
                  .least = .01,
                  .most = 10,
                  .usual = 1}},
       .curve = kFactors,
       .make =
           [](const World& world, const Knobs& knobs) {
             return schedule_policy(world, value_of(knobs, "factor", 1));
           }},
      {.name = "clairvoyant",
       .help = "knows the viewers to come, not the faults: the cheapest fleet that is short only "
               "by these",
       .knobs = {},
       .curve = {},
       .make = [](const World& world, const Knobs&) { return clairvoyant_policy(world); }},
  };
}

Error wrong(std::string message) {
  return {.code = ErrorCode::kInvalid, .message = std::move(message)};
}

/// The parts between separators, empty ones included.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "'hpaa' is not one of a, b, c; did you mean hpa?"
Error unknown(std::string_view what, std::string_view name, const std::vector<std::string>& known) {
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  const auto best = nearest(name, known);
  return wrong(std::string(what) + " '" + std::string(name) + "' is not one of " + list +
               (best ? "; did you mean " + *best + "?" : ""));
}

/// Adds "target=0.6" to the choice.
Result<void> read_knob(PolicyChoice& choice, std::string_view text) {
  const auto equals = text.find('=');
  const std::string name(text.substr(0, equals));
  const auto knob = std::ranges::find(choice.kind->knobs, name, &Knob::name);
  if (knob == choice.kind->knobs.end()) {
    if (choice.kind->knobs.empty()) return wrong(choice.kind->name + " has nothing to set");
    std::vector<std::string> names;
    for (const Knob& one : choice.kind->knobs) names.push_back(one.name);
    return unknown(choice.kind->name + ":", name, names);
  }
  const auto value_text = equals == std::string_view::npos ? "" : text.substr(equals + 1);
  const auto value = number_of(value_text);
  if (!value || *value < knob->least || *value > knob->most) {
    return wrong(choice.kind->name + ": " + name + " '" + std::string(value_text) +
                 "' is not a number from " + number_text(knob->least) + " to " +
                 number_text(knob->most));
  }
  if (!choice.knobs.emplace(name, *value).second) {
    return wrong(choice.kind->name + ": " + name + " is given twice");
  }
  return {};
}

}  // namespace

const std::vector<PolicyKind>& policy_kinds() {
  static const std::vector<PolicyKind> kinds = make_kinds();
  return kinds;
}

std::unique_ptr<Policy> PolicyChoice::make(const World& world) const {
  return kind->make(world, knobs);
}

std::string PolicyChoice::text() const {
  std::string text = kind->name;
  for (const Knob& knob : kind->knobs) {
    const auto value = knobs.find(knob.name);
    if (value != knobs.end()) text += ":" + knob.name + "=" + number_text(value->second);
  }
  return text;
}

Result<std::vector<PolicyChoice>> parse_policies(std::string_view text) {
  std::vector<PolicyChoice> choices;
  for (const std::string_view policy : split(text, ',')) {
    const auto parts = split(without_blanks(policy), ':');
    const auto kind = std::ranges::find(policy_kinds(), parts.front(), &PolicyKind::name);
    if (kind == policy_kinds().end()) {
      std::vector<std::string> names;
      for (const PolicyKind& one : policy_kinds()) names.push_back(one.name);
      return unknown("policy", parts.front(), names);
    }
    PolicyChoice choice{.kind = &*kind, .knobs = {}};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (auto read = read_knob(choice, parts[i]); !read.ok()) return read.error();
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

std::vector<PolicyChoice> along_curve(const PolicyChoice& choice) {
  if (choice.kind->curve.empty()) return {choice};
  std::vector<PolicyChoice> choices;
  for (const double value : choice.kind->curve) {
    choices.push_back(choice);
    choices.back().knobs[choice.kind->knobs.front().name] = value;
  }
  return choices;
}

}  // namespace edgetide::backtest
