#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "edgetide/core/nearest.h"

namespace edgetide::cli {
namespace {

/// Before "--", behind which nothing is an option.
bool asks_for_help(const std::vector<std::string>& arguments) {
  return std::any_of(
      arguments.begin(), std::ranges::find(arguments, "--"),
      [](const std::string& argument) { return argument == "-h" || argument == "--help"; });
}

void print_overview(const std::string& program, std::ostream& out) {
  out << "edgetide: edge capacity that serves before the viewers arrive\n\nUsage: " << program
      << " COMMAND [options]\n\nCommands:\n";
  for (const Command& command : commands()) {
    out << "  " << command.name << std::string(14 - command.name.size(), ' ') << command.summary
        << '\n';
  }
  out << "\n'" << program
      << " COMMAND --help' shows a command's options and examples. Every option can also be\n"
         "set by EDGETIDE_NAME in the environment; a flag is stronger.\n";
}

/// The command line with the program as people call it.
std::string as_called(const std::string& line, const std::string& program) {
  constexpr std::string_view kName = "edgetide ";
  return line.starts_with(kName) ? program + " " + line.substr(kName.size()) : line;
}

void print_help(const Command& command, const std::string& program, std::ostream& out) {
  out << "Usage: " << program << ' ' << command.usage << "\n\n" << command.about << '\n';
  if (!command.parts.empty()) {
    out << "\nWhat it does:\n";
    for (const Part& part : command.parts)
      out << "  " << part.word << std::string(14 - part.word.size(), ' ') << part.summary << '\n';
    out << "\n'" << program << ' ' << command.name << ' ' << command.parts.front().word
        << " --help' shows the options of one of them.\n";
  } else if (!command.options.empty()) {
    out << "\nOptions:\n" << config::help_table(command.options);
  }
  if (!command.examples.empty()) out << "\nExamples:\n";
  for (const auto& example : command.examples) out << "  " << as_called(example, program) << '\n';
}

void print_help(const Command& command, const Part& part, const std::string& program,
                std::ostream& out) {
  std::vector<config::Option> options;
  for (const auto& option : command.options)
    if (std::ranges::find(part.options, option.name) != part.options.end())
      options.push_back(option.name == part.output.name ? part.output : option);
  out << "Usage: " << program << ' ' << command.name << ' ' << part.usage << "\n\n"
      << part.about << "\n\nOptions:\n"
      << config::help_table(options);
  const std::string begin = "edgetide " + command.name + " " + part.word;
  out << "\nExamples:\n";
  for (const auto& example : command.examples)
    if (example.starts_with(begin)) out << "  " << as_called(example, program) << '\n';
}

Exit unknown_command(const std::string& name, const Console& console) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.push_back(command.name);
  const auto best = nearest(name, names);
  return fail(console, {.code = ErrorCode::kInvalid,
                        .message = "unknown command '" + name + "'" +
                                   (best ? "; did you mean " + *best + "?"
                                         : "; '" + console.program + " --help' lists them")});
}

bool wants_json(const Command& command, const config::Settings& settings) {
  const bool prints =
      std::ranges::find(command.options, "output", &config::Option::name) != command.options.end();
  return prints && settings.text("output") == "json";
}

Exit run_command(const Command& command, const std::vector<std::string>& arguments,
                 const Console& console) {
  const auto settings = config::read_settings(command.options, {arguments, console.environment});
  if (!settings.ok()) {
    const Exit exit = fail(console, settings.error());
    console.err << "See '" << console.program << ' ' << command.name << " --help'.\n";
    return exit == Exit::kNotFound ? Exit::kUsage : exit;
  }
  if (settings->arguments().size() > command.max_arguments) {
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "unexpected argument '" +
                                     settings->arguments()[command.max_arguments] + "'"});
  }
  Console told = console;
  told.json_errors = wants_json(command, *settings);
  return command.run(*settings, told);
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      operator_command(), status_command(),     explain_command(),  plan_command(),
      history_command(),  pause_command(),      resume_command(),   doctor_command(),
      events_command(),   classes_command(),    forecast_command(), backtest_command(),
      accuracy_command(), simulate_command(),   demo_command(),     crds_command(),
      reasons_command(),  completion_command(), man_command(),      version_command()};
  return all;
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &Command::name);
  return found == commands().end() ? nullptr : &*found;
}

Exit dispatch(const std::vector<std::string>& arguments, const Console& console) {
  if (arguments.empty()) {
    print_overview(console.program, console.err);
    return Exit::kUsage;
  }
  const std::string& name = arguments.front();
  if (name == "-h" || name == "--help" || (name == "help" && arguments.size() == 1)) {
    print_overview(console.program, console.out);
    return Exit::kOk;
  }
  const bool help_topic = name == "help";
  const std::string& topic =
      name == "--version" ? version_command().name : arguments[help_topic ? 1 : 0];
  const Command* command = find_command(topic);
  if (command == nullptr) return unknown_command(topic, console);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (help_topic || asks_for_help(rest)) {
    if (const Part* part = part_named(*command, rest)) {
      print_help(*command, *part, console.program, console.out);
    } else {
      print_help(*command, console.program, console.out);
    }
    return Exit::kOk;
  }
  return run_command(*command, rest, console);
}

const Part* part_named(const Command& command, const std::vector<std::string>& words) {
  const auto named = std::ranges::find_if(command.parts, [&](const Part& part) {
    return std::ranges::find(words, part.word) != words.end();
  });
  return named == command.parts.end() ? nullptr : &*named;
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
  if (console.json_errors) {
    console.err << nlohmann::ordered_json{{"apiVersion", "edgetide.io/v1alpha1"},
                                          {"kind", "Error"},
                                          {"code", to_string(error.code)},
                                          {"message", error.text()}}
                       .dump()
                << '\n';
  } else {
    console.err << "edgetide: " << error.text() << '\n';
  }
  return exit_for(error);
}

Exit fail_on_word(const Console& console, const std::string& command,
                  const std::vector<std::string>& words, const std::string& given) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  const auto meant = nearest(given, words);
  const Exit exit =
      fail(console, {.code = ErrorCode::kInvalid,
                     .message = given.empty() ? "which of " + all + "?"
                                              : "'" + given + "' is none of " + all +
                                                    (meant ? "; did you mean " + *meant + "?" : ""),
                     .context = given.empty() ? command : ""});
  if (!console.json_errors)
    console.err << "See '" << console.program << ' ' << command << " --help'.\n";
  return exit;
}

}  // namespace edgetide::cli
