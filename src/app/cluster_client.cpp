#include "app/cluster_client.h"

#include "http/transport.h"

namespace edgetide::app {

Result<ClusterClient> open_cluster(const kube::AccessOptions& options, const std::string& version) {
  http::initialize_io(1);
  auto access = kube::find_access(options);
  if (!access.ok()) return access.error();
  auto transport = http::connect(access->endpoint);
  if (!transport.ok()) return transport.error();
  auto client =
      std::make_unique<kube::Client>(*std::move(transport), access->credential,
                                     kube::ClientOptions{.user_agent = "edgetide/" + version,
                                                         .deadline = options.request_timeout});
  return ClusterClient{.access = *std::move(access), .client = std::move(client)};
}

}  // namespace edgetide::app
