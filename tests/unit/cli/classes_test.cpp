#include <gmock/gmock.h>

#include <algorithm>

#include "cli/classes_output.h"
#include "kube/codecs.h"
#include "kube/manifests.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

Classes classes() {
  json::Value object = contract_file("eventclasses.json")["full"];
  object["status"] = contract_file("eventclass_status.json")["status"];
  return {kube::decode_event_class(object).value, {.name = "bare"}};
}

TEST(Classes, ShowWhatTheyHaveLearned) {
  EXPECT_EQ(print_classes(classes(), "text"),
            "CLASS              FAMILY    EVENTS  TYPICAL  FACTOR  LAST                  PRIOR\n"
            "football-knockout  football  15      20,000   2       2026-12-05T20:00:00Z  250,000\n"
            "bare               -         0       -        -       -                     -\n");
}

TEST(Classes, ShowMoreWhereThereIsRoomAndNamesToPrograms) {
  EXPECT_EQ(print_classes(classes(), "name"), "football-knockout\nbare\n");
  const std::string wide = print_classes(classes(), "wide");
  EXPECT_THAT(wide, HasSubstr("PRIOR    SPREAD  RAMP  OVERRUN  LAST EVENT"));
  EXPECT_EQ(std::ranges::count(wide, '\n'), 3);
  EXPECT_THAT(run({"classes", "export", "-o", "name"}).err, HasSubstr("export prints manifests"));
}

TEST(Classes, AreReadBackFromWhatIsExported) {
  for (const char* format : {"yaml", "json"}) {
    kube::Manifests read;
    kube::add_manifests(read, print_class_manifests(classes(), format), "classes", "default",
                        nullptr);
    EXPECT_THAT(read.problems, testing::IsEmpty()) << format;
    EXPECT_EQ(read.classes, classes()) << format;
  }
}

TEST(Classes, SaysWhatIsWrong) {
  EXPECT_THAT(run({"classes"}).err, HasSubstr("classes: which of list, export, import, reset?"));
  EXPECT_THAT(run({"classes", "reset"}).err, HasSubstr("reset wants NAMEs"));
  EXPECT_THAT(run({"classes", "import"}).err, HasSubstr("import wants FILEs"));
  EXPECT_EQ(run({"classes", "list", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
}

}  // namespace
}  // namespace edgetide::cli
