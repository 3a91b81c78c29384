#pragma once

namespace edgetide::ports {

/// Which of several replicas of this program acts.
class Leadership {
 public:
  virtual ~Leadership() = default;

  /// Whether this replica is the one, at this moment. From any thread; never waits.
  [[nodiscard]] virtual bool leads() const = 0;
};

}  // namespace edgetide::ports
