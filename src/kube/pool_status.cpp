#include "kube/pool_status.h"

#include <algorithm>

#include "kube/pause_annotations.h"

namespace edgetide::kube {
namespace {

constexpr std::int64_t kMostReplicasEver = 100'000'000;
constexpr std::int64_t kMostOfALoad = 1'000'000'000'000'000;

std::string text_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? *text : std::string{};
}

std::optional<Instant> instant_at(const json::Value& object, std::string_view path) {
  return parse_instant(text_at(object, path));
}

std::optional<Replicas> replicas_at(const json::Value& object, std::string_view path) {
  const auto count = json::get_int(object, path, 0, kMostReplicasEver);
  if (!count.ok()) return std::nullopt;
  return Replicas{static_cast<int>(*count)};
}

template <typename Quantity>
std::optional<Quantity> load_at(const json::Value& object, std::string_view path) {
  const auto count = json::get_int(object, path, 0, kMostOfALoad);
  if (!count.ok()) return std::nullopt;
  return Quantity{static_cast<double>(*count)};
}

std::optional<Viewers> viewers_at(const json::Value& object, std::string_view path) {
  return load_at<Viewers>(object, path);
}

std::optional<HandshakesPerSecond> handshakes_at(const json::Value& object, std::string_view path) {
  return load_at<HandshakesPerSecond>(object, path);
}

std::int64_t generation_at(const json::Value& object, std::string_view path) {
  const auto number = json::get_int(object, path, 0, INT64_MAX);
  return number.ok() ? *number : 0;
}

/// What `read` makes of each item of the list at that path; nothing where there is no list.
template <typename Read>
auto read_list(const json::Value& object, std::string_view path, const Read& read) {
  std::vector<decltype(read(object))> all;
  const json::Value* found = json::find(object, path);
  if (found == nullptr || !found->is_array()) return all;
  for (const json::Value& item : *found) all.push_back(read(item));
  return all;
}

PoolStatus::Domain read_domain(const json::Value& item) {
  return {.name = text_at(item, "name"),
          .ready = replicas_at(item, "ready"),
          .starting = replicas_at(item, "starting"),
          .specified = replicas_at(item, "specified"),
          .desired = replicas_at(item, "desired"),
          .reserve_missing = replicas_at(item, "reserveMissing"),
          .message = text_at(item, "message")};
}

PoolStatus::Condition read_condition(const json::Value& item) {
  return {.type = text_at(item, "type"),
          .status = text_at(item, "status"),
          .reason = text_at(item, "reason"),
          .message = text_at(item, "message")};
}

model::GuardVerdict read_verdict(const json::Value& item) {
  return {.guard = text_at(item, "guard"),
          .before = replicas_at(item, "before").value_or(Replicas{0}),
          .after = replicas_at(item, "after").value_or(Replicas{0}),
          .reason = text_at(item, "reason"),
          .detail = text_at(item, "message")};
}

std::optional<model::Shortfall> read_shortfall(const json::Value& pool) {
  const auto required = replicas_at(pool, "status.shortfall.requiredReplicas");
  const auto granted = replicas_at(pool, "status.shortfall.grantedReplicas");
  const auto at = instant_at(pool, "status.shortfall.at");
  if (!required || !granted || !at) return std::nullopt;
  return model::Shortfall{.required = *required,
                          .granted = *granted,
                          .at = *at,
                          .cause = text_at(pool, "status.shortfall.cause"),
                          .detail = text_at(pool, "status.shortfall.message")};
}

model::ShortfallAhead read_shortfall_ahead(const json::Value& item) {
  return {.start = instant_at(item, "start").value_or(Instant{}),
          .peak = instant_at(item, "peak").value_or(Instant{}),
          .end = instant_at(item, "end").value_or(Instant{}),
          .viewers = viewers_at(item, "viewers").value_or(Viewers{0}),
          .required = replicas_at(item, "requiredReplicas").value_or(Replicas{0}),
          .available = replicas_at(item, "availableReplicas").value_or(Replicas{0}),
          .event = text_at(item, "event"),
          .cause = text_at(item, "cause"),
          .act_by = instant_at(item, "actBy").value_or(Instant{}),
          .detail = text_at(item, "message")};
}

}  // namespace

PoolStatus decode_pool_status(const json::Value& pool) {
  return {
      .key = {text_at(pool, "metadata.namespace"), text_at(pool, "metadata.name")},
      .mode = text_at(pool, "spec.mode"),
      .generation = generation_at(pool, "metadata.generation"),
      .observed_generation = generation_at(pool, "status.observedGeneration"),
      .decided_at = instant_at(pool, "status.time"),
      .summary = text_at(pool, "status.summary"),
      .demand = {.freshness = text_at(pool, "status.demand.freshness"),
                 .viewers = viewers_at(pool, "status.demand.viewers"),
                 .at = instant_at(pool, "status.demand.time"),
                 .message = text_at(pool, "status.demand.message")},
      .forecast = {.stage = text_at(pool, "status.forecast.stage"),
                   .peak = viewers_at(pool, "status.forecast.peakViewers"),
                   .median = viewers_at(pool, "status.forecast.medianViewers"),
                   .at = instant_at(pool, "status.forecast.at"),
                   .event = text_at(pool, "status.forecast.event")},
      .sizing = {.basis = text_at(pool, "status.sizing.basis"),
                 .binding = text_at(pool, "status.sizing.bindingResource"),
                 .planned = viewers_at(pool, "status.sizing.plannedViewers"),
                 .planned_after_loss = viewers_at(pool, "status.sizing.plannedViewersAfterLoss"),
                 .of_arrivals = handshakes_at(pool, "status.sizing.arrivalHandshakesPerSecond"),
                 .of_reconnects = handshakes_at(pool, "status.sizing.reconnectHandshakesPerSecond"),
                 .serving = replicas_at(pool, "status.sizing.servingReplicas"),
                 .survivors = replicas_at(pool, "status.sizing.survivingReplicas")},
      .verdicts = read_list(pool, "status.verdicts", read_verdict),
      .domains = read_list(pool, "status.domains", read_domain),
      .specified = replicas_at(pool, "status.specified"),
      .ready = replicas_at(pool, "status.ready"),
      .desired = replicas_at(pool, "status.desired"),
      .shortfall = read_shortfall(pool),
      .shortfalls_ahead = read_list(pool, "status.shortfallsAhead", read_shortfall_ahead),
      .pause = read_pause(pool).pause,
      .conditions = read_list(pool, "status.conditions", read_condition),
      .record = decode_status_record(pool)};
}

const PoolStatus::Condition* find_condition(const PoolStatus& status, std::string_view type) {
  const auto found = std::ranges::find(status.conditions, type, &PoolStatus::Condition::type);
  return found == status.conditions.end() ? nullptr : &*found;
}

std::optional<Replicas> reserve_missing(const PoolStatus& status) {
  Replicas sum{0};
  for (const PoolStatus::Domain& domain : status.domains) {
    if (!domain.reserve_missing) return std::nullopt;
    sum += *domain.reserve_missing;
  }
  if (status.domains.empty()) return std::nullopt;
  return sum;
}

}  // namespace edgetide::kube
