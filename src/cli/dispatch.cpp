#include <algorithm>
#include <ostream>

#include "cli/command.h"
#include "edgetide/core/nearest.h"

namespace edgetide::cli {
namespace {

constexpr std::string_view kAbout =
    "edgetide: edge capacity that serves before the viewers arrive\n"
    "\n"
    "Usage: edgetide COMMAND [options]\n"
    "\n"
    "Commands:\n";

bool asks_for_help(const std::vector<std::string>& arguments) {
  return std::ranges::any_of(arguments, [](const std::string& argument) {
    return argument == "-h" || argument == "--help";
  });
}

void print_overview(std::ostream& out) {
  out << kAbout;
  for (const Command& command : commands()) {
    out << "  " << command.name << std::string(14 - command.name.size(), ' ') << command.summary
        << '\n';
  }
  out << "\n'edgetide COMMAND --help' shows a command's options and examples. Every option can "
         "also "
         "be set\nby EDGETIDE_NAME in the environment; a flag is stronger.\n";
}

void print_help(const Command& command, std::ostream& out) {
  out << "Usage: edgetide " << command.usage << "\n\n" << command.about << '\n';
  if (!command.options.empty()) out << "\nOptions:\n" << config::help_table(command.options);
  if (!command.examples.empty()) out << "\nExamples:\n";
  for (const auto& example : command.examples) out << "  " << example << '\n';
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &Command::name);
  return found == commands().end() ? nullptr : &*found;
}

Exit unknown_command(const std::string& name, const Console& console) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.push_back(command.name);
  const auto best = nearest(name, names);
  return fail(console, {.code = ErrorCode::kInvalid,
                        .message = "unknown command '" + name + "'" +
                                   (best ? "; did you mean " + *best + "?"
                                         : "; 'edgetide --help' lists them")});
}

Exit run_command(const Command& command, const std::vector<std::string>& arguments,
                 const Console& console) {
  const auto settings = config::read_settings(command.options, {arguments, console.environment});
  if (!settings.ok()) {
    const Exit exit = fail(console, settings.error());
    console.err << "See 'edgetide " << command.name << " --help'.\n";
    return exit == Exit::kNotFound ? Exit::kUsage : exit;
  }
  if (settings->arguments().size() > command.max_arguments) {
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "unexpected argument '" +
                                     settings->arguments()[command.max_arguments] + "'"});
  }
  return command.run(*settings, console);
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      operator_command(), demo_command(),       plan_command(),   forecast_command(),
      backtest_command(), accuracy_command(),   events_command(), history_command(),
      crds_command(),     completion_command(), version_command()};
  return all;
}

Exit dispatch(const std::vector<std::string>& arguments, const Console& console) {
  if (arguments.empty()) {
    print_overview(console.err);
    return Exit::kUsage;
  }
  const std::string& name = arguments.front();
  if (name == "-h" || name == "--help" || (name == "help" && arguments.size() == 1)) {
    print_overview(console.out);
    return Exit::kOk;
  }
  const bool help_topic = name == "help";
  const std::string& topic =
      name == "--version" ? version_command().name : arguments[help_topic ? 1 : 0];
  const Command* command = find_command(topic);
  if (command == nullptr) return unknown_command(topic, console);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (help_topic || asks_for_help(rest)) {
    print_help(*command, console.out);
    return Exit::kOk;
  }
  return run_command(*command, rest, console);
}

Exit exit_for(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalid:
    case ErrorCode::kTooLarge: return Exit::kUsage;
    case ErrorCode::kNotFound: return Exit::kNotFound;
    case ErrorCode::kUnauthorized:
    case ErrorCode::kForbidden:
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout: return Exit::kUnreachable;
    case ErrorCode::kCancelled: return Exit::kInterrupted;
    case ErrorCode::kConflict:
    case ErrorCode::kExpired: return Exit::kFailed;
  }
  return Exit::kFailed;
}

Exit fail(const Console& console, const Error& error) {
  console.err << "edgetide: " << error.text() << '\n';
  return exit_for(error);
}

}  // namespace edgetide::cli
