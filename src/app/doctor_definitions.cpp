#include <algorithm>

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

std::vector<std::string> stored_versions(const json::Value& installed) {
  std::vector<std::string> versions;
  const json::Value* stored = json::find(installed, "status.storedVersions");
  if (stored == nullptr || !stored->is_array()) return versions;
  for (const json::Value& version : *stored) {
    if (version.is_string()) versions.push_back(version.get<std::string>());
  }
  return versions;
}

/// ", stored as v1alpha1"
std::string stored_text(const json::Value& installed) {
  std::string text;
  for (const std::string& version : stored_versions(installed))
    text += (text.empty() ? ", stored as " : ", ") + version;
  return text;
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
  const json::Value wanted = yaml::to_json(ours->front()).value;
  if (const auto strange = strange_stored_versions(*installed, wanted); !strange.empty()) {
    return failure(
        subject,
        "objects may still be stored as " + strange.front() + ", which this program does not have",
        "write each of them again as it is, then take " + strange.front() +
            " out of the definition's status.storedVersions");
  }
  if (const auto difference = definition_difference(*installed, wanted))
    return failure(subject, "is not this program's: " + *difference + " differs", remedy);
  return fine(subject, "as this program has it" + stored_text(*installed));
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

std::vector<std::string> strange_stored_versions(const json::Value& installed,
                                                 const json::Value& ours) {
  const json::Value* known = json::find(ours, "spec.versions");
  EDGETIDE_ASSERT(known != nullptr, "a definition has versions");
  auto versions = stored_versions(installed);
  std::erase_if(versions, [&](const std::string& version) {
    return std::ranges::any_of(*known,
                               [&](const json::Value& one) { return one.at("name") == version; });
  });
  return versions;
}

Findings check_definitions(const ClusterClient& cluster) {
  Findings found;
  for (const kube::CrdFile& file : kube::crd_files())
    found.push_back(definition_finding(cluster, file));
  return found;
}

}  // namespace edgetide::app
