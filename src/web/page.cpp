#include "web/page.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "web/bundle.h"

namespace edgetide::web {
namespace {

using Json = nlohmann::ordered_json;

const char* to_string(Role role) {
  switch (role) {
    case Role::kDemand: return "demand";
    case Role::kMedian: return "median";
    case Role::kQuantile: return "quantile";
    case Role::kReady: return "ready";
    case Role::kStarting: return "starting";
    case Role::kDesired: return "desired";
    case Role::kFloor: return "floor";
    case Role::kOther: break;
  }
  return "other";
}

std::int64_t seconds(Instant at) { return at.time_since_epoch().count(); }

/// Whole numbers without a fraction, which is most of them; null for what is not known.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  constexpr double kExact = 9e15;
  if (value == std::trunc(value) && std::abs(value) < kExact) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

/// Each value that is unlike the one before, and how many times it stands: [v, n, v, n, ...].
Json runs_of(const std::vector<double>& values) {
  Json runs = Json::array();
  for (std::size_t begin = 0; begin < values.size();) {
    std::size_t end = begin + 1;
    while (end < values.size() && number(values[end]) == number(values[begin])) ++end;
    runs.push_back(number(values[begin]));
    runs.push_back(end - begin);
    begin = end;
  }
  return runs;
}

/// Replicas change seldom: where runs are shorter they stand for the values.
Json series_json(const Series& series) {
  Json json{
      {"label", series.label}, {"role", to_string(series.role)}, {"factor", number(series.factor)}};
  Json runs = runs_of(series.values);
  if (runs.size() < series.values.size()) {
    json["runs"] = std::move(runs);
    return json;
  }
  Json& values = json["values"] = Json::array();
  for (const double value : series.values) values.push_back(number(value));
  return json;
}

template <typename Item, typename AsJson>
Json list(const std::vector<Item>& items, AsJson as_json) {
  Json json = Json::array();
  for (const Item& item : items) json.push_back(as_json(item));
  return json;
}

Json chart_json(const Chart& chart) {
  const auto mark = [](const Mark& one) {
    return Json{{"at", seconds(one.at)}, {"text", one.text}, {"fault", one.fault}};
  };
  const auto span = [](const Span& one) {
    return Json{{"from", seconds(one.from)}, {"to", seconds(one.to)}, {"text", one.text}};
  };
  return {{"title", chart.title},
          {"description", chart.description},
          {"unit", chart.unit},
          {"from", seconds(chart.from)},
          {"step", chart.step.count()},
          {"series", list(chart.series, series_json)},
          {"marks", list(chart.marks, mark)},
          {"spans", list(chart.spans, span)}};
}

Json figures_json(const Figures& figures) {
  const auto row = [](const FigureRow& one) {
    return Json{{"label", one.label}, {"values", one.values}, {"part", one.part}};
  };
  return {{"columns", figures.columns}, {"rows", list(figures.rows, row)}};
}

Json curve_json(const Curve& curve) {
  const auto point = [](const CurvePoint& one) {
    return Json{{"setting", one.setting}, {"shortfall", one.shortfall}, {"cost", one.cost}};
  };
  return {{"policy", curve.policy}, {"points", list(curve.points, point)}};
}

Json decision_json(const LoggedDecision& decision) {
  Json json{{"at", seconds(decision.at)},    {"action", model::to_string(decision.action)},
            {"from", decision.from.count()}, {"to", decision.to.count()},
            {"summary", decision.summary},   {"report", decision.report}};
  if (!decision.pool.empty()) json["pool"] = decision.pool;
  if (!decision.unread.empty()) json["unread"] = decision.unread;
  return json;
}

/// JSON inside an element: nothing in it can end the element.
std::string as_element_text(std::string json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string policy(const Page& page) {
  return "default-src 'none'; script-src " + std::string{kScriptSource} + "; style-src " +
         std::string{kStyleSource} + (page.live ? "; connect-src 'self'" : "") +
         "; base-uri 'none'; form-action 'none'";
}

}  // namespace

std::string page_json(const Page& page) {
  const Json json{{"apiVersion", "edgetide.io/v1alpha1"},
                  {"kind", "Page"},
                  {"title", page.title},
                  {"subtitle", page.subtitle},
                  {"note", page.note},
                  {"state", page.live ? "live" : "over"},
                  {"figures", figures_json(page.figures)},
                  {"charts", list(page.charts, chart_json)},
                  {"curves", list(page.curves, curve_json)},
                  {"decisionsNote", page.decisions_note},
                  {"decisions", list(page.decisions, decision_json)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string page_html(const Page& page) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
         policy(page) + "\">\n<title>Edgetide</title>\n<style>" + std::string{kStyle} +
         "</style>\n</head>\n<body>\n<main id=\"view\"><noscript>This page draws its charts with a "
         "script that is part of it. The figures are also what <code>-o json</code> prints."
         "</noscript></main>\n<script type=\"application/json\" id=\"page\">" +
         as_element_text(page_json(page)) + "</script>\n<script>" + std::string{kScript} +
         "</script>\n</body>\n</html>\n";
}

}  // namespace edgetide::web
