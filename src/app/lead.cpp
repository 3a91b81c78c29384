#include "app/lead.h"

#include <time.h>

#include <cstdlib>
#include <random>

#include "app/host_name.h"
#include "app/system_clock.h"
#include "kube/connection.h"
#include "telemetry/log.h"

namespace edgetide::app {
namespace {

kube::BootTime boot_time() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::duration_cast<kube::BootTime>(std::chrono::seconds{now.tv_sec} +
                                                    std::chrono::nanoseconds{now.tv_nsec});
}

/// A restarted container has its pod's name again and is yet another holder.
std::string new_identity() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string end;
  for (int i = 0; i < 8; ++i) end += kDigits[random() % kDigits.size()];
  return host_name() + "_" + end;
}

[[noreturn]] void end_at_once(const std::string& why) {
  telemetry::log_error("no longer the leader, ending: " + why);
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

Result<std::unique_ptr<Lead>> Lead::prepare(const kube::Access& access,
                                            const LeadOptions& options) {
  if (!options.elect) return std::unique_ptr<Lead>(new Lead(nullptr, access, options));
  if (const auto problem = kube::problem_with({.duration = options.lease_duration,
                                               .renew_deadline = options.renew_deadline,
                                               .retry_period = options.retry_period})) {
    return Error{.code = ErrorCode::kInvalid, .message = *problem};
  }
  auto transport = kube::Connection::open(access, {.on_problem = telemetry::log_warn});
  if (!transport.ok()) return transport.error();
  return std::unique_ptr<Lead>(new Lead(std::move(*transport), access, options));
}

Lead::Lead(std::unique_ptr<http::Transport> transport, const kube::Access& access,
           const LeadOptions& options) {
  if (!transport) return;
  kube::ElectionOptions election{
      .lease = {.name_space = options.name_space.empty() ? access.name_space : options.name_space,
                .name = options.name},
      .identity = new_identity(),
      .duration = options.lease_duration,
      .renew_deadline = options.renew_deadline,
      .retry_period = options.retry_period,
      .boot_time = boot_time,
      .now = [] { return SystemClock().now(); },
      .known_epoch = [this] { return cluster_->known_epoch(); },
      .on_gained =
          [this](std::int64_t epoch) {
            telemetry::set_log_epoch(epoch);
            telemetry::log_info("leading");
            on_gained_();
          },
      .on_lost = end_at_once,
      .on_problem = telemetry::log_warn};
  telemetry::log_info("standing by for the lease " + election.lease.text() + " as " +
                      election.identity);
  election_ = std::make_unique<kube::LeaderElection>(std::move(transport), access.credential,
                                                     std::move(election));
}

void Lead::guard(kube::ClusterOptions& options) const {
  if (!election_) return;
  options.write_permit = [this] { return election_->time_left(); };
  options.epoch = [this] { return election_->epoch(); };
}

void Lead::seek(const kube::Cluster& cluster, std::function<void()> on_gained) {
  if (!election_) return;
  cluster_ = &cluster;
  on_gained_ = std::move(on_gained);
  election_->start();
}

void Lead::release() {
  if (election_) election_->release();
}

bool Lead::leads() const { return !election_ || election_->leads(); }

}  // namespace edgetide::app
