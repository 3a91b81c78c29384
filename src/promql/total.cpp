#include "promql/total.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace edgetide::promql {
namespace {

using model::Freshness;

bool is_whole_by_itself(std::span<const Part> parts, const Coverage& coverage) {
  if (coverage.domain_label.empty()) return true;
  return coverage.one_total_will_do && parts.size() == 1 && parts[0].domain.empty();
}

std::string label_text(const Coverage& coverage, std::string_view domain) {
  return coverage.domain_label + "=\"" + std::string{domain} + "\"";
}

/// "several series where one is expected", or nothing.
std::string ambiguity(std::span<const Part> parts, const Coverage& coverage) {
  if (coverage.domain_label.empty()) {
    if (parts.size() < 2) return {};
    return std::to_string(parts.size()) + " series where one is expected";
  }
  std::vector<std::string_view> domains;
  for (const Part& part : parts) domains.push_back(part.domain);
  std::ranges::sort(domains);
  const auto twice = std::ranges::adjacent_find(domains);
  if (twice != domains.end()) return "several series with " + label_text(coverage, *twice);
  return {};
}

std::string impossible_value(std::span<const Part> parts, const Coverage& coverage) {
  for (const Part& part : parts) {
    if (std::isfinite(part.value) && part.value >= 0) continue;
    const std::string where = part.domain.empty() ? "" : label_text(coverage, part.domain) + ": ";
    return where + json::number_text(part.value) + " is not a finite number of at least 0";
  }
  return {};
}

std::string missing_domains(std::span<const Part> parts, const Coverage& coverage) {
  std::string missing;
  for (const std::string& domain : coverage.domains) {
    if (std::ranges::find(parts, domain, &Part::domain) != parts.end()) continue;
    missing += (missing.empty() ? "no series with " : ", ") + label_text(coverage, domain);
  }
  return missing;
}

}  // namespace

Total total(std::span<const Part> parts, const Coverage& coverage) {
  if (parts.empty()) return {Freshness::kMissing, 0, "no series"};
  if (auto detail = ambiguity(parts, coverage); !detail.empty()) {
    return {Freshness::kAmbiguous, 0, std::move(detail)};
  }
  if (auto detail = impossible_value(parts, coverage); !detail.empty()) {
    return {Freshness::kInvalid, 0, std::move(detail)};
  }
  double sum = 0;
  for (const Part& part : parts) sum += part.value;
  if (!std::isfinite(sum)) return {Freshness::kInvalid, 0, "the sum is beyond all numbers"};
  if (is_whole_by_itself(parts, coverage)) return {Freshness::kFresh, sum, ""};
  if (auto detail = missing_domains(parts, coverage); !detail.empty()) {
    return {Freshness::kPartial, sum, std::move(detail)};
  }
  return {Freshness::kFresh, sum, ""};
}

}  // namespace edgetide::promql
