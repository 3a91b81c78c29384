#include "config/settings.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

namespace edgetide::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Option> kOptions{
    {.name = "config", .help = "Settings file."},
    {.name = "log-level",
     .help = "How much is logged.",
     .default_value = "info",
     .choices = {"debug", "info", "warn"}},
    {.name = "port",
     .help = "Port.",
     .kind = Option::Kind::kInteger,
     .default_value = "8080",
     .min = 0,
     .max = 65535},
    {.name = "interval",
     .help = "Between looks.",
     .kind = Option::Kind::kDuration,
     .default_value = "15s",
     .min = 1,
     .max = 3600},
    {.name = "namespace", .help = "Namespaces.", .kind = Option::Kind::kList, .short_name = 'n'},
    {.name = "once", .help = "Only once.", .kind = Option::Kind::kFlag},
};

Result<Settings> read(std::vector<std::string> arguments,
                      std::map<std::string, std::string> environment = {}) {
  return read_settings(
      kOptions,
      {.arguments = std::move(arguments),
       .environment = [environment](const std::string& name) -> std::optional<std::string> {
         const auto found = environment.find(name);
         if (found == environment.end()) return std::nullopt;
         return found->second;
       }});
}

std::string written(const std::string& text) {
  std::string path = testing::TempDir() + "edgetide-settings-test.yaml";
  std::ofstream(path) << text;
  return path;
}

TEST(Settings, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const auto file = written("log-level: debug\nport: 1\ninterval: 1m\n");
  const auto settings =
      read({"--config", file, "--log-level=warn"}, {{"EDGETIDE_PORT", "2"}}).value();
  EXPECT_EQ(settings.text("log-level"), "warn");
  EXPECT_EQ(settings.integer("port"), 2);
  EXPECT_EQ(settings.duration("interval"), Seconds{60});
  EXPECT_FALSE(settings.flag("once"));
  EXPECT_EQ(settings.origin("log-level"), Origin::kFlag);
  EXPECT_EQ(settings.origin("port"), Origin::kEnvironment);
  EXPECT_EQ(settings.origin("interval"), Origin::kFile);
  EXPECT_EQ(settings.origin("once"), Origin::kDefault);
}

TEST(Settings, ListsRepeatAndArgumentsStay) {
  const auto settings = read({"video/live", "-n", "a", "--namespace=b", "--once", "more"}).value();
  EXPECT_THAT(settings.list("namespace"), ElementsAre("a", "b"));
  EXPECT_TRUE(settings.flag("once"));
  EXPECT_THAT(settings.arguments(), ElementsAre("video/live", "more"));
}

TEST(Settings, EnvironmentListsAreSeparatedByCommas) {
  EXPECT_THAT(read({}, {{"EDGETIDE_NAMESPACE", "a,b"}}).value().list("namespace"),
              ElementsAre("a", "b"));
}

struct Wrong {
  std::vector<std::string> arguments;
  std::string message;
};

class WrongSettings : public testing::TestWithParam<Wrong> {};

TEST_P(WrongSettings, SayWhatWhereAndWhatIsLegal) {
  const auto settings = read(GetParam().arguments);
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(settings.error().text(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongSettings,
    testing::Values(
        Wrong{{"--log-levle=warn"}, "unknown option '--log-levle'; did you mean --log-level?"},
        Wrong{{"--log-level=loud"}, "--log-level: 'loud' is not one of debug, info, warn"},
        Wrong{{"--port=65536"}, "--port: '65536' is not an integer from 0 to 65535"},
        Wrong{{"--port=1e3"}, "'1e3' is not an integer"},
        Wrong{{"--interval=2h"}, "'2h' is not a duration from 1s to 1h"},
        Wrong{{"--interval=90"}, "'90' of what? A duration has a unit, such as 90s"},
        Wrong{{"--interval=5"}, "'5' of what? A duration has a unit, such as 5m or 5s"},
        Wrong{{"--interval=0"}, "'0' is not a duration from 1s to 1h, such as 5m or 90s"},
        Wrong{{"--interval=-1"}, "'-1' is not a duration from 1s to 1h"},
        Wrong{{"--interval=0m"}, "is not a duration from 1s to 1h"}, Wrong{{"--port"}, "--port"},
        Wrong{{"--port=1", "--port=2"}, "more than once"},
        Wrong{{"--once=perhaps"}, "does not take any arguments"},
        Wrong{{"--zzz"}, "unknown option '--zzz'"}));

TEST(SettingsFile, ProblemsCarryTheirPlace) {
  const auto file = written("port: 80\nlog-leval: warn\n");
  const auto settings = read({"--config", file});
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().text(),
            file + ":2:1: log-leval: unknown setting; did you mean log-level?");
  for (const char* text : {"- port: 80\n", "port\n", "port: 80\n---\nport: 81\n"}) {
    const auto other = read({"--config", written(text)});
    ASSERT_FALSE(other.ok()) << text;
    EXPECT_THAT(other.error().text(), HasSubstr("an object of settings is expected")) << text;
  }
  EXPECT_TRUE(read({"--config", written("")}).ok());
  const auto missing = read({"--config", "/nonexistent/edgetide.yaml"});
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST(Durations, AreReadInWholeUnits) {
  EXPECT_EQ(parse_duration("0"), Seconds{0});
  EXPECT_EQ(parse_duration("90s"), Seconds{90});
  EXPECT_EQ(parse_duration("1h30m"), Seconds{5400});
  EXPECT_EQ(parse_duration("1m1s"), Seconds{61});
  for (const char* wrong : {"", "m", "90", "1.5m", "1m1h", "-5m", "5 m", "99999999999h"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(HelpTable, StaysWithinAHundredColumns) {
  std::istringstream table(help_table(kOptions));
  for (std::string line; std::getline(table, line);) EXPECT_LE(line.size(), 100u) << line;
}

}  // namespace
}  // namespace edgetide::config
