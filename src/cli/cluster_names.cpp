#include "cli/cluster_names.h"

#include <algorithm>

#include "app/cluster_client.h"
#include "cli/version.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"

namespace edgetide::cli {
namespace {

/// Longer than this nobody waits for a completion.
constexpr std::chrono::milliseconds kPatience{1000};

/// The values of the option in "--name value" or "--name=value", in their order.
std::vector<std::string> values_of(const std::string& option,
                                   const std::vector<std::string>& words) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == option) values.push_back(words[i + 1]);
    if (words[i].starts_with(option + "=")) values.push_back(words[i].substr(option.size() + 1));
  }
  return values;
}

/// The last of them; empty for none.
std::string value_of(const std::string& option, const std::vector<std::string>& words) {
  const auto values = values_of(option, words);
  return values.empty() ? "" : values.back();
}

std::vector<std::string> unique(std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

kube::AccessOptions access_meant(const std::vector<std::string>& words) {
  return {.kubeconfig = value_of("--kubeconfig", words),
          .context = value_of("--context", words),
          .cluster = value_of("--cluster", words),
          .user = value_of("--user", words),
          .as = value_of("--as", words),
          .as_groups = values_of("--as-group", words),
          .request_timeout = {}};
}

std::vector<std::string> names_in_cluster(Names what, const std::vector<std::string>& words) {
  const auto cluster = app::open_cluster(access_meant(words), std::string(kVersion));
  if (!cluster.ok()) return {};
  std::string home = value_of("--namespace", words);
  if (home.empty()) home = value_of("-n", words);
  const char* plural = what == Names::kClasses ? "eventclasses" : "edgepools";
  if (what != Names::kPools) home.clear();
  const auto listed = kube::list_keys(
      *cluster->client, kube::collection_path(kube::kApiVersion, plural, home), kPatience);
  if (!listed.ok()) return {};
  std::vector<std::string> names;
  for (const ObjectKey& key : *listed) {
    const bool bare = what == Names::kClasses || !home.empty();
    names.push_back(what == Names::kNamespaces ? key.name_space : bare ? key.name : key.text());
  }
  return unique(std::move(names));
}

}  // namespace edgetide::cli
