#include "kube/target_watches.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "edgetide/core/thrown.h"
#include "kube/paths.h"
#include "kube/start_times.h"
#include "kube/sync_state.h"

namespace edgetide::kube {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kReadersAhead = 8;

void move_all_but(const auto& wanted, auto& from, auto& to) {
  for (auto entry = from.begin(); entry != from.end();) {
    const auto next = std::next(entry);
    if (!wanted.contains(entry->first)) to.insert(from.extract(entry));
    entry = next;
  }
}

}  // namespace

/// A namespace's pods and the counts made of them.
struct TargetWatches::Pods {
  Pods(Client& client, ReflectorOptions options, std::function<void(const std::string&)> on_problem)
      : watched(
            client,
            [this](simdjson::dom::element pod, const Pod* before) {
              return decode_shaped_pod(pod, before, shapes);
            },
            [this](const ObjectKey&, const auto& before, const auto& after) {
              starts.note(before, after);
              counter.note(before, after);
            },
            std::move(options), std::move(on_problem)) {}

  Shared<PodShape> shapes;
  StartTimes starts;
  PodCounter counter;
  Watched<Pod> watched;  // last: its thread tells the others
};

TargetWatches::TargetWatches(Client& client, TargetWatchesOptions options)
    : client_(client),
      options_(std::move(options)),
      discovery_(client),
      scales_(client),
      cache_(options_.scales) {}

void TargetWatches::follow(const std::vector<TargetKey>& targets) {
  std::set<KindKey> kinds;
  std::set<std::string> namespaces;
  for (const auto& [name_space, target] : targets) {
    kinds.insert({name_space, target.api_version, target.kind});
    namespaces.insert(name_space);
  }
  const std::set<TargetKey> followed(targets.begin(), targets.end());
  cache_.forget_all_but(followed);
  Kinds dropped_kinds;  // joined after the lock is gone
  Namespaces dropped_namespaces;
  const std::lock_guard lock(mutex_);
  move_all_but(kinds, kinds_, dropped_kinds);
  move_all_but(namespaces, namespaces_, dropped_namespaces);
  for (const KindKey& kind : kinds) {
    if (!kinds_.contains(kind)) kinds_.emplace(kind, start_kind(kind));
  }
  // All are counted anew: by selector, so that nobody knows which were of targets that are gone.
  for (const auto& [name, pods] : namespaces_) {
    pods->counter.forget();
    pods->starts.forget_all_but(followed);
  }
  for (const std::string& name : namespaces) {
    if (!namespaces_.contains(name)) namespaces_.emplace(name, start_pods(name));
  }
}

std::shared_ptr<Watched<ShownTarget>> TargetWatches::start_kind(const KindKey& key) {
  const auto fields = std::make_shared<std::optional<ScaleFields>>();  // of the reflector's thread
  const auto decode = [fields](simdjson::dom::element object, const ShownTarget*) {
    return decode_target(object, *fields);
  };
  // Rollouts change versions all the time, the owner's will only the generation. Kinds that count
  // no generations are followed by version.
  const auto tell = [this, key](const ObjectKey& object, const auto& before, const auto& after) {
    const TargetKey target{object.name_space, {key.api_version, key.kind, object.name}};
    const bool both = before && after;
    if (both) cache_.note_watched(target, before->resource_version, after->resource_version);
    const bool same = both && after->generation > 0 && before->generation == after->generation;
    if (!same && options_.on_change) options_.on_change(target);
  };
  ReflectorOptions options;
  options.name = key.api_version + " " + key.kind + "/" + key.name_space;
  options.metadata_only = [fields] { return !fields->has_value(); };
  options.collection = [this, key, fields] { return collection(key, *fields); };
  auto watched = std::make_shared<Watched<ShownTarget>>(client_, decode, tell, std::move(options),
                                                        options_.on_problem);
  watched->reflector().start();
  return watched;
}

Result<std::string> TargetWatches::collection(const KindKey& key,
                                              std::optional<ScaleFields>& fields) {
  const auto plural = discovery_.scalable_plural(key.api_version, key.kind);
  if (!plural.ok()) return plural.error();
  auto found = find_scale_fields(client_, key.api_version, key.kind, *plural);
  if (!found.ok()) return found.error();
  fields = *std::move(found);
  return collection_path(key.api_version, *plural, key.name_space);
}

std::shared_ptr<TargetWatches::Pods> TargetWatches::start_pods(const std::string& name_space) {
  ReflectorOptions options;
  options.name = "pods/" + name_space;
  options.query = kLivePods;
  options.collection = [path = collection_path("v1", "pods", name_space)]() -> Result<std::string> {
    return path;
  };
  auto pods = std::make_shared<Pods>(client_, std::move(options), options_.on_problem);
  pods->watched.reflector().start();
  return pods;
}

std::optional<Replicas> TargetWatches::most(const TargetKey& key) {
  if (autoscaler_kind(key.target.api_version, key.target.kind) == nullptr) return std::nullopt;
  const auto scale = scale_of(key);
  return scale.ok() ? scale->most : std::nullopt;
}

model::DomainObservation TargetWatches::observe(const TargetKey& key, Seconds warm_up) {
  model::DomainObservation seen;
  const auto scale = scale_of(key);
  if (!scale.ok()) {
    seen.detail = scale.error().text();
    return seen;
  }
  const auto counts = counts_of(key, *scale);
  if (!counts.ok()) {
    seen.detail = counts.error().text();
    return seen;
  }
  seen.known = true;
  seen.specified = scale->specified;
  seen.ready = counts->ready;
  seen.starting = counts->starting;
  seen.cold = counts->cold(warm_up, floor<Seconds>(std::chrono::system_clock::now()));
  seen.start_time = slow_start(key, *scale);
  seen.unready_since = counts->unready_since;
  seen.unschedulable = counts->unschedulable;
  return seen;
}

Result<TargetPods> TargetWatches::pods(const TargetKey& key) {
  const auto scale = scale_of(key);
  if (!scale.ok()) return scale.error();
  const auto selector = Selector::parse(scale->selector);
  if (scale->selector.empty() || !selector.ok()) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "its scale does not say which pods are its own",
                 .context = key.text()};
  }
  const auto counts = counts_of(key, *scale);
  if (!counts.ok()) return counts.error();
  return TargetPods{.selector = *selector, .standing = counts->standing(), .shape = counts->shape};
}

Result<PodCounts> TargetWatches::counts(const TargetKey& key) {
  const auto scale = scale_of(key);
  if (!scale.ok()) return scale.error();
  return counts_of(key, *scale);
}

void TargetWatches::read_ahead(const std::vector<TargetKey>& targets,
                               std::chrono::milliseconds at_most) {
  const auto until = steady_clock::now() + at_most;
  std::atomic<std::size_t> next{0};
  const auto read = [&] {
    for (auto i = next++; i < targets.size() && steady_clock::now() < until; i = next++)
      static_cast<void>(scale_of(targets[i]));
  };
  std::vector<std::jthread> readers;
  const std::size_t count = std::min(kReadersAhead, targets.size());
  for (std::size_t i = 0; i < count; ++i)
    readers.emplace_back([&] { static_cast<void>(contain(Work::kAhead, read)); });
}

Result<PodCounts> TargetWatches::counts_of(const TargetKey& key, const Scale& scale) {
  if (scale.selector.empty()) {
    const Replicas starting = std::max(Replicas{0}, scale.specified - scale.existing);
    return PodCounts{.ready = scale.existing, .starting = starting};
  }
  const auto pods = pods_of(key);
  if (!pods)
    return Error{.code = ErrorCode::kUnavailable, .message = "its pods are not watched yet"};
  if (const auto error = not_current(pods->watched.reflector(), options_.stale_after))
    return *error;
  const auto selector = Selector::parse(scale.selector);
  if (!selector.ok()) {
    Error error = selector.error();
    error.context = key.text() + ", status.selector of its scale";
    return error;
  }
  return pods->counter.count(pods->watched.store(), *selector);
}

std::optional<Seconds> TargetWatches::slow_start(const TargetKey& key, const Scale& scale) const {
  const auto pods = scale.selector.empty() ? nullptr : pods_of(key);
  const auto selector = Selector::parse(scale.selector);
  return pods && selector.ok() ? pods->starts.slow_start(key, *selector) : std::nullopt;
}

Result<Scale> TargetWatches::scale_of(const TargetKey& key) {
  const auto kind = kind_of(key);
  if (!kind) {
    return Error{
        .code = ErrorCode::kUnavailable, .message = "is not watched yet", .context = key.text()};
  }
  if (const auto error = not_current(kind->reflector(), options_.stale_after)) return *error;
  const auto shown = kind->store().find({key.name_space, key.target.name});
  if (!shown) {
    return Error{.code = ErrorCode::kNotFound, .message = "does not exist", .context = key.text()};
  }
  const auto known = cache_.current(key, *shown, steady_clock::now());
  return known ? *known : read_scale(key);
}

Result<Scale> TargetWatches::fetch(const TargetKey& key) {
  const auto target = address(key);
  if (!target.ok()) return target.error();
  auto scale = scales_.read(*target);
  if (!scale.ok() || !scale->workload) return scale;
  const auto workload = address({.name_space = key.name_space, .target = *scale->workload});
  if (!workload.ok()) return workload.error();
  auto pods = scales_.read(*workload);
  if (!pods.ok()) return pods.error();
  scale->existing = pods->existing;
  scale->selector = std::move(pods->selector);
  return scale;
}

Result<Scale> TargetWatches::read_scale(const TargetKey& key) {
  auto scale = fetch(key);
  const auto now = steady_clock::now();
  if (scale.ok()) {
    cache_.keep(key, *scale, now);
  } else {
    cache_.note_failure(key, scale.error(), now);
  }
  return scale;
}

Result<ScaleClient::Target> TargetWatches::address(const TargetKey& key) {
  const auto plural = discovery_.scalable_plural(key.target.api_version, key.target.kind);
  if (!plural.ok()) return plural.error();
  const auto* autoscaler = autoscaler_kind(key.target.api_version, key.target.kind);
  return ScaleClient::Target{
      .path = collection_path(key.target.api_version, *plural, key.name_space) + "/" +
              percent_encode(key.target.name) + (autoscaler == nullptr ? "/scale" : ""),
      .name_space = key.name_space,
      .name = key.target.name,
      .autoscaler = autoscaler};
}

std::shared_ptr<Watched<ShownTarget>> TargetWatches::kind_of(const TargetKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = kinds_.find({key.name_space, key.target.api_version, key.target.kind});
  return found == kinds_.end() ? nullptr : found->second;
}

std::shared_ptr<TargetWatches::Pods> TargetWatches::pods_of(const TargetKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = namespaces_.find(key.name_space);
  return found == namespaces_.end() ? nullptr : found->second;
}

std::vector<Reflector*> TargetWatches::reflectors() const {
  std::vector<Reflector*> running;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, kind] : kinds_) running.push_back(&kind->reflector());
  for (const auto& [name, pods] : namespaces_) running.push_back(&pods->watched.reflector());
  return running;
}

}  // namespace edgetide::kube
