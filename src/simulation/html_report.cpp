#include "simulation/html_report.h"

#include <algorithm>

#include "simulation/html_style.h"
#include "simulation/series.h"
#include "simulation/svg_chart.h"
#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

/// The series of one recording, in viewers.
struct CapacitySeries {
  std::vector<ChartPoint> demand;
  std::vector<BandPoint> demand_area;
  std::vector<ChartPoint> ready;
  std::vector<ChartPoint> desired;
  std::vector<std::vector<BandPoint>> short_areas;  ///< One for each time without a break.
};

CapacitySeries capacity_series(const Scenario& scenario, const Recording& recording) {
  CapacitySeries series;
  bool was_short = false;
  for (const Frame& frame : recording.frames) {
    const double wanting = frame.wanting.count();
    const auto carried = [&](Replicas replicas) {
      return backtest::serving_capacity(scenario.pool, replicas).count();
    };
    const double capacity = carried(total_ready(frame.domains));
    series.demand.push_back({frame.at, wanting});
    series.demand_area.push_back({frame.at, 0, wanting});
    series.ready.push_back({frame.at, capacity});
    series.desired.push_back({frame.at, carried(total_specified(frame.domains))});
    const bool is_short = wanting > capacity;
    if (is_short && !was_short) series.short_areas.emplace_back();
    if (is_short) {
      series.short_areas.back().push_back({frame.at, capacity, wanting});
      series.short_areas.back().push_back({frame.at + scenario.step, capacity, wanting});
    }
    was_short = is_short;
  }
  return series;
}

void draw_marks(SvgChart& chart, const Recording& recording) {
  for (const Mark& mark : recording.marks) {
    const bool loss = mark.kind == Mark::Kind::kLoss || mark.kind == Mark::Kind::kReturn;
    chart.mark(mark.at, mark.text, loss ? "loss" : "event");
  }
}

void shade_zone_loss(SvgChart& chart, const Scenario& scenario) {
  if (scenario.zone_loss) chart.span(scenario.zone_loss->at, scenario.zone_loss->back_at(), "lost");
}

void draw_forecast(SvgChart& chart, const Recording& recording) {
  std::vector<BandPoint> band;
  std::vector<ChartPoint> quantile;
  for (const auto& point : forecast_band(recording)) {
    if (!recording.frames.empty() && point.at > recording.frames.back().at) break;
    band.push_back({point.at, point.median.count(), point.quantile.count()});
    quantile.push_back({point.at, point.quantile.count()});
  }
  chart.band(band, "forecast-area");
  chart.line(quantile, "forecast");
}

std::string capacity_chart(const Comparison& comparison, PolicyKind policy, double top) {
  const bool own = policy == PolicyKind::kEdgetide;
  const Recording& recording = own ? comparison.edgetide : comparison.hpa;
  const auto& score = recording.score;
  SvgChart chart({.title = std::string{to_string(policy)} + ": viewers and what replicas carry",
                  .description = "Demand, desired and Ready capacity from " +
                                 evening_text(comparison.scenario, recording) + ". Not served: " +
                                 grouped(score.evening.viewer_minutes) + " viewer-minutes.",
                  .unit = "viewers",
                  .from = comparison.scenario.from,
                  .to = comparison.scenario.to,
                  .top = top});
  const CapacitySeries series = capacity_series(comparison.scenario, recording);
  shade_zone_loss(chart, comparison.scenario);
  chart.band(series.demand_area, "demand-area");
  if (own) draw_forecast(chart, recording);
  chart.line(series.demand, "demand");
  chart.steps(series.desired, "desired");
  chart.steps(series.ready, "ready");
  for (const auto& area : series.short_areas) chart.band(area, "short-area");
  draw_marks(chart, recording);
  return chart.svg();
}

std::string zone_class(std::size_t zone) { return "zone" + std::to_string(zone % 3 + 1); }

std::string zones_chart(const Comparison& comparison) {
  const auto& frames = comparison.edgetide.frames;
  double most = 0;
  std::vector<std::vector<ChartPoint>> zones(comparison.scenario.pool.domains.size());
  for (const Frame& frame : frames) {
    for (std::size_t zone = 0; zone < zones.size(); ++zone) {
      const double ready = frame.domains[zone].ready.count();
      zones[zone].push_back({frame.at, ready});
      most = std::max(most, ready);
    }
  }
  SvgChart chart({.title = "Edgetide: Ready replicas in each zone",
                  .description = "One stepped line a zone.",
                  .unit = "replicas",
                  .from = comparison.scenario.from,
                  .to = comparison.scenario.to,
                  .top = nice_top(most),
                  .height = 230});
  shade_zone_loss(chart, comparison.scenario);
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    chart.steps(zones[zone], zone_class(zone));
  }
  draw_marks(chart, comparison.edgetide);
  return chart.svg();
}

struct LegendEntry {
  std::string css_class;
  std::string text;
};

std::string legend(const std::vector<LegendEntry>& entries) {
  std::string html = "<ul class=\"legend\">";
  for (const auto& [css_class, text] : entries) {
    const bool area = css_class.ends_with("-area") || css_class == "lost";
    html += "<li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path d=\"" +
            std::string{area ? "M0 0H26V10H0Z" : "M0 5H26"} + "\" class=\"" +
            escaped_html(css_class) + "\"/></svg>" + escaped_html(text) + "</li>";
  }
  return html + "</ul>\n";
}

std::vector<LegendEntry> capacity_legend(bool with_forecast) {
  std::vector<LegendEntry> entries{{"demand-area", "viewers who want to watch"},
                                   {"ready", "carried by Ready replicas"},
                                   {"desired", "carried by all that are ordered"},
                                   {"short-area", "not served"},
                                   {"lost", "a zone is lost"}};
  if (with_forecast) {
    entries.push_back({"forecast-area",
                       "peak expected one lead time before, from as likely as not up to the "
                       "confidence asked for"});
  }
  return entries;
}

std::string summary_table(const Comparison& comparison) {
  std::string html = "<div class=\"scroll\"><table>\n<thead><tr><th></th>";
  for (const auto name : kComparedNames) {
    html += "<th class=\"number\">" + escaped_html(name) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const SummaryRow& row : summary_rows(comparison)) {
    html += "<tr><th scope=\"row\"" + std::string{row.part ? " class=\"part\"" : ""} + ">" +
            escaped_html(row.label) + "</th>";
    for (const std::string& figure : row.figures) {
      html += "<td class=\"number\">" + escaped_html(figure) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string per_domain(const model::ScalingPlan& plan) {
  std::string text;
  for (const auto& domain : plan.domains) {
    if (!text.empty()) text += ", ";
    text += domain.name + " " + std::to_string(domain.from.count());
    if (domain.to != domain.from) text += " → " + std::to_string(domain.to.count());
  }
  return text;
}

std::string decision_row(const Decision& decision, const DecisionPage& page) {
  const model::PlanReport& report = decision.report;
  std::string html = "<tr><td>" + escaped_html(clock_text(report.at)) + "</td><td>" +
                     escaped_html(to_string(report.plan.action)) + "</td><td class=\"number\">" +
                     std::to_string(report.plan.total_from().count()) + " → " +
                     std::to_string(report.plan.total_to().count()) +
                     "</td><td><details><summary>" + escaped_html(report.summary) + "</summary>" +
                     escaped_html(per_domain(report.plan));
  if (page) html += "<pre>" + escaped_html(page(report)) + "</pre>";
  return html + "</details></td></tr>\n";
}

std::string decision_table(const Comparison& comparison, const DecisionPage& page) {
  std::string html =
      "<div class=\"scroll\"><table class=\"decisions\">\n<thead><tr><th>UTC</th><th>Action</th>"
      "<th class=\"number\">Replicas</th><th>Why</th></tr></thead>\n<tbody>\n";
  for (const Decision& decision : comparison.edgetide.decisions) {
    html += decision_row(decision, page);
  }
  return html + "</tbody></table></div>\n";
}

std::string section(std::string_view heading, std::string_view text) {
  return "<h2>" + escaped_html(heading) + "</h2>\n<p class=\"soft\">" + escaped_html(text) +
         "</p>\n";
}

std::vector<LegendEntry> zones_legend(const Scenario& scenario) {
  std::vector<LegendEntry> entries;
  for (std::size_t zone = 0; zone < scenario.pool.domains.size(); ++zone) {
    entries.push_back({zone_class(zone), scenario.pool.domains[zone].name});
  }
  return entries;
}

}  // namespace

std::string html_report(const Comparison& comparison, const DecisionPage& page) {
  const Scenario& scenario = comparison.scenario;
  const double top =
      nice_top(std::max(highest(scenario, comparison.edgetide), highest(scenario, comparison.hpa)));
  const std::string title = "Edgetide: " + scenario.title;
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'\">\n<title>" +
         escaped_html(title) + "</title>\n<style>" + kReportStyle +
         "</style>\n</head>\n<body>\n<h1>" + escaped_html(title) + "</h1>\n<p class=\"soft\">" +
         escaped_html(evening_text(scenario, comparison.edgetide)) + ". Simulated; pool " +
         escaped_html(scenario.pool.key.text()) + ".</p>\n" + summary_table(comparison) +
         "<p class=\"soft\">" + escaped_html(comparison_text()) + "</p>\n" +
         section("Under Edgetide",
                 "Viewers, and how many of them replicas can carry. Times in UTC.") +
         capacity_chart(comparison, PolicyKind::kEdgetide, top) + legend(capacity_legend(true)) +
         section("Under an HPA at 60 %", "The same evening on the same scale.") +
         capacity_chart(comparison, PolicyKind::kHpa60, top) + legend(capacity_legend(false)) +
         section("Ready replicas by zone", "Under Edgetide.") + zones_chart(comparison) +
         legend(zones_legend(scenario)) +
         section("Decisions", std::to_string(comparison.edgetide.decisions.size()) +
                                  " that changed the fleet; each opens its full report.") +
         decision_table(comparison, page) + "</body>\n</html>\n";
}

}  // namespace edgetide::simulation
