#include "report/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "edgetide/core/grouped.h"
#include "edgetide/model/rate_text.h"
#include "edgetide/model/summary.h"
#include "edgetide/model/unknown_spread.h"
#include "edgetide/model/window_peak.h"
#include "report/folding.h"
#include "report/time_text.h"

namespace edgetide::report {
namespace {

using Text = fmt::memory_buffer;

/// Before what a line has to say stands what it is about.
constexpr std::size_t kTitleColumns = 11;

template <typename... Args>
void line(Text& text, fmt::format_string<Args...> format, Args&&... args) {
  text.append(folded(fmt::format(format, std::forward<Args>(args)...), kTitleColumns));
}

/// The amount of a resource, with the unit of a rate.
std::string amount_text(model::Resource resource, double amount) {
  return resource == model::Resource::kEgress ? model::rate_text(BitsPerSecond{amount})
                                              : grouped(amount);
}

std::string reading_text(model::Resource resource, const model::Reading& reading, Instant now) {
  if (!reading.has_value()) return fmt::format("unknown: {}", reading.detail);
  const auto age = age_text(reading.at, now);
  const std::string amount = amount_text(resource, reading.value);
  if (reading.fresh()) return fmt::format("{} ({} old)", amount, age);
  return fmt::format("{} ({}, {} old: {})", amount, model::to_string(reading.freshness), age,
                     reading.detail);
}

void append_demand(Text& text, const model::PlanReport& report) {
  const auto& demand = report.observation.demand;
  using model::Resource;
  line(text, "Demand     viewers      {}",
       reading_text(Resource::kViewers, demand.viewers, report.at));
  const auto other = [&](Resource resource, const std::optional<model::Reading>& reading) {
    if (reading)
      line(text, "           {:<12} {}", model::to_string(resource),
           reading_text(resource, *reading, report.at));
  };
  other(Resource::kEgress, demand.egress);
  other(Resource::kRequests, demand.requests);
  other(Resource::kConnections, demand.connections);
  other(Resource::kHandshakes, demand.handshakes);
  if (demand.bitrate)
    line(text, "           {:<12} {} a viewer while the network is not congested", "bitrate",
         model::rate_text(*demand.bitrate));
}

void append_forecast(Text& text, const model::PlanReport& report) {
  const auto& peak = report.peak;
  const bool hardly_begun = peak.stage == model::ForecastStage::kNone;
  if (hardly_begun)
    line(text, "Forecast   {}: too little has been seen",
         model::has_numbers(peak) ? "may raise and not lower yet" : "none yet");
  if (!model::has_numbers(peak)) return;
  line(text, "{:<10} peak {} at the confidence asked for, {} as likely as not, at {}",
       hardly_begun ? "" : "Forecast", grouped(peak.quantile.count()), grouped(peak.median.count()),
       clock_text(peak.at));
  line(text, "           window to {}, with a lead time of {}; learned: {}",
       clock_text(peak.window_end), to_string(report.lead_time), model::to_string(peak.stage));
  if (!peak.event.empty()) {
    line(text, "           event {} brings {} of it{}", peak.event,
         grouped(peak.event_uplift.count()),
         peak.event_guessed ? ", a guess: no event like it is known, and nobody says how many it "
                              "brings (spec.expectedPeakViewers)"
                            : "");
  }
}

/// A line for each length of window: ours, and the naive forecasts' losses beside it.
void append_accuracy(Text& text, const model::PlanReport& report) {
  std::vector<std::string> lines;
  for (const auto& record : report.accuracy) {
    const std::string loss = grouped(record.pinball.count());
    if (record.forecaster == model::Forecaster::kEdgetide) {
      lines.push_back(fmt::format("{:<4} {:.2f} % covered, pinball loss {}",
                                  to_string(record.window), 100 * record.coverage.count(), loss));
    } else if (!lines.empty()) {
      lines.back() += fmt::format(", {} {}", model::to_string(record.forecaster), loss);
    }
  }
  const char* title = "Accuracy";
  for (const std::string& words : lines) {
    line(text, "{:<10} {}", title, words);
    title = "";
  }
}

void append_service(Text& text, const model::ServiceRecord& service) {
  if (service.judged <= Seconds{0}) return;
  const auto share =
      static_cast<double>(service.short_for.count()) / static_cast<double>(service.judged.count());
  line(text, "Service    above Ready capacity for {} of {}: {:.2f} %", to_string(service.short_for),
       to_string(service.judged), 100 * share);
}

void append_new_connections(Text& text, const model::Sizing& sizing) {
  if (sizing.of_arrivals.count() >= 0.5)
    line(text, "           {:<12} {} of them by viewers who arrive", "",
         grouped(sizing.of_arrivals.count()));
  if (sizing.of_reconnects.count() >= 0.5)
    line(text, "           {:<12} {} more, after a loss, by those who come back", "",
         grouped(sizing.of_reconnects.count()));
}

void append_sizing(Text& text, const model::PlanReport& report) {
  const auto& sizing = report.sizing;
  if (sizing.basis == model::SizingBasis::kHold) return;  // by a demand that nobody knows
  line(text, "Sizing     for {} viewers, by {}", grouped(sizing.planned.count()),
       model::to_string(sizing.basis));
  for (const auto& need : sizing.needs) {
    line(text, "           {:<12} {} / {} a replica = {} replicas{}",
         model::to_string(need.resource), amount_text(need.resource, need.load),
         amount_text(need.resource, need.usable_capacity), need.replicas.count(),
         need.resource == sizing.binding ? "  <- binding" : "");
    if (need.resource == model::Resource::kHandshakes) append_new_connections(text, sizing);
  }
  const bool loses = sizing.with_redundancy > sizing.survivors && !model::spread_unknown(report);
  line(text, "           serving {}, with redundancy {}{}", sizing.serving.count(),
       sizing.with_redundancy.count(),
       loses ? fmt::format(": a loss leaves {} for {} viewers", sizing.survivors.count(),
                           grouped(sizing.planned_after_loss.count()))
             : "");
  if (sizing.missing > Replicas{0}) {
    line(text, "           {} more are needed than the limits let stand", sizing.missing.count());
  }
}

void append_guards(Text& text, const model::PlanReport& report) {
  const char* title = "Guards";
  for (const auto& verdict : report.verdicts) {
    line(text, "{:<10} {:<14} {} -> {}  {}: {}", title, verdict.guard, verdict.before.count(),
         verdict.after.count(), verdict.reason, verdict.detail);
    title = "";
  }
  title = "Violations";
  for (const auto& violation : report.violations) {
    line(text, "{:<10} {}: {}", title, violation.rule, violation.detail);
    title = "";
  }
}

std::string spare_text(const model::PlanReport& report, std::size_t domain) {
  return domain < report.spare_viewers.size() ? grouped(report.spare_viewers[domain].count()) : "-";
}

void append_domains(Text& text, const model::PlanReport& report) {
  std::size_t width = 12;
  for (const auto& domain : report.plan.domains) width = std::max(width, domain.name.size());
  line(text, "Domains    {:<{}} {:>9} {:>6} {:>9} {:>8} {:>14}", "NAME", width, "SPECIFIED",
       "READY", "STARTING", "DESIRED", "SPARE VIEWERS");
  for (std::size_t i = 0; i < report.plan.domains.size(); ++i) {
    const auto& plan = report.plan.domains[i];
    const auto& seen = report.observation.domains[i];
    if (!seen.known) {
      line(text, "           {:<{}} unknown: {}", plan.name, width, seen.detail);
      continue;
    }
    line(text, "           {:<{}} {:>9} {:>6} {:>9} {:>8} {:>14}", plan.name, width,
         seen.specified.count(), seen.ready.count(), seen.starting.count(), plan.to.count(),
         seen.spread ? "" : spare_text(report, i));
    if (!seen.spread) continue;
    for (std::size_t part = 0; part < seen.spread->domains.size(); ++part) {
      const auto& [name, ready, cold, starting] = seen.spread->domains[part];
      line(text, "           {:<{}} {:>9} {:>6} {:>9} {:>8} {:>14}", fmt::format("  {}", name),
           width, "", ready.count(), starting.count(), "", spare_text(report, part));
    }
  }
}

void append_ahead(Text& text, const model::CapacityOutlook& outlook) {
  const char* title = "AHEAD";
  for (const auto& ahead : outlook.shortfalls) {
    line(text, "{:<10} {} to {}, {}: {}", title, to_string(ahead.start), to_string(ahead.end),
         ahead.cause, ahead.detail);
    title = "";
  }
  if (!outlook.shortfalls.empty() && !outlook.unknown.empty())
    line(text, "{:<10} {}", title, outlook.unknown);
}

/// A shortfall is told once, at the top.
std::string message_text(const model::PlanReport& report, const model::Condition& condition) {
  const bool told = condition.status == model::ConditionStatus::kTrue;
  if (told && report.shortfall &&
      (condition.type == "CapacityShortfall" || condition.message == report.shortfall->detail))
    return "see SHORTFALL";
  if (told && condition.type == "CapacityShortfallAhead" && report.outlook) return "see AHEAD";
  return condition.message;
}

void append_conditions(Text& text, const model::PlanReport& report) {
  const char* title = "Conditions";
  for (const auto& condition : report.conditions) {
    line(text, "{:<10} {:<22} {:<8} {}: {}", title, condition.type,
         model::to_string(condition.status), condition.reason, message_text(report, condition));
    title = "";
  }
}

/// "38 -> 39", and whose replicas nobody knows: "38 -> 39, zone-a ?".
std::string totals_text(const model::PlanReport& report) {
  const auto unread = model::unread_domains(report.observation);
  std::string text = unread.size() == report.observation.domains.size()
                         ? "? -> ?"
                         : fmt::format("{} -> {}", report.plan.total_from().count(),
                                       report.plan.total_to().count());
  for (const std::string& name : unread) text += fmt::format(", {} ?", name);
  return text;
}

/// The sentence without what the lines below tell with its times.
std::string decision_text(const model::PlanReport& report) {
  return std::string(model::without_what_is_ahead(report.summary));
}

}  // namespace

std::string text_report(const model::PlanReport& report) {
  Text text;
  line(text, "{}  {}  {}", report.pool.text(), model::to_string(report.mode), to_string(report.at));
  line(text, "Decision   {} {}: {}", model::to_string(report.plan.action), totals_text(report),
       decision_text(report));
  if (report.shortfall) {
    const auto& shortfall = *report.shortfall;
    line(text, "SHORTFALL  {} of {} replicas at {}, {}: {}", shortfall.granted.count(),
         shortfall.required.count(), to_string(shortfall.at), shortfall.cause, shortfall.detail);
  }
  if (report.outlook) append_ahead(text, *report.outlook);
  if (report.contended) line(text, "CONTENDED  somebody else keeps lowering the targets");
  append_demand(text, report);
  append_forecast(text, report);
  append_accuracy(text, report);
  append_service(text, report.service);
  append_sizing(text, report);
  append_guards(text, report);
  append_domains(text, report);
  append_conditions(text, report);
  return fmt::to_string(text);
}

}  // namespace edgetide::report
