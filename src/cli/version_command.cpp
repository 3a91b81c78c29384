#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/version.h"
#include "kube/supported.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

/// By name, from "fmt=9.1.0,zlib=1.2.13,"; those whose version the build did not learn are left
/// out.
nlohmann::ordered_json libraries() {
  auto versions = nlohmann::ordered_json::object();
  std::istringstream list(EDGETIDE_LIBRARIES);
  for (std::string one; std::getline(list, one, ',');) {
    const auto equals = one.find('=');
    if (equals + 1 < one.size()) versions[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return versions;
}

Exit run(const config::Settings& settings, const Console& console) {
  const nlohmann::ordered_json version{{"version", kVersion},
                                       {"commit", EDGETIDE_REVISION},
                                       {"date", revision_date()},
                                       {"apiVersion", "edgetide.io/v1alpha1"},
                                       {"kubernetes",
                                        {{"oldest", kube::minor_text(kube::kOldestMinor)},
                                         {"tested", kube::minor_text(kube::kTestedMinor)}}},
                                       {"compiler", "g++ " __VERSION__},
                                       {"libraries", libraries()}};
  const auto format = settings.text("output");
  if (format == "json") {
    console.out << version.dump(2) << '\n';
  } else if (format == "yaml") {
    console.out << report::to_yaml(version);
  } else {
    console.out << "edgetide " << kVersion << " (" << EDGETIDE_REVISION << ")\n";
  }
  return Exit::kOk;
}

}  // namespace

std::string_view revision_date() { return EDGETIDE_REVISION_DATE; }

Command version_command() {
  return {
      .name = "version",
      .summary = "print the version",
      .usage = "version [-o text|json|yaml]",
      .about =
          "Prints the version of this program with the commit that it was built from; as JSON "
          "or YAML also\nwhen that was committed, the versions of Kubernetes that it is for (the "
          "oldest that will do, and\nthe one that it is tested on), the compiler, and the "
          "libraries that it was built with. A commit and\nits date are unknown to a build "
          "from an archive of the sources.",
      .options = {output_option({"text", "json", "yaml"})},
      .examples = {"edgetide version -o json"},
      .run = run};
}

}  // namespace edgetide::cli
