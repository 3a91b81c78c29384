#include "app/doctor_checks.h"
#include "kube/crds.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "yaml/to_json.h"

namespace edgetide::app {
namespace {

/// Where `found` lacks something of `wanted`; nothing when it has all of it. What it has beyond is
/// the server's own: defaults.
std::optional<std::string> first_lack(const json::Value& found, const json::Value& wanted,
                                      const std::string& path) {
  if (wanted.is_object()) {
    if (!found.is_object()) return path;
    for (const auto& [key, value] : wanted.items()) {
      const auto member = found.find(key);
      const bool empty = value.is_object() && value.empty();
      if (member == found.end() && !empty) return json::child_path(path, key);
      if (member == found.end()) continue;
      if (auto lack = first_lack(*member, value, json::child_path(path, key))) return lack;
    }
    return std::nullopt;
  }
  if (wanted.is_array()) {
    if (!found.is_array() || found.size() != wanted.size()) return path;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (auto lack = first_lack(found[i], wanted[i], json::child_path(path, i))) return lack;
    }
    return std::nullopt;
  }
  return found == wanted ? std::nullopt : std::optional{path};
}

Finding definition_finding(const ClusterClient& cluster, const kube::CrdFile& file) {
  const std::string name = kube::crd_name(file);
  const std::string subject = "definition " + name.substr(0, name.find('.'));
  const std::string remedy = "edgetide crds --apply";
  const auto installed = kube::get_object(
      *cluster.client,
      kube::collection_path("apiextensions.k8s.io/v1", "customresourcedefinitions", "") + "/" +
          kube::percent_encode(name));
  if (!installed.ok()) {
    if (installed.error().code == ErrorCode::kNotFound)
      return failure(subject, "is not there", remedy);
    return warning(subject, installed.error().text(), "ask somebody who may read definitions");
  }
  const auto ours = yaml::load_all(file.text, file.name);
  EDGETIDE_ASSERT(ours.ok() && ours->size() == 1, "our definitions can be read");
  const auto difference = definition_difference(*installed, yaml::to_json(ours->front()).value);
  if (!difference) return fine(subject, "as this program has it");
  return failure(subject, "is not this program's: " + *difference + " differs", remedy);
}

}  // namespace

std::optional<std::string> definition_difference(const json::Value& installed,
                                                 const json::Value& ours) {
  const json::Value* found = json::find(installed, "spec.versions");
  const json::Value* wanted = json::find(ours, "spec.versions");
  EDGETIDE_ASSERT(wanted != nullptr, "a definition has versions");
  if (found == nullptr) return "spec.versions";
  return first_lack(*found, *wanted, "spec.versions");
}

Findings check_definitions(const ClusterClient& cluster) {
  Findings found;
  for (const kube::CrdFile& file : kube::crd_files())
    found.push_back(definition_finding(cluster, file));
  return found;
}

}  // namespace edgetide::app
