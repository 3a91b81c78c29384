#include "kube/room_finder.h"

#include <algorithm>
#include <cstdint>

#include "kube/paths.h"
#include "kube/sync_state.h"

namespace edgetide::kube {
namespace {

/// Beyond what any fleet is asked for.
constexpr std::int64_t kMostPods = 1'000'000;
constexpr const char* kQuotasUnknown = "what ResourceQuotas leave is not known: ";

std::string joined(const std::string& some, const std::string& more) {
  return some + (some.empty() || more.empty() ? "" : "; ") + more;
}

}  // namespace

RoomFinder::RoomFinder(Client& client, TargetWatches& targets, RoomFinderOptions options)
    : targets_(targets), options_(std::move(options)), machines_(client), templates_(client) {
  if (options_.nodes) nodes_ = std::make_unique<NodeWatch>(client, options_.node_watch);
  const auto namespaces =
      options_.namespaces.empty() ? std::vector<std::string>{""} : options_.namespaces;
  for (const std::string& name : namespaces) {
    ReflectorOptions watch;
    watch.name = name.empty() ? "resourcequotas" : "resourcequotas/" + name;
    watch.collection = [path = collection_path("v1", "resourcequotas", name)] {
      return Result<std::string>(path);
    };
    quotas_.push_back(
        {name,
         std::make_unique<Watched<Quota>>(
             client, [](simdjson::dom::element quota, const Quota*) { return read_quota(quota); },
             Store<Quota>::OnChange{}, std::move(watch), options_.on_problem)});
  }
}

void RoomFinder::start() {
  for (const auto& quotas : quotas_) quotas.watched->reflector().start();
  if (nodes_) nodes_->start();
}

model::Room RoomFinder::room(const model::EdgePool& pool) {
  model::Room room;
  const auto quotas = quotas_of(pool.key.name_space);
  if (!quotas.ok()) room.unknown = kQuotasUnknown + quotas.error().text();
  const bool limited = quotas.ok() && !quotas->empty();
  Targets targets;
  for (const model::FailureDomain& domain : pool.domains) {
    if (!limited && !nodes_) break;  // nobody wants to know
    targets.push_back(pods_of({.name_space = pool.key.name_space, .target = domain.target}));
  }
  if (limited) find_by_quota(*quotas, targets, room);
  if (const std::string unknown = find_on_nodes(pool, targets, room); !unknown.empty())
    room.unknown = joined(room.unknown, "room on the nodes is not known: " + unknown);
  return room;
}

Result<TargetPods> RoomFinder::pods_of(const TargetKey& key) {
  auto pods = targets_.pods(key);
  if (!pods.ok() || pods->shape) return pods;
  auto shape = templates_.shape_of(key);
  if (!shape.ok()) return shape.error();
  pods->shape = *std::move(shape);
  return pods;
}

Result<std::vector<Quota>> RoomFinder::quotas_of(const std::string& name_space) const {
  std::vector<Quota> found;
  for (const auto& [followed, watched] : quotas_) {
    if (!followed.empty() && followed != name_space) continue;
    if (const auto error = not_current(watched->reflector(), options_.node_watch.stale_after))
      return *error;
    watched->store().visit([&](const ObjectKey& key, const Quota& quota) {
      if (key.name_space == name_space) found.push_back(quota);
    });
  }
  return found;
}

void RoomFinder::find_by_quota(const std::vector<Quota>& quotas, const Targets& targets,
                               model::Room& room) {
  Replicas standing;
  std::vector<const PodShape*> shapes;
  for (const auto& target : targets) {
    if (!target.ok()) {
      room.unknown = kQuotasUnknown + target.error().text();
      return;
    }
    standing += target->standing;
    shapes.push_back(target->shape.get());
  }
  room.quota = quota_room(quotas, shapes, standing);
}

std::string RoomFinder::find_on_nodes(const model::EdgePool& pool, const Targets& targets,
                                      model::Room& room) {
  const auto expandable = [](const auto& domain) { return domain.nodes.expandable; };
  if (std::ranges::all_of(pool.domains, expandable)) return "";
  if (!nodes_) return "nodes are not followed (--node-room)";
  const auto picture = nodes_->picture();
  if (!picture.ok()) return picture.error().text();
  std::string unknown;
  std::vector<TargetRoom> all;
  room.on_nodes.resize(pool.domains.size());
  for (std::size_t i = 0; i < pool.domains.size(); ++i) {
    if (expandable(pool.domains[i])) continue;
    auto here = on_nodes(pool, i, targets[i], *picture);
    if (here.ok()) {
      room.on_nodes[i] = here->most();
      all.push_back(*std::move(here));
    } else {
      unknown = joined(unknown, "domain " + pool.domains[i].name + ": " + here.error().text());
    }
  }
  if (all.size() == pool.domains.size())
    room.nodes = {.replicas = most_together(all), .detail = (*picture)->closed_text()};
  return unknown;
}

Result<TargetRoom> RoomFinder::on_nodes(const model::EdgePool& pool, std::size_t domain,
                                        const Result<TargetPods>& pods,
                                        const std::shared_ptr<const NodePicture>& picture) {
  if (!pods.ok()) return pods.error();
  const auto& [name, target, most, supply] = pool.domains[domain];
  TargetRoom room =
      on_nodes_of_now({.name_space = pool.key.name_space, .target = target}, *pods, picture);
  const auto& machines = supply.machine_deployment;
  if (machines.name.empty()) return room;
  const auto coming = machines_.more_nodes(machines);
  if (!coming.ok()) return coming.error();
  const auto each = picture->on_a_new_node(*pods->shape);
  if (!each && *coming > 0)
    return Error{.code = ErrorCode::kNotFound,
                 .message = "no node stands there that tells what a further one holds"};
  // A place of its own behind those of the nodes, the same for domains that share the machines.
  const auto same = [&](const model::FailureDomain& other) {
    return other.nodes.machine_deployment == machines;
  };
  const auto first = std::ranges::find_if(pool.domains, same) - pool.domains.begin();
  room.more.resize(room.more.size() + static_cast<std::size_t>(first) + 1);
  room.more.back() =
      static_cast<int>(std::min<std::int64_t>(kMostPods, std::int64_t{*coming} * each.value_or(0)));
  return room;
}

TargetRoom RoomFinder::on_nodes_of_now(const TargetKey& key, const TargetPods& pods,
                                       const std::shared_ptr<const NodePicture>& picture) {
  const std::lock_guard lock(mutex_);
  if (picture != picture_) {
    picture_ = picture;
    more_on_nodes_.clear();
    reckoned_.clear();
  }
  const auto [entry, is_new] = reckoned_.try_emplace(key);
  if (!is_new) return entry->second;
  const auto [more, is_new_shape] = more_on_nodes_.try_emplace(*pods.shape);
  if (is_new_shape) more->second = picture->more_on_nodes(*pods.shape);
  entry->second = picture->room_for(*pods.shape, more->second, key.name_space, pods.selector);
  return entry->second;
}

std::vector<Reflector*> RoomFinder::reflectors() const {
  std::vector<Reflector*> all;
  for (const auto& quotas : quotas_) all.push_back(&quotas.watched->reflector());
  if (nodes_) {
    for (Reflector* reflector : nodes_->reflectors()) all.push_back(reflector);
  }
  return all;
}

}  // namespace edgetide::kube
