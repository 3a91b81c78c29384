#pragma once

#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/plan_report.h"

namespace edgetide::ports {

/// What came of one planned write.
struct DomainOutcome {
  std::string name;
  Replicas from;
  Replicas to;
  Result<void> result;
};

/// What came of acting on a plan; empty in DryRun and when there was nothing to write.
struct ActOutcome {
  std::vector<DomainOutcome> writes;
};

/// Where decisions are told: status, metrics, Kubernetes Events, log, terminal.
class ReportSink {
 public:
  virtual ~ReportSink() = default;

  virtual void publish(const model::EdgePool& pool, const model::PlanReport& report,
                       const ActOutcome& outcome) = 0;
  /// The pool is gone: forget its series.
  virtual void forget(const ObjectKey& pool) = 0;
};

}  // namespace edgetide::ports
