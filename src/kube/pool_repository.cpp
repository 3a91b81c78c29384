#include "kube/pool_repository.h"

#include <algorithm>
#include <optional>

#include "json/large.h"
#include "kube/codecs.h"
#include "kube/decoding.h"
#include "kube/paths.h"
#include "kube/pause_annotations.h"

namespace edgetide::kube {
namespace {

Labels texts_of(simdjson::dom::element metadata, std::string_view field,
                std::string_view beginning = "") {
  Labels texts;
  if (const auto found = json::object_at(metadata, field)) {
    for (const auto& [key, value] : *found) {
      if (value.is_string() && key.starts_with(beginning))
        texts.emplace(key, std::string_view{value});
    }
  }
  return texts;
}

/// A pause holds also where the rest of the present version cannot be used.
std::shared_ptr<const model::EdgePool> with_pause(const model::EdgePool& last_good,
                                                  const model::EdgePool& present) {
  auto paused = std::make_shared<model::EdgePool>(last_good);
  paused->pause = present.pause;
  paused->pause_problem = present.pause_problem;
  return paused;
}

std::vector<TargetKey> targets_of(const model::EdgePool& pool) {
  std::vector<TargetKey> targets;
  for (const model::FailureDomain& domain : pool.domains)
    targets.push_back({.name_space = pool.key.name_space, .target = domain.target});
  return targets;
}

}  // namespace

Result<KeptPool> decode_kept_pool(simdjson::dom::element object, const KeptPool* before,
                                  const PoolDecoding& decoding) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "no metadata"};
  const auto generation = json::int_at(*metadata, "generation").value_or(0);
  const Labels labels = texts_of(*metadata, "labels");
  const Labels pause = texts_of(*metadata, "annotations", kPausePrefix);
  const bool same_spec = before && generation > 0 && before->generation == generation &&
                         before->labels == labels && before->pause == pause;
  // Most news is of our own status.
  if (same_spec && decoding.status_is_ours) return *before;

  const auto value = to_value(object);
  if (!value.ok()) return value.error();
  KeptPool kept =
      same_spec ? *before : KeptPool{.generation = generation, .labels = labels, .pause = pause};
  kept.record = before && decoding.status_is_ours ? before->record : decode_status_record(*value);
  if (same_spec) return kept;
  auto decoded = decode_pool(*value, {.local_time = &decoding.local_time});
  if (decoded.ok()) {
    kept.good = std::make_shared<const model::EdgePool>(std::move(decoded.value));
    return kept;
  }
  if (before && before->good) {
    kept.good = before->pause == pause ? before->good : with_pause(*before->good, decoded.value);
  }
  for (const FieldProblem& problem : decoded.problems) kept.problems.push_back(problem.text());
  return kept;
}

PoolRepository::PoolRepository(Client& client, PoolRepositoryOptions options)
    : options_(std::move(options)),
      targets_(client,
               [this] {
                 TargetWatchesOptions targets = options_.targets;
                 targets.on_change = [this](const TargetKey& key) { target_changed(key); };
                 return targets;
               }()),
      rooms_(client, targets_,
             {.namespaces = options_.namespaces,
              .nodes = options_.node_room,
              .node_watch = {.on_problem = options_.targets.on_problem},
              .on_problem = options_.targets.on_problem}),
      node_domains_(client, {.stale_after = options_.targets.stale_after,
                             .on_problem = options_.targets.on_problem}) {
  const auto namespaces =
      options_.namespaces.empty() ? std::vector<std::string>{""} : options_.namespaces;
  for (const std::string& name : namespaces) {
    ReflectorOptions watch;
    watch.name = name.empty() ? "edgepools" : "edgepools/" + name;
    watch.collection = [path = collection_path(kApiVersion, "edgepools", name)] {
      return Result<std::string>(path);
    };
    pools_.push_back(std::make_unique<Pools>(
        client,
        [this](simdjson::dom::element object, const KeptPool* before) {
          return decode_kept_pool(
              object, before,
              {.local_time = options_.local_time, .status_is_ours = options_.writes_status()});
        },
        [this](const ObjectKey& key, const Pools::Ptr& before, const Pools::Ptr& after) {
          pool_changed(key, before, after);
        },
        std::move(watch), options_.targets.on_problem));
  }
}

void PoolRepository::start() {
  for (const auto& pools : pools_) pools->reflector().start();
  rooms_.start();
}

std::vector<ObjectKey> PoolRepository::keys() {
  follow_targets();
  const std::lock_guard lock(keys_mutex_);
  if (!keys_changed_.exchange(false)) return keys_;
  keys_.clear();
  for (const auto& pools : pools_)
    pools->store().visit([&](const ObjectKey& key, const KeptPool&) { keys_.push_back(key); });
  std::ranges::sort(keys_);
  return keys_;
}

std::shared_ptr<const KeptPool> PoolRepository::kept(const ObjectKey& key) const {
  for (const auto& pools : pools_) {
    if (auto found = pools->store().find(key)) return found;
  }
  return nullptr;
}

Result<model::EdgePool> PoolRepository::find(const ObjectKey& key) {
  follow_targets();
  const auto found = kept(key);
  if (!found) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "does not exist",
                 .context = "EdgePool " + key.text()};
  }
  if (found->good) {
    auto pool = within_autoscalers(*found->good);
    pool.known_bitrate = found->record.bitrate;
    return pool;
  }
  std::string lines;
  for (const std::string& problem : found->problems) lines += (lines.empty() ? "" : "\n") + problem;
  return Error{.code = ErrorCode::kInvalid, .message = lines, .context = "EdgePool " + key.text()};
}

model::EdgePool PoolRepository::within_autoscalers(model::EdgePool pool) {
  for (model::FailureDomain& domain : pool.domains) {
    const auto most = targets_.most({.name_space = pool.key.name_space, .target = domain.target});
    if (most) domain.max_replicas = std::min(domain.max_replicas, *most);
  }
  return pool;
}

void PoolRepository::visit(
    const std::function<void(const ObjectKey&, const KeptPool&)>& look) const {
  for (const auto& pools : pools_) pools->store().visit(look);
}

std::vector<std::shared_ptr<const model::EdgePool>> PoolRepository::usable_in(
    const std::string& name_space) const {
  std::vector<std::shared_ptr<const model::EdgePool>> usable;
  for (const auto& pools : pools_) {
    pools->store().visit([&](const ObjectKey& key, const KeptPool& pool) {
      if (key.name_space == name_space && pool.good) usable.push_back(pool.good);
    });
  }
  return usable;
}

std::vector<model::DomainObservation> PoolRepository::fleet(const model::EdgePool& pool) {
  std::vector<model::DomainObservation> fleet;
  for (const model::FailureDomain& domain : pool.domains) {
    const TargetKey target{.name_space = pool.key.name_space, .target = domain.target};
    fleet.push_back(targets_.observe(target, pool.warm_up));
    fleet.back().name = domain.name;
    if (pool.topology_key.empty()) continue;
    const auto pods = targets_.counts(target);
    fleet.back().spread =
        pods.ok() ? node_domains_.spread(pool.topology_key, *pods, pool.warm_up,
                                         floor<Seconds>(std::chrono::system_clock::now()))
                  : model::Spread{.unknown = pods.error().text()};
  }
  return fleet;
}

void PoolRepository::follow_targets() {
  const std::lock_guard one_at_a_time(following_);
  if (!targets_changed_.exchange(false)) return;
  std::vector<TargetKey> targets;
  std::map<TargetKey, std::vector<ObjectKey>> pools_of;
  bool any_spread = false;
  for (const auto& pools : pools_) {
    pools->store().visit([&](const ObjectKey& key, const KeptPool& pool) {
      if (!pool.good) return;
      any_spread = any_spread || !pool.good->topology_key.empty();
      for (const TargetKey& target : targets_of(*pool.good)) {
        targets.push_back(target);
        pools_of[target].push_back(key);
      }
    });
  }
  {
    const std::lock_guard lock(mutex_);
    pools_of_ = std::move(pools_of);
  }
  targets_.follow(targets);
  if (any_spread) node_domains_.follow();
}

void PoolRepository::read_ahead(std::chrono::milliseconds at_most) {
  std::vector<TargetKey> targets;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [target, pools] : pools_of_) targets.push_back(target);
  }
  targets_.read_ahead(targets, at_most);
}

void PoolRepository::pool_changed(const ObjectKey& key, const Pools::Ptr& before,
                                  const Pools::Ptr& after) {
  if (!before || !after) keys_changed_ = true;
  const bool same = before && after && before->good == after->good &&
                    before->generation == after->generation && before->labels == after->labels;
  if (same) return;
  targets_changed_ = true;
  ++version_;
  if (after && !after->problems.empty() && options_.on_unusable) options_.on_unusable(key, *after);
  if (options_.on_change) options_.on_change(key);
}

void PoolRepository::target_changed(const TargetKey& key) {
  std::vector<ObjectKey> concerned;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pools_of_.find(key); found != pools_of_.end()) concerned = found->second;
  }
  if (!options_.on_change) return;
  for (const ObjectKey& pool : concerned) options_.on_change(pool);
}

std::vector<Reflector*> PoolRepository::reflectors() const {
  std::vector<Reflector*> all;
  for (const auto& pools : pools_) all.push_back(&pools->reflector());
  return all;
}

}  // namespace edgetide::kube
