#include <algorithm>
#include <ostream>

#include "app/doctor.h"
#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/doctor_output.h"
#include "cli/output_option.h"
#include "cli/version.h"

namespace edgetide::cli {
namespace {

Exit run(const config::Settings& settings, const Console& console) {
  const std::string account = settings.text("service-account");
  if (!account.empty() && (account.find('/') == std::string::npos || account.ends_with('/'))) {
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "'" + account + "' is not NAMESPACE/NAME",
                          .context = "--service-account"});
  }
  const auto findings = app::examine({.access = request_access(settings),
                                      .namespaces = settings.list("namespace"),
                                      .service_account = account,
                                      .lease_namespace = settings.text("lease-namespace"),
                                      .lease_name = settings.text("lease-name"),
                                      .version = std::string(kVersion)},
                                     app::SystemClock());
  console.out << print_findings(findings, settings.text("output"));
  const bool failed = std::ranges::any_of(findings, [](const app::Finding& finding) {
    return finding.state == app::Finding::State::kFailure;
  });
  return failed ? Exit::kFailed : Exit::kOk;
}

std::vector<config::Option> options() {
  auto all = request_options();
  all.push_back({.name = "service-account",
                 .help = "The operator's service account: its rights are looked at. In the "
                         "operator's pod they are without.",
                 .value_name = "NAMESPACE/NAME"});
  all.push_back({.name = "lease-namespace",
                 .help = "Namespace of the Lease that the operator's replicas elect a leader by; "
                         "without, that of --service-account, of the pod that this runs in, or "
                         "edgetide.",
                 .value_name = "NAMESPACE"});
  all.push_back({.name = "lease-name",
                 .help = "Name of that Lease.",
                 .value_name = "NAME",
                 .default_value = "edgetide"});
  all.push_back(output_option({"text", "json", "yaml"}));
  return all;
}

}  // namespace

Command doctor_command() {
  return {
      .name = "doctor",
      .summary = "whether everything is there that decisions need",
      .usage = "doctor [options]",
      .about =
          "Looks at the way to the API server, its version and clock, the definitions, who leads, "
          "rights,\npools, metric sources with the age of what they answer, and at HPAs and "
          "ScaledObjects on the\npools' targets. Changes nothing. Exits with 1 when something "
          "fails.",
      .options = options(),
      .examples = {"edgetide doctor --service-account edgetide/edgetide",
                   "kubectl exec -n edgetide deploy/edgetide -- edgetide doctor   # from there"},
      .run = run};
}

}  // namespace edgetide::cli
