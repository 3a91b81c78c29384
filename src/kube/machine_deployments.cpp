#include "kube/machine_deployments.h"

#include <algorithm>
#include <charconv>

#include "json/json.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr const char* kGroup = "cluster.x-k8s.io";
constexpr const char* kGreatestSize = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";
constexpr int kMostMachines = 1'000'000;

Error without_size(const std::string& why) {
  return {.code = ErrorCode::kNotFound, .message = why};
}

Result<std::string> preferred_version(Client& client) {
  const auto body = client.send({.target = std::string{"/apis/"} + kGroup});
  if (!body.ok()) return body.error();
  const auto group = json::parse(*body);
  if (!group.ok()) return group.error();
  return json::get_string(*group, "preferredVersion.groupVersion");
}

}  // namespace

Result<int> read_more_nodes(std::string_view machine_deployment) {
  const auto object = json::parse(machine_deployment, {.refuse_duplicates = false});
  if (!object.ok()) return object.error();
  const auto text =
      json::get_string(*object, json::child_path("metadata.annotations", kGreatestSize));
  if (!text.ok()) return without_size(std::string{"is not annotated with "} + kGreatestSize);
  int most = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), most);
  if (failed != std::errc{} || end != text->data() + text->size() || most < 0)
    return without_size(std::string{kGreatestSize} + " is \"" + *text +
                        "\", no number of machines");
  const auto machines = json::get_int(*object, "spec.replicas", 0, kMostMachines);
  if (!machines.ok()) return machines.error();
  return std::max(0, std::min(most, kMostMachines) - static_cast<int>(*machines));
}

MachineDeployments::MachineDeployments(Client& client)
    : client_(client), answers_([this](const ObjectKey& key) { return ask(key); }) {}

Result<int> MachineDeployments::ask(const ObjectKey& key) {
  const auto version = preferred_version(client_);
  if (!version.ok()) return version.error();
  const auto body =
      client_.send({.target = collection_path(*version, "machinedeployments", key.name_space) +
                              "/" + percent_encode(key.name)});
  if (!body.ok()) return body.error();
  auto more = read_more_nodes(*body);
  if (more.ok()) return more;
  Error error = more.error();
  error.context = "MachineDeployment " + key.text();
  return error;
}

}  // namespace edgetide::kube
