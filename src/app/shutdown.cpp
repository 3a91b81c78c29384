#include "app/shutdown.h"

#include <unistd.h>

#include <ctime>
#include <thread>

namespace edgetide::app {

ShutdownSignals::ShutdownSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int ShutdownSignals::wait() const {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
  return signal;
}

void ShutdownSignals::end_soon() const {
  std::thread([signals = signals_] {
    const timespec patience{.tv_sec = 4, .tv_nsec = 500'000'000};
    sigtimedwait(&signals, nullptr, &patience);
    _exit(1);
  }).detach();
}

}  // namespace edgetide::app
