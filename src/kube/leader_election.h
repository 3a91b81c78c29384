#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/ports/leadership.h"
#include "kube/client.h"
#include "kube/lease.h"

namespace edgetide::kube {

/// Time since the machine was booted, sleep included: a suspended replica must see that it passed.
using BootTime = std::chrono::milliseconds;

struct ElectionOptions {
  ObjectKey lease;
  std::string identity;  ///< Of this process, never of another: pod name and a random end.
  /// How long a lease that is not renewed keeps others away.
  std::chrono::milliseconds duration{15'000};
  /// How long a leader acts on without a renewal.
  std::chrono::milliseconds renew_deadline{10'000};
  /// Between two renewals.
  std::chrono::milliseconds retry_period{2'000};
  std::function<BootTime()> boot_time;
  std::function<Instant()> now;  ///< For the times in the Lease, which nobody decides by.
  /// The highest epoch that this replica has seen elsewhere, such as in statuses, so that a new
  /// Lease never begins below it.
  std::function<std::int64_t()> known_epoch;
  /// This replica leads from now on. In the election's thread; returns quickly.
  std::function<void(std::int64_t epoch)> on_gained;
  /// The lease was lost: the process must end at once, before another replica acts.
  std::function<void(const std::string& why)> on_lost;
  std::function<void(const std::string&)> on_problem;
};

/// Nothing when the times leave room for a renewal that fails: duration > renew deadline > 1.2
/// times the retry period.
[[nodiscard]] std::optional<std::string> problem_with(const ElectionOptions& options);

/// When a lease that others hold may be taken. Trusts the time that passed here since the record
/// was last seen to change, never the times in it.
class RivalLease {
 public:
  void saw(const Lease& lease, BootTime at);
  /// How long until it may be taken; zero when it may be now.
  [[nodiscard]] std::chrono::milliseconds left(BootTime now) const;

 private:
  Lease lease_;
  BootTime changed_{};
};

/// Elects one acting replica by a Lease, as client-go does, and is stricter on who has lost: a
/// leader stops to lead when its renew deadline has passed, whatever the requests under way may
/// bring, and a watchdog tells `on_lost`.
///
/// The times are told by a clock that counts suspension. A leader's epoch is the Lease's number of
/// transitions: greater than of every leader before, also where the Lease was deleted meanwhile.
class LeaderElection final : public ports::Leadership {
 public:
  /// \pre problem_with(options) is nothing, and every function in them is set.
  LeaderElection(std::unique_ptr<http::Transport> transport, Credential credential,
                 ElectionOptions options);
  ~LeaderElection() override;

  void start();

  /// Gives a lease that is held back, so that another replica need not wait for it to run out, and
  /// ends. \pre everything that acts has stopped.
  void release();

  [[nodiscard]] bool leads() const override { return time_left().has_value(); }
  /// How long this replica may act on without another renewal; nothing when it does not lead.
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left() const {
    return time_left(options_.boot_time());
  }
  /// Of this replica's lead; zero before it led.
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }

 private:
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left(BootTime now) const;
  void run(std::stop_token stop);
  void watch_deadline(std::stop_token stop);
  /// One attempt to take or to renew the lease; returns how long to wait before the next.
  [[nodiscard]] std::chrono::milliseconds turn();
  [[nodiscard]] bool renew(BootTime asked);
  /// How long until the Lease may be taken or renewed by us; zero when it may be now.
  [[nodiscard]] std::chrono::milliseconds time_until_free(const std::optional<Lease>& found);
  [[nodiscard]] bool take(Lease lease);
  /// Frees it, unless another holds it by now.
  [[nodiscard]] Result<void> give_back(Lease held);
  /// The Lease as it stands; nothing where there is none.
  [[nodiscard]] Result<std::optional<Lease>> read();
  /// The Lease as the server then holds it.
  [[nodiscard]] Result<Lease> write(const Lease& lease);
  /// \pre `asked` is when the write was begun: the lease is ours from then on at the least.
  void note_held(const Lease& held, BootTime asked);
  [[nodiscard]] std::string time_text() const;

  Client client_;
  ElectionOptions options_;
  Backoff looks_;  ///< Between two of a standby.
  Lease held_;     ///< As last written by us.
  RivalLease rival_;
  std::int64_t seen_epoch_ = 0;
  std::string said_;
  std::atomic<std::int64_t> epoch_{0};
  std::atomic<BootTime::rep> leads_until_{0};  ///< Zero: does not lead.
  std::jthread election_;
  std::jthread watchdog_;
};

}  // namespace edgetide::kube
