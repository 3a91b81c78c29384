#include <ostream>

#include "cli/cluster_names.h"
#include "cli/command.h"
#include "cli/complete.h"

namespace edgetide::cli {
namespace {

/// As cobra's ShellCompDirective, which kubectl reads: files are offered as well, or are not.
constexpr const char* kWithFiles = ":0\n";
constexpr const char* kWithoutFiles = ":4\n";

Exit tell_kubectl(const std::vector<std::string>& words, std::ostream& out) {
  const auto found = complete(words, names_in_cluster);
  print_words(found, out);
  out << (found.empty() ? kWithFiles : kWithoutFiles);
  return Exit::kOk;
}

}  // namespace

Exit run_as(const std::string& name, const std::vector<std::string>& arguments, Console console) {
  const std::string base = name.substr(name.rfind('/') + 1);
  if (base == "kubectl_complete-edgetide") return tell_kubectl(arguments, console.out);
  if (base == "kubectl-edgetide") console.program = "kubectl edgetide";
  return dispatch(arguments, console);
}

}  // namespace edgetide::cli
