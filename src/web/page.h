#pragma once

#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/scaling_plan.h"

/// What people see of a run in a browser: figures, charts over time, cost against shortfall, and
/// every decision with its report. The program says what there is to see; dashboard/ draws it.
namespace edgetide::web {

/// What a series is decides how it is drawn. Between median and quantile, and where demand is above
/// ready, the area is filled.
enum class Role { kDemand, kMedian, kQuantile, kReady, kStarting, kDesired, kFloor, kOther };

struct Series {
  std::string label;
  Role role = Role::kOther;
  double factor = 1;           ///< What a value is multiplied with to be in the chart's unit.
  std::vector<double> values;  ///< One a step; NaN where nothing is known.
};

/// A labelled moment.
struct Mark {
  Instant at;
  std::string text;
  bool fault = false;  ///< Something failed or came back, rather than what was announced.
};

/// A shaded span of time.
struct Span {
  Instant from;
  Instant to;
  std::string text;
};

/// Series over the same steps of time.
struct Chart {
  std::string title;
  std::string description;  ///< What there is to see, also for those who cannot.
  std::string unit;
  Instant from;
  Seconds step{60};
  std::vector<Series> series;
  std::vector<Mark> marks;
  std::vector<Span> spans;
};

struct FigureRow {
  std::string label;
  /// One for each column but the first. Several lines are a list, folded where they are many.
  std::vector<std::string> values;
  bool part = false;  ///< A part of the row above it.
};

struct Figures {
  std::vector<std::string> columns;  ///< The first stands over the labels.
  std::vector<FigureRow> rows;
};

struct CurvePoint {
  std::string setting;
  double shortfall = 0;  ///< Share of viewer-minutes without a server.
  double cost = 0;       ///< Against a clairvoyant fleet.
};

/// What less shortfall costs under one policy.
struct Curve {
  std::string policy;
  std::vector<CurvePoint> points;
};

struct LoggedDecision {
  Instant at;
  std::string pool;  ///< Where the log is of several.
  model::Action action = model::Action::kHold;
  Replicas from;  ///< Of the targets that could be read.
  Replicas to;
  std::vector<std::string> unread;  ///< Failure domains whose targets could not.
  std::string summary;
  std::string report;  ///< What opens below it, as text; nothing opens where it is empty.
};

struct Page {
  std::string title;
  std::string subtitle;
  std::string note;   ///< How to read the figures.
  bool live = false;  ///< Under way: a page that is served asks for more until this is false.
  Figures figures;
  std::vector<Chart> charts;
  std::vector<Curve> curves;
  std::string decisions_note;             ///< What the log holds, and what its lines open.
  std::vector<LoggedDecision> decisions;  ///< By time.
};

/// `apiVersion: edgetide.io/v1alpha1`, `kind: Page`, as dashboard/src/page.ts reads it.
[[nodiscard]] std::string page_json(const Page& page);

/// One file that needs nothing else. Its content security policy lets nothing but the bundle run
/// and nothing be loaded; a live page may ask its own server for `page.json`. Texts are data and
/// never markup; the same page gives the same bytes.
[[nodiscard]] std::string page_html(const Page& page);

}  // namespace edgetide::web
