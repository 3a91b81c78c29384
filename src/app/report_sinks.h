#pragma once

#include <utility>
#include <vector>

#include "edgetide/ports/report_sink.h"

namespace edgetide::app {

/// Tells several sinks, in order.
class ReportSinks final : public ports::ReportSink {
 public:
  explicit ReportSinks(std::vector<ports::ReportSink*> sinks) : sinks_(std::move(sinks)) {}

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    for (auto* sink : sinks_) sink->publish(pool, report, outcome);
  }
  void forget(const ObjectKey& pool) override {
    for (auto* sink : sinks_) sink->forget(pool);
  }

 private:
  std::vector<ports::ReportSink*> sinks_;
};

}  // namespace edgetide::app
