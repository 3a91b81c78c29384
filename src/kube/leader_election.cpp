#include "kube/leader_election.h"

#include <algorithm>

#include "edgetide/core/thrown.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLeases = "coordination.k8s.io/v1";
/// How closely the watchdog looks.
constexpr milliseconds kWatchEvery{100};
/// A standby looks so often in a retry period: what it has not seen renewed it waits for longer.
constexpr int kLooksInARetryPeriod = 4;
/// Of the time between two looks: standbys that began together do not stay together.
constexpr double kSpread = 0.5;
/// Against those who change the Lease meanwhile.
constexpr int kTriesToGiveBack = 5;
/// A single request leaves time for others before the renew deadline.
constexpr int kRequestsInADeadline = 2;

Result<Lease> parsed(const std::string& body) {
  const auto object = json::parse(body);
  if (!object.ok()) return object.error();
  return decode_lease(*object);
}

}  // namespace

std::optional<std::string> problem_with(const ElectionOptions& options) {
  if (options.duration <= options.renew_deadline)
    return "the lease duration must be longer than the renew deadline";
  if (options.renew_deadline * 5 <= options.retry_period * 6)
    return "the renew deadline must be longer than 1.2 times the retry period";
  return std::nullopt;
}

void RivalLease::saw(const Lease& lease, BootTime at) {
  if (lease == lease_) return;
  lease_ = lease;
  changed_ = at;
}

milliseconds RivalLease::left(BootTime now) const {
  if (lease_.holder.empty()) return milliseconds{0};
  return std::max(milliseconds{0}, changed_ + lease_.duration - now);
}

LeaderElection::LeaderElection(std::unique_ptr<http::Transport> transport, Credential credential,
                               ElectionOptions options)
    // A renewal that fails is decided about here, after another look at the Lease.
    : client_(std::move(transport), std::move(credential), {.max_attempts = 1}),
      options_(std::move(options)),
      looks_({.first = options_.retry_period / kLooksInARetryPeriod,
              .longest = options_.retry_period / kLooksInARetryPeriod,
              .jitter = kSpread}) {
  EDGETIDE_ASSERT(!problem_with(options_), "an election's times leave room for a failure");
  EDGETIDE_ASSERT(options_.boot_time && options_.now && options_.known_epoch &&
                      options_.on_gained && options_.on_lost && options_.on_problem,
                  "an election is given all of its functions");
}

LeaderElection::~LeaderElection() = default;

void LeaderElection::start() {
  // Nobody leads whom no watchdog watches.
  watchdog_ = std::jthread([this](std::stop_token stop) { watch_deadline(std::move(stop)); });
  election_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void LeaderElection::release() {
  watchdog_ = {};
  election_.request_stop();
  client_.cancel_waits();
  election_ = {};
  if (!leads()) return;
  leads_until_ = 0;
  if (const auto given = give_back(held_); !given.ok())
    options_.on_problem("the lease could not be given back: " + given.error().text());
}

Result<void> LeaderElection::give_back(Lease held) {
  for (int tried = 1;; ++tried) {
    Lease free = held;
    free.holder.clear();
    free.duration = Seconds{1};
    free.renewed = time_text();
    const auto written = write(free);
    if (written.ok()) return {};
    if (written.error().code != ErrorCode::kConflict || tried == kTriesToGiveBack)
      return written.error();
    const auto found = read();
    if (!found.ok()) return found.error();
    if (!*found || (*found)->holder != options_.identity) return {};
    held = **found;
  }
}

std::optional<milliseconds> LeaderElection::time_left(BootTime now) const {
  const BootTime until{leads_until_.load()};
  const auto left = until - now;
  if (left <= milliseconds{0}) return std::nullopt;
  return left;
}

void LeaderElection::run(std::stop_token stop) {
  // An exception is a renewal that fails: of a leader that has no other before its deadline the
  // watchdog ends the process.
  keep_doing(Work::kElection, stop, [&] { static_cast<void>(pause(turn(), stop)); });
}

void LeaderElection::watch_deadline(std::stop_token stop) {
  keep_doing(Work::kElection, stop, [&] {
    if (pause(kWatchEvery, stop) && leads_until_ != 0 && !leads())
      options_.on_lost("the lease was not renewed within " +
                       std::to_string(options_.renew_deadline.count()) + " ms");
  });
}

milliseconds LeaderElection::turn() {
  const auto look_again = looks_.next();
  const BootTime now = options_.boot_time();
  if (leads_until_ != 0 && !time_left(now)) return look_again;  // the watchdog ends the process
  if (time_left(now) && renew(now)) return options_.retry_period;
  const auto found = read();
  if (!found.ok()) {
    if (said_ != found.error().text()) options_.on_problem("lease: " + found.error().text());
    said_ = found.error().text();
    return look_again;
  }
  const auto wait = time_until_free(*found);
  const auto spread = look_again - options_.retry_period / kLooksInARetryPeriod;
  if (wait > milliseconds{0}) return std::min(wait + spread, look_again);
  return take(found->value_or(Lease{})) ? options_.retry_period : look_again;
}

bool LeaderElection::renew(BootTime asked) {
  Lease renewal = held_;
  renewal.renewed = time_text();
  const auto renewed = write(renewal);
  if (renewed.ok()) note_held(*renewed, asked);
  return renewed.ok();
}

milliseconds LeaderElection::time_until_free(const std::optional<Lease>& found) {
  // Of a Lease that was deleted the last holder may still act.
  if (found) rival_.saw(*found, options_.boot_time());
  if (found) seen_epoch_ = std::max(seen_epoch_, found->transitions);
  if (found ? found->holder == options_.identity : leads()) return milliseconds{0};
  if (leads() && !found->holder.empty()) {
    leads_until_ = 0;
    options_.on_lost("the lease was taken by " + found->holder);
  }
  return rival_.left(options_.boot_time());
}

bool LeaderElection::take(Lease lease) {
  const BootTime asked = options_.boot_time();
  lease.renewed = time_text();
  lease.duration = std::chrono::ceil<Seconds>(options_.duration);
  if (lease.holder != options_.identity) {
    lease.holder = options_.identity;
    lease.acquired = lease.renewed;
    lease.transitions = std::max(seen_epoch_, options_.known_epoch()) + 1;
  }
  const auto taken = write(lease);
  if (taken.ok()) note_held(*taken, asked);
  return taken.ok();
}

void LeaderElection::note_held(const Lease& held, BootTime asked) {
  const bool is_new = leads_until_ == 0;
  held_ = held;
  rival_.saw(held, asked);
  said_.clear();
  seen_epoch_ = std::max(seen_epoch_, held.transitions);
  epoch_ = held.transitions;
  leads_until_ = (asked + options_.renew_deadline).count();
  if (is_new) options_.on_gained(held.transitions);
}

Result<std::optional<Lease>> LeaderElection::read() {
  const auto body =
      client_.send({.target = collection_path(kLeases, "leases", options_.lease.name_space) + "/" +
                              percent_encode(options_.lease.name),
                    .deadline = options_.renew_deadline / kRequestsInADeadline});
  if (!body.ok()) {
    if (body.error().code == ErrorCode::kNotFound) return std::optional<Lease>{};
    return body.error();
  }
  auto lease = parsed(*body);
  if (!lease.ok()) return lease.error();
  return std::optional{*std::move(lease)};
}

Result<Lease> LeaderElection::write(const Lease& lease) {
  const std::string leases = collection_path(kLeases, "leases", options_.lease.name_space);
  const bool is_new = lease.resource_version.empty();
  const auto body =
      client_.send({.method = is_new ? http::Method::kPost : http::Method::kPut,
                    .target = is_new ? leases : leases + "/" + percent_encode(options_.lease.name),
                    .body = json::dump(encode_lease(options_.lease, lease)),
                    .content_type = "application/json",
                    .deadline = options_.renew_deadline / kRequestsInADeadline});
  if (!body.ok()) return body.error();
  return parsed(*body);
}

std::string LeaderElection::time_text() const {
  std::string text = to_string(options_.now());
  text.insert(text.size() - 1, ".000000");
  return text;
}

}  // namespace edgetide::kube
