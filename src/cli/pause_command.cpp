#include <chrono>
#include <ostream>

#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/pool_arguments.h"
#include "cli/record_inputs.h"
#include "cli/version.h"
#include "kube/codecs.h"
#include "kube/pause_annotations.h"
#include "kube/pause_writer.h"
#include "kube/pool_status.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

constexpr const char* kWhichPool = "which pool? NAMESPACE/POOL";
constexpr Seconds kLongestPause = std::chrono::days{31};

Error usage_error(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

/// Until when, by --until or by --for from now on.
Result<Instant> end_of(const config::Settings& settings, Instant now) {
  const auto until = moment_of(settings, "until");
  if (!until.ok()) return until.error();
  const auto length = settings.duration("for");
  if (!*until && !length)
    return usage_error("until when? Give --for DURATION, such as --for 2h, or --until TIME");
  if (*until && length)
    return usage_error("--for and --until both say when the pause ends; give one of them");
  const Instant end = *until ? **until : now + *length;
  if (end <= now) return usage_error("--until: " + to_string(end) + " is past");
  if (end - now > kLongestPause)
    return usage_error("--until: " + to_string(end) + " is more than 31 days ahead");
  return end;
}

/// What stands and what the pool allows, against the number that is asked for.
Result<void> check_replicas(const json::Value& object, const ObjectKey& key, Replicas wanted,
                            bool may_lower) {
  const auto pool = kube::decode_pool(object);
  const auto& bounds = pool.value.replicas;
  if (pool.ok() && (wanted < bounds.min || wanted > bounds.max)) {
    return Error{ErrorCode::kInvalid,
                 std::to_string(wanted.count()) + " is outside spec.replicas of " + key.text() +
                     ", " + std::to_string(bounds.min.count()) + " to " +
                     std::to_string(bounds.max.count()),
                 "--replicas"};
  }
  Replicas ordered{0};
  for (const auto& domain : kube::decode_pool_status(object).domains)
    ordered += domain.specified.value_or(Replicas{0});
  if (wanted >= ordered || may_lower) return {};
  return Error{ErrorCode::kInvalid,
               std::to_string(wanted.count()) + " are fewer than the " +
                   std::to_string(ordered.count()) + " that " + key.text() +
                   " has; --yes lowers it, whatever the demand",
               "--replicas"};
}

std::string done_text(const model::Pause& pause, Instant now) {
  return "paused until " + to_string(pause.until) + " (" + report::time_until(pause.until, now) +
         "), " +
         (pause.replicas ? "at " + std::to_string(pause.replicas->count()) + " replicas"
                         : "at what stands");
}

/// Writes one pool's change and says what came of it.
Result<void> change(const app::ClusterClient& cluster, const ObjectKey& key,
                    const kube::PauseChange& change, const std::string& done,
                    const Console& console) {
  const auto written = kube::write_pause(*cluster.client, key, change);
  if (!written.ok()) return written;
  console.out << key.text() << ' ' << (change.dry_run ? "would be " : "") << done << '\n';
  return {};
}

Result<void> pause_pool(const app::ClusterClient& cluster, const ObjectKey& key,
                        const model::Pause& pause, const config::Settings& settings,
                        const Console& console) {
  auto object = read_pool(cluster, key);
  if (!object.ok()) return object.error();
  if (pause.replicas) {
    if (auto fits = check_replicas(*object, key, *pause.replicas, settings.flag("yes")); !fits.ok())
      return fits;
  }
  return change(cluster, key,
                {.seen = *std::move(object), .pause = pause, .dry_run = settings.flag("dry-run")},
                done_text(pause, app::SystemClock().now()), console);
}

Result<void> resume_pool(const app::ClusterClient& cluster, const ObjectKey& key,
                         const config::Settings& settings, const Console& console) {
  auto object = read_pool(cluster, key);
  if (!object.ok()) return object.error();
  const auto reading = kube::read_pause(*object);
  if (!reading.pause && reading.problem.empty()) {
    console.out << key.text() << " is not paused\n";
    return {};
  }
  return change(
      cluster, key,
      {.seen = *std::move(object), .pause = std::nullopt, .dry_run = settings.flag("dry-run")},
      "resumed: it is decided upon again", console);
}

/// Does it for each pool that the arguments name, up to the first failure.
template <typename Act>
Exit for_each_pool(const config::Settings& settings, const Console& console, const Act& act) {
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  for (const std::string& text : settings.arguments()) {
    const Result<void> done =
        act(*cluster, object_key(text, home_namespace(settings, cluster->access)));
    if (!done.ok()) return fail(console, done.error());
  }
  return Exit::kOk;
}

Exit run_pause(const config::Settings& settings, const Console& console) {
  if (settings.arguments().empty()) return fail(console, usage_error(kWhichPool));
  const auto end = end_of(settings, app::SystemClock().now());
  if (!end.ok()) return fail(console, end.error());
  model::Pause pause{.until = *end, .replicas = std::nullopt};
  if (const auto count = settings.integer("replicas"))
    pause.replicas = Replicas{static_cast<int>(*count)};
  return for_each_pool(settings, console, [&](const auto& cluster, const ObjectKey& key) {
    return pause_pool(cluster, key, pause, settings, console);
  });
}

Exit run_resume(const config::Settings& settings, const Console& console) {
  if (settings.arguments().empty()) return fail(console, usage_error(kWhichPool));
  return for_each_pool(settings, console, [&](const auto& cluster, const ObjectKey& key) {
    return resume_pool(cluster, key, settings, console);
  });
}

config::Option dry_run_option() {
  return {.name = "dry-run",
          .help = "Let the API server check it, and change nothing.",
          .kind = Kind::kFlag};
}

std::vector<config::Option> pause_options() {
  auto all = request_options();
  const std::vector<config::Option> own{
      {.name = "for",
       .help = "How long; it ends by itself.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 60,
       .max = kLongestPause.count()},
      {.name = "until", .help = "Until when, instead of --for.", .value_name = "TIME"},
      {.name = "replicas",
       .help = "So many in total, whatever the demand; what stands without.",
       .kind = Kind::kInteger,
       .value_name = "NUMBER",
       .min = 1,
       .max = 100'000},
      {.name = "yes",
       .help = "With --replicas: also fewer than the pool has.",
       .kind = Kind::kFlag,
       .short_name = 'y'},
      dry_run_option()};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command pause_command() {
  return {.name = "pause",
          .summary = "hold a pool for a while, as it stands or at a number",
          .usage = "pause NAMESPACE/POOL... --for DURATION [options]",
          .about =
              "Sets the annotations by which a pool is held until a moment: nothing is lowered, "
              "and only the\nviewers of the moment raise it. With --replicas the fleet is that "
              "large, whatever the demand,\nwithin spec.replicas. What is held short meanwhile is "
              "reported. It ends by itself.",
          .options = pause_options(),
          .examples = {"edgetide pause video/live-edge --for 2h",
                       "edgetide pause video/live-edge --until 2026-12-05T22:00:00Z --replicas 80",
                       "edgetide pause live-edge vod -n video --for 30m --dry-run"},
          .max_arguments = 100,
          .names = Names::kPools,
          .run = run_pause};
}

Command resume_command() {
  auto options = request_options();
  options.push_back(dry_run_option());
  return {.name = "resume",
          .summary = "end a pool's pause",
          .usage = "resume NAMESPACE/POOL... [options]",
          .about = "Takes the annotations of a pause away; the pool is decided upon again at once.",
          .options = options,
          .examples = {"edgetide resume video/live-edge"},
          .max_arguments = 100,
          .names = Names::kPools,
          .run = run_resume};
}

}  // namespace edgetide::cli
