#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/version.h"

namespace edgetide::cli {
namespace {

/// Text for roff: a hyphen is one, a backslash is shown, and no line is a request.
std::string escaped(const std::string& text) {
  std::string roff;
  for (const char c : text) {
    if (roff.empty() || roff.back() == '\n') {
      if (c == '.' || c == '\'') roff += "\\&";
    }
    if (c == '-') {
      roff += "\\-";
    } else if (c == '\\') {
      roff += "\\e";
    } else {
      roff += c;
    }
  }
  return roff;
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escaped(text) + "\\fR"; }

void print_option(const config::Option& option, std::ostream& out) {
  out << ".TP\n";
  if (option.short_name != 0) out << bold(std::string{'-', option.short_name}) << ", ";
  out << bold("--" + option.name);
  if (option.kind != config::Option::Kind::kFlag) out << ' ' << italic(option.value_name);
  out << '\n' << escaped(config::full_help(option)) << '\n';
}

void print_command(const Command& command, std::ostream& out) {
  out << ".SS " << escaped(command.name) << "\n.B edgetide " << escaped(command.usage) << "\n.PP\n"
      << escaped(command.about) << '\n';
  for (const auto& option : command.options) print_option(option, out);
  if (command.examples.empty()) return;
  out << ".PP\n.nf\n";
  for (const auto& example : command.examples) out << escaped(example) << '\n';
  out << ".fi\n";
}

constexpr const char* kAround =
    ".SH EXIT STATUS\n"
    "0: done. 1: something went wrong while it ran. 2: the command line, the environment or a "
    "file\n"
    "cannot be understood. 3: what was asked for does not exist. 4: \\fBplan "
    "\\-\\-exit\\-code\\fR: a\n"
    "pool would be changed, or has a shortfall. 5: no connection to the API server, or not let "
    "in.\n"
    "130: interrupted.\n"
    ".SH ENVIRONMENT\n"
    "Every option can be set as \\fBEDGETIDE_NAME\\fR, in capitals and with underscores; a flag "
    "is\n"
    "stronger. \\fBKUBECONFIG\\fR names the kubeconfig files, and \\fBNO_COLOR\\fR turns colours "
    "off and \\fBCLICOLOR_FORCE\\fR on.\n"
    ".SH SEE ALSO\n"
    ".BR kubectl (1)\n";

/// "2026-12-05", of the commit that was built, so that the same one gives the same page; empty
/// where nobody knows it.
std::string_view page_date() {
  const auto date = revision_date();
  return date.find('T') == 10 ? date.substr(0, 10) : std::string_view{};
}

Exit run(const config::Settings&, const Console& console) {
  auto& out = console.out;
  out << ".TH EDGETIDE 1 \"" << page_date() << "\" \"edgetide " << kVersion
      << "\" \"User Commands\"\n"
      << ".SH NAME\nedgetide \\- edge capacity that serves before the viewers arrive\n"
      << ".SH SYNOPSIS\n.B edgetide\n.I COMMAND\n.RI [ options ]\n"
      << ".SH DESCRIPTION\n"
         "An operator for Kubernetes that scales fleets of streaming edge servers ahead of their\n"
         "viewers, and the commands that show what it decides. Started as \\fBkubectl edgetide\\fR "
         "it\n"
         "is the same program.\n"
      << ".SH COMMANDS\n";
  for (const Command& command : commands()) print_command(command, out);
  out << kAround;
  return Exit::kOk;
}

}  // namespace

Command man_command() {
  return {
      .name = "man",
      .summary = "print the manual page",
      .usage = "man",
      .about = "Prints the manual page of the program and all of its commands, for man(1).",
      .examples = {"edgetide man > ~/.local/share/man/man1/edgetide.1", "edgetide man | man -l -"},
      .run = run};
}

}  // namespace edgetide::cli
