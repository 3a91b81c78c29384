#include "cli/pool_arguments.h"

#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"

namespace edgetide::cli {
namespace {

constexpr std::string_view kPools = "edgepools";

/// A server that does not know the kind says 404 for the whole collection.
Error without_definitions(Error error) {
  if (error.code == ErrorCode::kNotFound)
    error.message = "no EdgePools are defined in this cluster; edgetide crds --apply defines them";
  return error;
}

}  // namespace

std::string home_namespace(const config::Settings& settings, const kube::Access& access) {
  const auto named = settings.list("namespace");
  return named.size() == 1 ? named.front() : access.name_space;
}

ObjectKey object_key(const std::string& text, const std::string& home) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return {home, text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

std::string pool_path(const ObjectKey& pool) {
  return kube::collection_path(kube::kApiVersion, kPools, pool.name_space) + "/" +
         kube::percent_encode(pool.name);
}

Result<json::Value> read_pool(const app::ClusterClient& cluster, const ObjectKey& pool) {
  auto object = kube::get_object(*cluster.client, pool_path(pool));
  if (object.ok() || object.error().code != ErrorCode::kNotFound) return object;
  return Error{.code = ErrorCode::kNotFound,
               .message = "no such pool; 'edgetide status' lists those that there are",
               .context = "EdgePool " + pool.text()};
}

Result<std::vector<json::Value>> read_pools(const app::ClusterClient& cluster,
                                            const config::Settings& settings) {
  std::vector<json::Value> pools;
  for (const std::string& text : settings.arguments()) {
    auto pool = read_pool(cluster, object_key(text, home_namespace(settings, cluster.access)));
    if (!pool.ok()) return pool.error();
    pools.push_back(*std::move(pool));
  }
  if (!settings.arguments().empty()) return pools;
  auto namespaces = settings.list("namespace");
  if (namespaces.empty()) namespaces.emplace_back();
  for (const std::string& name_space : namespaces) {
    const auto listed = kube::list_objects(
        *cluster.client, kube::collection_path(kube::kApiVersion, kPools, name_space),
        settings.text("selector"));
    if (!listed.ok()) return without_definitions(listed.error());
    pools.insert(pools.end(), listed->begin(), listed->end());
  }
  return pools;
}

config::Option selector_option() {
  return {.name = "selector",
          .help = "Only pools with these labels, as kubectl takes them.",
          .value_name = "LABEL=VALUE,...",
          .short_name = 'l'};
}

}  // namespace edgetide::cli
