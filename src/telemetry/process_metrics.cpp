#include "telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <optional>

namespace edgetide::telemetry {
namespace {

/// proc(5): the second number of statm, in pages.
std::optional<double> resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(file >> size >> resident)) return std::nullopt;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

void write_process(TextFormat& text) {
  text.begin({"process_resident_memory_bytes", "Memory of the operator that is in RAM."});
  if (const auto bytes = resident_bytes()) text.sample({}, *bytes);
  text.begin({"process_cpu_seconds_total", "Processor time that the operator has taken.",
              FamilyHead::Type::kCounter});
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    text.sample({}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

}  // namespace edgetide::telemetry
