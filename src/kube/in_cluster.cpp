#include "kube/in_cluster.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "kube/files.h"
#include "kube/kubeconfig.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kLargestMount = 1u << 20;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_port(const std::string& text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  return problem == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host(const std::string& text) {
  return std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':' || c == '%';
  });
}

std::string url_of(const PodEnvironment& pod) {
  const bool is_ipv6 = pod.service_host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + pod.service_host + "]" : pod.service_host;
  return "https://" + host + ":" + pod.service_port;
}

/// The paths in a KUBECONFIG list, empty parts left out.
std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> paths;
  std::size_t begin = 0;
  while (begin <= list.size()) {
    const auto end = std::min(list.find(':', begin), list.size());
    if (end > begin) paths.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return paths;
}

}  // namespace

Result<Access> load_in_cluster(const PodEnvironment& pod) {
  if (pod.service_host.empty() || pod.service_port.empty()) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "not in a pod: KUBERNETES_SERVICE_HOST and _PORT are not set"};
  }
  if (!is_host(pod.service_host) || !is_port(pod.service_port)) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "KUBERNETES_SERVICE_HOST and _PORT are no host and port: '" +
                            pod.service_host + "', '" + pod.service_port + "'"};
  }
  const std::string ca_file = pod.mount + "/ca.crt";
  auto ca = read_file(ca_file, kLargestMount);
  if (!ca.ok())
    return Error{
        .code = ErrorCode::kInvalid, .message = ca.error().message, .context = ca.error().context};
  const std::string token_file = pod.mount + "/token";
  std::error_code problem;
  if (!std::filesystem::exists(token_file, problem)) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "no such file; is automountServiceAccountToken off?",
                 .context = token_file};
  }
  const auto name_space = read_file(pod.mount + "/namespace", kLargestMount);
  return Access{.endpoint = {.base_url = url_of(pod), .tls = {.ca_pem = *std::move(ca)}},
                .tls_files = {.ca = ca_file},
                .credential = {.token_file = token_file},
                .name_space = name_space.ok() ? *name_space : "default",
                .origin = "the pod's service account"};
}

namespace {

Result<Access> find_place(const AccessOptions& options) {
  const auto kubeconfig = [&](std::vector<std::string> files, bool may_be_missing) {
    return load_kubeconfig({.files = std::move(files),
                            .may_be_missing = may_be_missing,
                            .context = options.context,
                            .cluster = options.cluster,
                            .user = options.user});
  };
  if (!options.kubeconfig.empty()) return kubeconfig({options.kubeconfig}, false);
  if (auto files = split_list(environment("KUBECONFIG")); !files.empty())
    return kubeconfig(std::move(files), true);
  const bool names_an_entry =
      !options.context.empty() || !options.cluster.empty() || !options.user.empty();
  if (!names_an_entry) {
    const PodEnvironment pod{.service_host = environment("KUBERNETES_SERVICE_HOST"),
                             .service_port = environment("KUBERNETES_SERVICE_PORT")};
    if (auto access = load_in_cluster(pod);
        access.ok() || access.error().code != ErrorCode::kNotFound)
      return access;
  }
  const std::string home = environment("HOME");
  if (home.empty()) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "no kubeconfig: give --kubeconfig or set KUBECONFIG"};
  }
  const std::string usual = home + "/.kube/config";
  std::error_code problem;
  if (!std::filesystem::exists(usual, problem)) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "no kubeconfig: " + usual +
                            " does not exist; give --kubeconfig FILE, set KUBECONFIG, or have your "
                            "cluster's provider write one there"};
  }
  return kubeconfig({usual}, false);
}

}  // namespace

Result<Access> find_access(const AccessOptions& options) {
  if (options.as.empty() && !options.as_groups.empty())
    return Error{.code = ErrorCode::kInvalid,
                 .message = "--as-group goes with --as: groups alone are nobody"};
  auto access = find_place(options);
  if (!access.ok()) return access;
  access->credential.as = options.as;
  access->credential.as_groups = options.as_groups;
  return access;
}

}  // namespace edgetide::kube
