#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "cli/command.h"

namespace {

/// Of the terminal that standard output goes to.
std::optional<std::size_t> terminal_columns() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  if (size.ws_col == 0) return {};
  return size.ws_col;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace edgetide;
  const cli::Console console{
      .out = std::cout,
      .err = std::cerr,
      .environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return value;
      },
      .columns = terminal_columns()};
  const std::string name = argc > 0 ? argv[0] : "edgetide";
  const auto exit = cli::run_as(name, {argv + std::min(argc, 1), argv + argc}, console);
  console.out.flush();
  return static_cast<int>(exit);
}
