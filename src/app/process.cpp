#include "app/process.h"

#include <sys/prctl.h>

#include <cstdlib>
#include <exception>
#include <string>

#include "telemetry/log.h"

namespace edgetide::app {
namespace {

/// What is being thrown, in its own words.
std::string words_of_current_exception() {
  const auto exception = std::current_exception();
  if (!exception) return "std::terminate was called";
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& problem) {
    return problem.what();
  } catch (...) {
    return "an exception of no standard kind";
  }
}

[[noreturn]] void end_with_words() {
  try {
    telemetry::log_error("ending, an exception was not caught: " + words_of_current_exception());
  } catch (...) {
    // No memory for words either: ending is what matters.
  }
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

void forbid_core_dumps() { prctl(PR_SET_DUMPABLE, 0); }

void end_on_uncaught_exceptions() { std::set_terminate(end_with_words); }

}  // namespace edgetide::app
