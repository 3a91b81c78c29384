// A watch's bytes, cut anywhere: the same lines come out however they were cut, none longer than
// the limit, and each is an event or is refused.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/assert.h"
#include "kube/watch_decoder.h"

namespace {

constexpr std::size_t kLongest = 256;

std::vector<std::string> lines_of(std::string_view bytes, std::size_t piece) {
  edgetide::kube::LineSplitter splitter(kLongest);
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const auto outcome = splitter.feed(bytes.substr(0, piece), [&](std::string_view line) {
      lines.emplace_back(line);
      return true;
    });
    if (outcome != edgetide::kube::LineSplitter::Outcome::kMore) break;
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = lines_of(bytes, bytes.size());
  EDGETIDE_ASSERT(whole == lines_of(bytes, 1), "the same lines, however they were cut");
  for (const auto& line : whole) {
    EDGETIDE_ASSERT(line.size() <= kLongest, "no line above the limit");
    static_cast<void>(edgetide::kube::visit_watch_event(line, [](auto, auto) {}));
  }
  return 0;
}
