#include "cli/status_output.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "app/complaints.h"
#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using kube::PoolStatus;
using report::time_until;

std::string count_text(const std::optional<Replicas>& replicas) {
  return replicas ? std::to_string(replicas->count()) : "";
}

std::string grouped_text(const std::optional<Viewers>& viewers) {
  return viewers ? grouped(viewers->count()) : "";
}

std::string moment_text(const std::optional<Instant>& at) { return at ? to_string(*at) : ""; }

std::string ready_text(const PoolStatus& pool) {
  if (!pool.ready && !pool.desired) return "";
  const auto text = [](const auto& count) { return count ? count_text(count) : "?"; };
  return text(pool.ready) + "/" + text(pool.desired);
}

/// Whether the promised loss would be survived now: "met", "lacks 3", "?"; "1 domain" where that is
/// all there is to lose.
std::string reserve_text(const PoolStatus& pool) {
  const auto* condition = kube::find_condition(pool, "RedundancyMet");
  if (condition == nullptr) return "";
  if (condition->status == "True") return "met";
  if (condition->status != "False") return "?";
  const auto missing = kube::reserve_missing(pool);
  if (missing && *missing > Replicas{0}) return "lacks " + count_text(missing);
  return pool.domains.size() == 1 ? "1 domain" : "not met";
}

std::optional<Replicas> missing_of(const PoolStatus& pool) {
  if (!pool.shortfall) return std::nullopt;
  return pool.shortfall->missing();
}

/// For how long it is still paused.
std::string paused_text(const PoolStatus& pool, Instant now) {
  const auto pause = model::in_force(pool.pause, now);
  return pause ? time_until(pause->until, now) : "";
}

/// The same with the number that it is held at.
std::string paused_at_text(const PoolStatus& pool, Instant now) {
  const auto pause = model::in_force(pool.pause, now);
  const std::string left = paused_text(pool, now);
  return pause && pause->replicas ? count_text(pause->replicas) + " for " + left : left;
}

/// To the hour where it is longer than two.
std::string roughly_until(Instant then, Instant now) {
  if (then - now < std::chrono::hours{2}) return time_until(then, now);
  return to_string(Seconds{std::chrono::floor<std::chrono::hours>(then - now)});
}

/// What is missing now, or else what will be: "20 in 24h".
std::string short_text(const PoolStatus& pool, Instant now) {
  if (missing_of(pool) > Replicas{0}) return count_text(missing_of(pool));
  if (pool.shortfalls_ahead.empty()) return "";
  const model::ShortfallAhead& first = pool.shortfalls_ahead.front();
  return count_text(first.missing()) + " in " + roughly_until(first.start, now);
}

/// The same with its cause: "20 in 24h, MaximumReached".
std::string short_why_text(const PoolStatus& pool, Instant now) {
  const std::string text = short_text(pool, now);
  if (text.empty()) return text;
  const bool now_short = missing_of(pool) > Replicas{0};
  return text + ", " + (now_short ? pool.shortfall->cause : pool.shortfalls_ahead.front().cause);
}

/// "as decided 12s ago", "as decided 12s to 3m ago": a status is written when something changes,
/// and every few minutes.
std::string as_of(const std::vector<PoolStatus>& pools, Instant now) {
  std::optional<Instant> oldest;
  std::optional<Instant> newest;
  for (const PoolStatus& pool : pools) {
    if (!pool.decided_at) continue;
    oldest = std::min(oldest.value_or(*pool.decided_at), *pool.decided_at);
    newest = std::max(newest.value_or(*pool.decided_at), *pool.decided_at);
  }
  if (!oldest) return "";
  const std::string first = report::age_text(*newest, now);
  const std::string last = report::age_text(*oldest, now);
  return "as decided " + first + (first == last ? "" : " to " + last) + " ago\n";
}

std::string table(const std::vector<PoolStatus>& pools, Instant now,
                  std::optional<std::size_t> columns) {
  TextTable table({"POOL", "MODE", "READY", "PEAK", "IN", "BASIS", "RESERVE", "SHORT", "PAUSED"});
  for (const PoolStatus& pool : pools) {
    table.add({pool.key.text(), pool.mode, ready_text(pool), grouped_text(pool.forecast.peak),
               pool.forecast.at ? time_until(*pool.forecast.at, now) : "",
               pool.sizing.basis.substr(0, pool.sizing.basis.find('/')), reserve_text(pool),
               short_text(pool, now), paused_text(pool, now)});
  }
  return table.text(columns) + as_of(pools, now);
}

std::string wide_table(const std::vector<PoolStatus>& pools, Instant now,
                       std::optional<std::size_t> columns) {
  TextTable table({"POOL", "MODE", "READY", "VIEWERS", "DEMAND", "PEAK", "AT", "BASIS", "RESERVE",
                   "SHORT", "PAUSED", "LIMIT", "DECIDED"});
  for (const PoolStatus& pool : pools) {
    table.add({pool.key.text(), pool.mode, ready_text(pool), grouped_text(pool.demand.viewers),
               pool.demand.freshness, grouped_text(pool.forecast.peak),
               moment_text(pool.forecast.at), pool.sizing.basis, reserve_text(pool),
               short_why_text(pool, now), paused_at_text(pool, now),
               pool.verdicts.empty() ? "" : pool.verdicts.back().reason,
               pool.decided_at ? report::age_text(*pool.decided_at, now) : ""});
  }
  return table.text(columns);
}

std::string csv(const std::vector<PoolStatus>& pools) {
  std::string text =
      "namespace,name,mode,decided_at,ready,desired,viewers,demand,peak_viewers,peak_at,basis,"
      "redundancy_met,reserve_missing,missing_replicas,missing_replicas_ahead,missing_from,"
      "paused_until\n";
  for (const PoolStatus& pool : pools) {
    const auto number = [](const std::optional<Viewers>& viewers) {
      return viewers ? json::number_text(viewers->count()) : "";
    };
    const auto* redundancy = kube::find_condition(pool, "RedundancyMet");
    const auto* ahead = pool.shortfalls_ahead.empty() ? nullptr : &pool.shortfalls_ahead.front();
    text +=
        csv_row({pool.key.name_space, pool.key.name, pool.mode, moment_text(pool.decided_at),
                 count_text(pool.ready), count_text(pool.desired), number(pool.demand.viewers),
                 pool.demand.freshness, number(pool.forecast.peak), moment_text(pool.forecast.at),
                 pool.sizing.basis, redundancy != nullptr ? redundancy->status : "",
                 count_text(kube::reserve_missing(pool)), count_text(missing_of(pool)),
                 ahead != nullptr ? count_text(ahead->missing()) : "",
                 ahead != nullptr ? to_string(ahead->start) : "",
                 pool.pause ? to_string(pool.pause->until) : ""});
  }
  return text;
}

/// Sets what is known.
template <typename Quantity>
void set(Json& json, const char* key, const std::optional<Quantity>& value) {
  if (value) json[key] = value->count();
}
void set(Json& json, const char* key, const std::optional<Instant>& at) {
  if (at) json[key] = to_string(*at);
}
void set(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

Json ahead_json(const PoolStatus& pool) {
  Json list = Json::array();
  for (const model::ShortfallAhead& ahead : pool.shortfalls_ahead) {
    list.push_back({{"missingReplicas", ahead.missing().count()},
                    {"start", to_string(ahead.start)},
                    {"end", to_string(ahead.end)},
                    {"actBy", to_string(ahead.act_by)},
                    {"cause", ahead.cause},
                    {"message", ahead.detail}});
  }
  return list;
}

Json status_json(const PoolStatus& pool, Instant now) {
  Json json{{"namespace", pool.key.name_space}, {"name", pool.key.name}, {"mode", pool.mode}};
  set(json, "decidedAt", pool.decided_at);
  set(json, "ready", pool.ready);
  set(json, "desired", pool.desired);
  set(json, "viewers", pool.demand.viewers);
  set(json, "demand", pool.demand.freshness);
  set(json, "peakViewers", pool.forecast.peak);
  set(json, "peakAt", pool.forecast.at);
  set(json, "basis", pool.sizing.basis);
  if (const auto* redundancy = kube::find_condition(pool, "RedundancyMet"))
    json["redundancyMet"] = redundancy->status;
  set(json, "reserveMissing", kube::reserve_missing(pool));
  set(json, "missingReplicas", missing_of(pool));
  if (!pool.shortfalls_ahead.empty()) json["shortfallsAhead"] = ahead_json(pool);
  if (const auto pause = model::in_force(pool.pause, now)) {
    json["pausedUntil"] = to_string(pause->until);
    set(json, "pausedReplicas", pause->replicas);
  }
  set(json, "summary", pool.summary);
  json["complaints"] = app::complaints(pool, now);
  return json;
}

Json list(const std::vector<PoolStatus>& pools, Instant now) {
  Json items = Json::array();
  for (const PoolStatus& pool : pools) items.push_back(status_json(pool, now));
  return {{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "PoolStatusList"}, {"items", items}};
}

}  // namespace

std::string print_statuses(const std::vector<PoolStatus>& pools, const std::string& format,
                           Instant now, std::optional<std::size_t> columns) {
  if (format == "json") return list(pools, now).dump(2) + "\n";
  if (format == "yaml") return report::to_yaml(list(pools, now));
  if (format == "csv") return csv(pools);
  if (format == "wide") return wide_table(pools, now, columns);
  if (format == "text") return table(pools, now, columns);
  std::string names;
  for (const PoolStatus& pool : pools) names += pool.key.text() + "\n";
  return names;
}

}  // namespace edgetide::cli
