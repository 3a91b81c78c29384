#include <gtest/gtest.h>

#include "kube/class_writer.h"
#include "unit/kube/client_fake_transport.h"
#include "unit/kube/codec_cases.h"

namespace edgetide::kube {
namespace {

using testing::FakeTransport;

model::EventClass taught() {
  json::Value object = read_kind("eventclasses").full;
  object["status"] = read_contract("eventclass_status.json")["status"];
  return decode_event_class(object).value;
}

TEST(ClassWriter, WhatIsWrittenIsReadBackAsItWas) {
  const model::EventClass before = taught();
  json::Value object = encode_event_class(before);
  object["status"] = encode_event_class_status(before.name, before.learned)["status"];
  const auto after = decode_event_class(object, {.refuse_unknown = true});
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after.value, before);
}

TEST(ClassWriter, AClassThatSaysNothingIsWrittenToo) {
  const auto after = decode_event_class(encode_event_class({.name = "bare"}));
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after.value, (model::EventClass{.name = "bare"}));
}

TEST(ClassWriter, PutsTheSpecThenWhatWasLearnedAsTheOperatorDoes) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) { return http::Response{.status = 200}; };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  ASSERT_TRUE(put_event_class(client, taught(), false).ok());
  ASSERT_EQ(script.sent.size(), 2u);
  const std::string path = "/apis/edgetide.io/v1alpha1/eventclasses/football-knockout";
  EXPECT_EQ(script.sent[0].target, path + "?fieldManager=edgetide-cli&force=true");
  EXPECT_EQ(script.sent[1].target, path + "/status?fieldManager=edgetide&force=true");
  EXPECT_EQ(json::Value::parse(script.sent[1].body)["status"]["events"], 15);
}

TEST(ClassWriter, AClassThatHasLearnedNothingHasNoStatusToPut) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) { return http::Response{.status = 200}; };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  ASSERT_TRUE(put_event_class(client, {.name = "bare"}, false).ok());
  ASSERT_TRUE(put_event_class(client, taught(), true).ok());
  ASSERT_EQ(script.sent.size(), 2u);
  EXPECT_TRUE(script.sent[1].target.ends_with("&force=true&dryRun=All"));
}

TEST(ClassWriter, ForgetsOnlyWhatWasSeen) {
  FakeTransport::Script script;
  script.answer = [](const http::Request&) { return http::Response{.status = 200}; };
  Client client(std::make_unique<FakeTransport>(script), {}, {});
  const json::Value seen{{"metadata", {{"name", "football"}, {"resourceVersion", "31"}}}};
  ASSERT_TRUE(reset_event_class(client, seen, false).ok());
  EXPECT_EQ(script.sent[0].target,
            "/apis/edgetide.io/v1alpha1/eventclasses/football/status?fieldManager=edgetide-cli");
  EXPECT_EQ(json::Value::parse(script.sent[0].body),
            json::Value::parse(R"({"status": null, "metadata": {"resourceVersion": "31"}})"));
}

}  // namespace
}  // namespace edgetide::kube
