#include "telemetry/repeat_limit.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace edgetide::telemetry {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr int kMostInWindow = 5;
constexpr std::size_t kMostLines = 1'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string less_its_numbers(std::string_view line) {
  std::string rest;
  rest.reserve(line.size());
  std::ranges::remove_copy_if(line, std::back_inserter(rest), is_digit);
  return rest;
}

}  // namespace

std::optional<int> RepeatLimit::admit(std::string_view line, SteadyTime now) {
  make_room(now);
  Line& known = lines_.try_emplace(less_its_numbers(line), Line{.since = now}).first->second;
  if (now - known.since >= kWindow) known = {.since = now, .left_out = known.left_out};
  if (known.said == kMostInWindow) {
    ++known.left_out;
    return std::nullopt;
  }
  ++known.said;
  return std::exchange(known.left_out, 0);
}

void RepeatLimit::make_room(SteadyTime now) {
  if (lines_.size() < kMostLines) return;
  std::erase_if(lines_, [&](const auto& entry) { return now - entry.second.since >= kWindow; });
  if (lines_.size() >= kMostLines) lines_.clear();
}

}  // namespace edgetide::telemetry
