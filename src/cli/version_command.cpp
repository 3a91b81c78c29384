#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/version.h"
#include "report/structured_report.h"

namespace edgetide::cli {

Command version_command() {
  return {.name = "version",
          .summary = "print the version",
          .usage = "version [-o text|json|yaml]",
          .about = "Prints the version of this program and of the compiler that built it.",
          .options = {output_option({"text", "json", "yaml"})},
          .examples = {"edgetide version -o json"},
          .run = [](const config::Settings& settings, const Console& console) {
            const nlohmann::ordered_json version{{"version", kVersion},
                                                 {"apiVersion", "edgetide.io/v1alpha1"},
                                                 {"compiler", "g++ " __VERSION__}};
            const auto format = settings.text("output");
            if (format == "json") {
              console.out << version.dump(2) << '\n';
            } else if (format == "yaml") {
              console.out << report::to_yaml(version);
            } else {
              console.out << "edgetide " << kVersion << '\n';
            }
            return Exit::kOk;
          }};
}

}  // namespace edgetide::cli
