#include "edgetide/model/demand_history.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace edgetide::model {
namespace {

bool is_demand(Viewers viewers) { return std::isfinite(viewers.count()) && viewers.count() >= 0; }

}  // namespace

DemandHistory::DemandHistory(std::vector<DemandSample> samples) {
  std::erase_if(samples, [](const DemandSample& sample) { return !is_demand(sample.viewers); });
  std::ranges::stable_sort(samples, {}, &DemandSample::at);
  for (const DemandSample& sample : samples) {
    if (!samples_.empty() && samples_.back().at == sample.at)
      samples_.back() = sample;
    else
      samples_.push_back(sample);
  }
}

bool DemandHistory::append(DemandSample sample) {
  if (!is_demand(sample.viewers)) return false;
  if (!samples_.empty() && sample.at <= samples_.back().at) return false;
  samples_.push_back(sample);
  return true;
}

}  // namespace edgetide::model
