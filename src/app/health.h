#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "edgetide/controller/runner.h"
#include "http/server.h"

namespace edgetide::app {

/// What the probes are told. Neither depends on a remote system: an API server that is down must
/// not restart the operator.
class Health {
 public:
  explicit Health(const controller::Runner& runner) : runner_(runner) {}

  /// The cluster is known and looks at pools have begun.
  void set_ready() { ready_ = true; }
  [[nodiscard]] bool ready() const { return ready_; }

  /// The runner still takes turns.
  [[nodiscard]] bool live() const;

 private:
  const controller::Runner& runner_;
  std::atomic<bool> ready_ = false;
};

/// /livez, /readyz and /metrics. `health` and what `exposition` refers to outlive the server.
[[nodiscard]] http::Routes operator_routes(const Health& health,
                                           std::function<std::string()> exposition);

}  // namespace edgetide::app
