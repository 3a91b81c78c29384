#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "cli/command.h"
#include "cli/page_server.h"

/// What runs that are watched while they last have in common: their pace, their page, their end.
namespace edgetide::cli {

/// While it lives, SIGINT and SIGTERM are noted instead of ending the process.
class SignalsNoted {
 public:
  SignalsNoted();
  ~SignalsNoted();
  SignalsNoted(const SignalsNoted&) = delete;
  SignalsNoted& operator=(const SignalsNoted&) = delete;

  [[nodiscard]] static bool any();

 private:
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

/// How many times faster than life; nothing for as fast as it goes.
using Speed = std::optional<double>;

/// "300", "300x", "max". kInvalid with the legal values.
[[nodiscard]] Result<Speed> speed_of(const std::string& text);
/// `--speed` with that default.
[[nodiscard]] config::Option speed_option();
/// `--serve` with what is shown: "the evening".
[[nodiscard]] config::Option serve_option(const std::string& what);

/// Holds virtual time to its speed.
class Pace {
 public:
  explicit Pace(Speed speed) : speed_(speed) {}

  /// Waits until so much virtual time may have passed, or a signal came.
  void wait_until(Seconds passed) const;
  [[nodiscard]] std::string text() const;  ///< "300 x life"

 private:
  Speed speed_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// A run in a browser, when that is asked for.
class LivePage {
 public:
  /// Tells where the page is; without a port nothing is served. kInvalid where the port cannot be
  /// had.
  [[nodiscard]] static Result<LivePage> start(std::optional<int> port, std::ostream& told);

  /// Twice a second at most, whatever is called for.
  void show(const std::function<web::Page()>& page);
  /// Leaves the finished page there until a signal comes.
  void stay(const std::function<web::Page()>& page, std::ostream& told);

 private:
  explicit LivePage(std::unique_ptr<PageServer> server) : server_(std::move(server)) {}

  std::unique_ptr<PageServer> server_;
  std::chrono::steady_clock::time_point next_{};
};

/// Tells on standard error that the run was ended at this moment of it.
Exit interrupted(const Console& console, Instant at);

}  // namespace edgetide::cli
