#include "cli/progress.h"

#include <unistd.h>

#include <cmath>

namespace edgetide::cli {
namespace {

constexpr const char* kEraseLine = "\r\x1b[K";

}  // namespace

Progress::~Progress() {
  if (shown_) err_ << kEraseLine << std::flush;
}

void Progress::show(const std::string& what, double done) {
  const auto now = Clock::now();
  if (!terminal_ || now < next_) return;
  next_ = now + std::chrono::milliseconds{100};
  shown_ = true;
  err_ << kEraseLine << what << "  " << std::lround(100 * done) << " %" << std::flush;
}

bool stderr_is_terminal(const std::string& term) {
  return isatty(STDERR_FILENO) != 0 && !term.empty() && term != "dumb";
}

}  // namespace edgetide::cli
