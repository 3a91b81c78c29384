#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client_fake_transport.h"
#include "json/large.h"
#include "kube/watched.h"

namespace edgetide::kube::testing {

inline std::string object(const std::string& name, int version, const std::string& uid = "",
                          const std::string& value = "") {
  return R"({"metadata":{"namespace":"video","name":")" + name + R"(","uid":")" +
         (uid.empty() ? "uid-" + name : uid) + R"(","resourceVersion":")" +
         std::to_string(version) + R"("},"value":")" + value + "\"}";
}

inline std::string list(int version, const std::vector<std::string>& objects,
                        const std::string& next = "") {
  std::string items;
  for (const auto& item : objects) items += (items.empty() ? "" : ",") + item;
  return R"({"kind":"ThingList","metadata":{"resourceVersion":")" + std::to_string(version) +
         R"(","continue":")" + next + R"("},"items":[)" + items + "]}";
}

inline std::string event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

inline std::string bookmark(int version) {
  return event("BOOKMARK",
               R"({"metadata":{"resourceVersion":")" + std::to_string(version) + R"("}})");
}

inline const std::string kExpired =
    R"({"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"})";

/// A reflector of things whose value is a word, in milliseconds instead of seconds.
class Things : public ::testing::Test {
 protected:
  Things()
      : client_(std::make_unique<FakeTransport>(script_), {}, {}),
        things_(
            client_, decode,
            [this](const ObjectKey& key, const auto& before, const auto& after) {
              const std::lock_guard lock(mutex_);
              changes_.push_back(key.name + (before ? " " + *before : " -") + " >" +
                                 (after ? " " + *after : " -"));
            },
            {.name = "things",
             .collection = [this]() -> Result<std::string> { return collection_; },
             .list_silence = std::chrono::milliseconds{50},
             .backoff = {.first = std::chrono::milliseconds{1},
                         .longest = std::chrono::milliseconds{2}},
             .very_short = std::chrono::milliseconds{0}},
            [this](const std::string& problem) {
              const std::lock_guard lock(mutex_);
              problems_.push_back(problem);
            }) {}

  static Result<std::string> decode(simdjson::dom::element thing, const std::string*) {
    const std::string value{json::string_at(thing, "value").value_or("")};
    if (value == "throws") throw std::bad_alloc();
    if (value == "poison") return Error{.message = "cannot be understood"};
    return value;
  }

  void start() { things_.reflector().start(); }
  void play(FakeTransport::Stream stream) { script_.add(std::move(stream)); }
  void play_list(const std::string& body) { play({.pieces = {body}}); }

  [[nodiscard]] bool asked(std::size_t count) {
    return eventually([&] { return script_.all_streamed().size() >= count; });
  }
  [[nodiscard]] std::string target(std::size_t index) {
    return script_.all_streamed().at(index).target;
  }
  [[nodiscard]] std::string value(const std::string& name) {
    const auto found = things_.store().find({"video", name});
    return found ? *found : "none";
  }
  [[nodiscard]] std::vector<std::string> changes() {
    const std::lock_guard lock(mutex_);
    return changes_;
  }

  std::string collection_ = "/things";
  std::mutex mutex_;
  std::vector<std::string> changes_;
  std::vector<std::string> problems_;
  FakeTransport::Script script_;
  Client client_;
  Watched<std::string> things_;
};

}  // namespace edgetide::kube::testing
