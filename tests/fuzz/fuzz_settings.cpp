// Every settings file is refused with its place, or gives values within their ranges.
#include "config/settings.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  using Kind = config::Option::Kind;
  const std::vector<config::Option> options{
      {.name = "config"},
      {.name = "namespace", .kind = Kind::kList},
      {.name = "interval", .kind = Kind::kDuration, .default_value = "15s", .min = 1, .max = 300},
      {.name = "listen-port", .kind = Kind::kInteger, .default_value = "8080", .max = 65535},
      {.name = "log-level", .default_value = "info", .choices = {"info", "debug"}},
      {.name = "quiet", .kind = Kind::kFlag}};
  const fuzz::MemoryFile file(data, size);
  const auto settings = config::read_settings(
      options, {.arguments = {"--config=" + file.path()},
                .environment = [](const std::string&) { return std::nullopt; }});
  if (!settings.ok()) {
    EDGETIDE_ASSERT(!settings.error().text().empty(), "a reason");
    return 0;
  }
  const auto interval = settings->duration("interval");
  EDGETIDE_ASSERT(interval && *interval >= Seconds{1} && *interval <= Seconds{300}, "in range");
  const auto port = settings->integer("listen-port");
  EDGETIDE_ASSERT(port && *port >= 0 && *port <= 65535, "in range");
  EDGETIDE_ASSERT(settings->text("log-level") == "info" || settings->text("log-level") == "debug",
                  "a choice");
  return 0;
}
