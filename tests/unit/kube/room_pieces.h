#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kube/node_room.h"

namespace edgetide::kube {

inline simdjson::dom::element parsed(const std::string& text) {
  static std::vector<std::unique_ptr<simdjson::dom::parser>> parsers;
  parsers.push_back(std::make_unique<simdjson::dom::parser>());
  return parsers.back()->parse(simdjson::padded_string(text)).value();
}

inline PodShape shape(const std::string& spec) { return read_pod_shape(parsed(spec)); }

/// One container with these requests and, if any, more of the pod's spec.
inline PodShape asking(const std::string& requests, const std::string& more = "") {
  return shape(R"({"containers": [{"resources": {"requests": )" + requests + "}}]" +
               (more.empty() ? "" : ", " + more) + "}");
}

inline std::shared_ptr<const Node> node(const std::string& name, const std::string& labels = "{}",
                                        const std::string& spec = "{}",
                                        const std::string& ready = "True") {
  return std::make_shared<const Node>(
      read_node(parsed(R"({"metadata": {"name": ")" + name + R"(", "labels": )" + labels +
                       R"(}, "spec": )" + spec +
                       R"(, "status": {"allocatable": {"cpu": "8", "memory": "16Gi", "pods": "20"},
                           "conditions": [{"type": "Ready", "status": ")" +
                       ready + R"("}]}})"))
          .value());
}

inline PlacedPod placed(const std::string& on, const std::string& app, const Resources& requests) {
  return {.node = on,
          .labels = std::make_shared<const Labels>(Labels{{"app", app}}),
          .requests = std::make_shared<const Resources>(requests)};
}

}  // namespace edgetide::kube
