#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"

namespace edgetide::cli {

/// Exit codes, the same for every command; listed in docs/cli.md.
enum class Exit : int {
  kOk = 0,
  kFailed = 1,       ///< Something went wrong while it ran.
  kUsage = 2,        ///< The command line, environment or a file cannot be understood.
  kNotFound = 3,     ///< What was asked for does not exist.
  kDecided = 4,      ///< `plan --exit-code`: a pool would be changed, or has a shortfall.
  kUnreachable = 5,  ///< API server: no connection, or not let in.
  kInterrupted = 130,
};

/// Whose names an argument can be.
enum class Names { kNone, kPools, kClasses, kNamespaces };

/// What a command talks to.
struct Console {
  std::ostream& out;  ///< What was asked for.
  std::ostream& err;  ///< Everything else.
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::string program = "edgetide";    ///< As people call it: "kubectl edgetide" for the plugin.
  std::optional<std::size_t> columns;  ///< Of the terminal; nothing where there is none.
  bool json_errors = false;            ///< Who asked for JSON gets it where something fails, too.
};

/// One of a command's words that takes a part of its options: `edgetide NAME WORD`.
struct Part {
  std::string word;
  std::string summary;               ///< A few words for the command's help.
  std::string about;                 ///< Sentences for its own.
  std::string usage;                 ///< "import FILE... [options]"
  std::vector<std::string> options;  ///< The names of those that it takes.
  config::Option output;             ///< --output as it takes it.
};

/// One `edgetide NAME`.
struct Command {
  std::string name;
  std::string summary;  ///< A few words for the list of commands.
  std::string usage;    ///< "plan [NAMESPACE/POOL]... [options]"
  std::string about;    ///< A paragraph for its help.
  std::vector<config::Option> options;
  std::vector<std::string> examples;  ///< "command line   # what it does"
  std::size_t max_arguments = 0;      ///< Beside options.
  std::vector<std::string> words;     ///< What its first argument can be; empty for a name.
  std::vector<Part> parts;            ///< Of these words, where its help tells of each by itself.
  Names names = Names::kNone;         ///< What its arguments name, behind such a word.
  std::function<Exit(const config::Settings&, const Console&)> run;
};

/// The command line after the program's name: finds the command, reads its settings, runs it.
[[nodiscard]] Exit dispatch(const std::vector<std::string>& arguments, const Console& console);

/// The same by the name that the program was started as, which may have a folder: as
/// "kubectl-edgetide" it is kubectl's plugin, as "kubectl_complete-edgetide" it tells kubectl how
/// the plugin's command line can go on.
[[nodiscard]] Exit run_as(const std::string& name, const std::vector<std::string>& arguments,
                          Console console);

/// The part of the command that one of the words names; nullptr for none.
[[nodiscard]] const Part* part_named(const Command& command, const std::vector<std::string>& words);

/// Which exit code an error deserves.
[[nodiscard]] Exit exit_for(const Error& error);

/// Prints "edgetide: error" to the console, or the error as JSON, and returns its exit code.
[[nodiscard]] Exit fail(const Console& console, const Error& error);

/// Says that the first argument has to be one of these words, and that it is missing where it is
/// empty.
[[nodiscard]] Exit fail_on_word(const Console& console, const std::string& command,
                                const std::vector<std::string>& words, const std::string& given);

}  // namespace edgetide::cli
