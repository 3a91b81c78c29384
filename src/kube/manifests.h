#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/codecs.h"
#include "yaml/yaml.h"

namespace edgetide::kube {

/// What a stream of YAML documents, or several, says in our API group.
struct Manifests {
  std::vector<model::EdgePool> pools;
  std::vector<StreamEventResource> events;
  std::vector<MetricSource> sources;
  std::vector<model::EventClass> classes;
  std::vector<EventCalendarResource> calendars;
  /// Objects of other API groups, which are not ours to judge: "apps/v1 Deployment video/edge-1a".
  std::vector<std::string> skipped;
  /// "file:line:column: EdgePool video/live-edge: spec.replicas.max: 3 is below ...", in the files'
  /// order. The lists above hold only objects without problems.
  std::vector<std::string> problems;
};

/// Adds every object of the text, lists unfolded. An object without a namespace is in
/// `default_namespace`. The same object twice, here or in an earlier text, is a problem.
void add_manifests(Manifests& manifests, std::string_view text, std::string_view file_name,
                   const std::string& default_namespace, const LocalTime* local_time);

/// The same for a file; one that cannot be read is a problem.
void add_manifest_file(Manifests& manifests, const std::string& path,
                       const std::string& default_namespace, const LocalTime* local_time);

}  // namespace edgetide::kube
