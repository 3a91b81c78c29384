#include "cli/scenario_faults.h"

#include <algorithm>
#include <vector>

#include "edgetide/core/nearest.h"

namespace edgetide::cli {

using kube::Fields;
using kube::TextKind;
using simulation::Fault;
using simulation::FaultKind;
using simulation::ZoneLoss;

Fault read_fault(const json::Value& item, const std::string& path, kube::Findings& findings,
                 const std::optional<Night>& night, const LivedLoads& lived) {
  Fields fields(item, path, findings);
  Fault fault;
  const auto kind = fields.required_text("kind", TextKind::kFree);
  const auto known = std::ranges::find_if(simulation::kFaultKinds, [&](FaultKind one) {
    return kind && *kind == simulation::name_of(one);
  });
  if (known != simulation::kFaultKinds.end()) {
    fault.kind = *known;
  } else if (kind) {
    std::string names;
    std::vector<std::string> kinds;
    for (const FaultKind one : simulation::kFaultKinds) {
      kinds.emplace_back(simulation::name_of(one));
      names += (names.empty() ? "" : ", ") + kinds.back();
      // Which it has is told by its kind.
      if (const auto* measure = simulation::measure_of(one)) fields.ignore(measure->field);
    }
    fields.ignore("maxUnavailablePercent");
    const auto meant = nearest(*kind, kinds);
    fields.add_problem("kind", "'" + *kind + "' is none of " + names +
                                   (meant ? "; did you mean " + *meant + "?" : ""));
  }
  if (fault.kind == FaultKind::kEgressMissing && !lived.egress)
    fields.add_problem("kind", "EgressMissing changes nothing without spec.upstreams");
  if (fault.kind == FaultKind::kConnectionsMissing && !lived.connections)
    fields.add_problem("kind",
                       "ConnectionsMissing changes nothing without spec.audience.connections");
  fault.from = read_moment(fields, "start");
  fault.lasts = read_minutes(fields, "durationMinutes");
  if (night && fault.from != Instant{} && (fault.from >= night->to || fault.until() <= night->from))
    fields.add_problem("start",
                       to_string(fault.from) + " is outside of the night: it is to begin before " +
                           to_string(night->to) + " and to end after " + to_string(night->from));
  if (const auto* measure = simulation::measure_of(fault.kind)) {
    const auto read =
        fields.required_integer(std::string(measure->field), {measure->least, measure->most});
    if (read) fault.by = static_cast<double>(*read) / measure->in_one;
    const bool as_they_are = fault.kind == FaultKind::kSamplesScaled && fault.by == 1;
    if (read && (*read == 0 || as_they_are))
      fields.add_problem(measure->field, std::to_string(*read) +
                                             " changes nothing; give another from " +
                                             std::to_string(measure->least) + " to " +
                                             std::to_string(measure->most));
  }
  if (fault.kind == FaultKind::kNodesDrained) {
    const auto percent = fields.integer("maxUnavailablePercent", {1, 100}).value_or(100);
    fault.unavailable = static_cast<double>(percent) / 100;
  }
  return fault;
}

ZoneLoss read_zone_loss(Fields lost, const std::optional<Night>& night) {
  const ZoneLoss loss{.at = read_moment(lost, "start"),
                      .lasts = read_minutes(lost, "durationMinutes")};
  if (night && loss.at != Instant{} && (loss.at < night->from || loss.at >= night->to))
    lost.add_problem("start", to_string(loss.at) + " is outside of the night: " +
                                  to_string(night->from) + " to before " + to_string(night->to));
  return loss;
}

}  // namespace edgetide::cli
