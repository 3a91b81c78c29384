#include <ostream>

#include "cli/command.h"
#include "kube/crds.h"

namespace edgetide::cli {

Command crds_command() {
  return {.name = "crds",
          .summary = "print the custom resource definitions",
          .usage = "crds",
          .about = "Prints the CustomResourceDefinitions of this version as one YAML stream.",
          .examples = {"edgetide crds | kubectl apply --server-side -f -"},
          .run = [](const config::Settings&, const Console& console) {
            console.out << kube::crd_stream();
            return Exit::kOk;
          }};
}

}  // namespace edgetide::cli
