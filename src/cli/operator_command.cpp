#include "app/operator.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/version.h"
#include "telemetry/log.h"

namespace edgetide::cli {
namespace {

std::vector<config::Option> options() {
  auto all = cluster_options();
  const std::vector<config::Option> own{
      {.name = "config",
       .help = "Settings file: a YAML object whose keys are the names of these options.",
       .value_name = "FILE"},
      {.name = "interval",
       .help = "Between two looks at one pool.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "15s",
       .min = 1,
       .max = 300},
      node_room_option(),
      {.name = "leader-election",
       .help =
           "Several replicas run: act only as their leader, elected by a Lease. Without it, run "
           "one.",
       .kind = config::Option::Kind::kFlag},
      {.name = "lease-name",
       .help = "Name of that Lease.",
       .value_name = "NAME",
       .default_value = "edgetide"},
      {.name = "lease-namespace",
       .help = "Namespace of that Lease; the pod's, or the context's, when empty.",
       .value_name = "NAMESPACE"},
      {.name = "lease-duration",
       .help = "A lease that is not renewed keeps the other replicas away for so long.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "15s",
       .min = 2,
       .max = 3600},
      {.name = "renew-deadline",
       .help =
           "A leader that could not renew for so long ends itself; less than the lease duration.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "10s",
       .min = 1,
       .max = 3600},
      {.name = "retry-period",
       .help = "Between two renewals.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "2s",
       .min = 1,
       .max = 3600},
      {.name = "kube-api-qps",
       .help = "Requests a second to the API server at most, those of leader election apart; what "
               "really protects it is its own Priority and Fairness.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "COUNT",
       .default_value = "1000",
       .min = 1,
       .max = 100000},
      {.name = "kube-api-burst",
       .help = "Requests at once after a rest.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "COUNT",
       .default_value = "2000",
       .min = 1,
       .max = 100000},
      {.name = "data-dir",
       .help = "Directory that outlives the process: keeps what is learned, so that a restart "
               "decides at once, and the decisions that 'edgetide history' shows. Without it "
               "nothing is kept.",
       .value_name = "DIR"},
      {.name = "listen-host",
       .help =
           "Address that /livez, /readyz and /metrics are served on; [::] is both IPv6 and IPv4.",
       .value_name = "ADDRESS",
       .default_value = "0.0.0.0"},
      {.name = "listen-port",
       .help = "Port of the same; 0 lets the kernel choose.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "PORT",
       .default_value = "8080",
       .min = 0,
       .max = 65535},
      {.name = "metrics-auth",
       .help = "Who may read /metrics: everybody, or who bears a token that the API server knows "
               "(TokenReview) and lets get the path /metrics (SubjectAccessReview). The probes are "
               "for everybody.",
       .value_name = "WHO",
       .default_value = "none",
       .choices = {"none", "token"}},
      {.name = "core-dumps",
       .help = "Let a crash leave a core dump, for finding its cause. It holds tokens and keys.",
       .kind = config::Option::Kind::kFlag},
      {.name = "log-format",
       .help = "How log lines look.",
       .value_name = "FORMAT",
       .default_value = "text",
       .choices = {"text", "json"}},
      {.name = "log-level",
       .help = "The least that is logged.",
       .value_name = "LEVEL",
       .default_value = "info",
       .choices = {"debug", "info", "warn", "error"}},
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto format = settings.text("log-format") == "json" ? telemetry::LogFormat::kJson
                                                            : telemetry::LogFormat::kText;
  if (auto log = telemetry::start_log(format, settings.text("log-level")); !log.ok()) {
    return fail(console, log.error());
  }
  const auto done = app::run_operator(
      {.access = access_options(settings),
       .lead = {.elect = settings.flag("leader-election"),
                .name_space = settings.text("lease-namespace"),
                .name = settings.text("lease-name"),
                .lease_duration = *settings.duration("lease-duration"),
                .renew_deadline = *settings.duration("renew-deadline"),
                .retry_period = *settings.duration("retry-period")},
       .namespaces = settings.list("namespace"),
       .node_room = settings.flag("node-room"),
       .interval = *settings.duration("interval"),
       .rate_limit = {.per_second = static_cast<double>(*settings.integer("kube-api-qps")),
                      .burst = static_cast<int>(*settings.integer("kube-api-burst"))},
       .data_directory = settings.text("data-dir"),
       .listen_host = settings.text("listen-host"),
       .listen_port = static_cast<int>(*settings.integer("listen-port")),
       .metrics_token = settings.text("metrics-auth") == "token",
       .core_dumps = settings.flag("core-dumps"),
       .version = std::string(kVersion)});
  return done.ok() ? Exit::kOk : fail(console, done.error());
}

}  // namespace

Command operator_command() {
  return {
      .name = "operator",
      .summary = "run the operator",
      .usage = "operator [options]",
      .about =
          "Watches EdgePools, StreamEvents, EventClasses and MetricSources and keeps the pools'\n"
          "fleets ahead of their viewers. A pool in mode DryRun, the default, is decided upon "
          "and\nreported, never scaled. Ends cleanly within five seconds of SIGTERM.",
      .options = options(),
      .examples =
          {"edgetide operator                               # in a pod, or by ~/.kube/config",
           "edgetide operator --namespace video --log-format json",
           "EDGETIDE_INTERVAL=5s edgetide operator --kubeconfig ./kubeconfig"},
      .run = run};
}

}  // namespace edgetide::cli
