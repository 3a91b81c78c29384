#include "kube/pause_annotations.h"

#include <charconv>

namespace edgetide::kube {
namespace {

constexpr int kMostReplicas = 100'000;

/// The annotation's value as text; nothing where it is absent.
std::optional<std::string> annotation(const json::Value& annotations, std::string_view name) {
  const auto found = annotations.find(std::string(name));
  if (found == annotations.end()) return std::nullopt;
  return found->is_string() ? found->get<std::string>() : json::excerpt(*found);
}

std::optional<int> whole(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number >= 1 && number <= kMostReplicas ? std::optional{number} : std::nullopt;
}

std::string wrong(std::string_view name, const std::string& value, const std::string& legal) {
  return "metadata.annotations[" + std::string(name) + "]: '" + value + "' is not " + legal;
}

}  // namespace

PauseReading read_pause(const json::Value& pool_object) {
  const json::Value* annotations = json::find(pool_object, "metadata.annotations");
  if (annotations == nullptr || !annotations->is_object()) return {};
  const auto until_text = annotation(*annotations, kPausedUntil);
  const auto replicas_text = annotation(*annotations, kPausedReplicas);
  if (!until_text) {
    if (!replicas_text) return {};
    return {.pause = std::nullopt,
            .problem = std::string(kPausedReplicas) + " stands without " +
                       std::string(kPausedUntil) + ", a time such as 2026-12-05T22:00:00Z"};
  }
  const auto until = parse_instant(*until_text);
  if (!until) {
    return {.pause = std::nullopt,
            .problem = wrong(kPausedUntil, *until_text, "a time such as 2026-12-05T22:00:00Z")};
  }
  model::Pause pause{.until = *until, .replicas = std::nullopt};
  if (replicas_text) {
    const auto replicas = whole(*replicas_text);
    if (!replicas) {
      return {.pause = std::nullopt,
              .problem = wrong(kPausedReplicas, *replicas_text, "an integer from 1 to 100000")};
    }
    pause.replicas = Replicas{*replicas};
  }
  return {.pause = pause, .problem = {}};
}

json::Value pause_patch(const std::optional<model::Pause>& pause) {
  json::Value annotations{{kPausedUntil, nullptr}, {kPausedReplicas, nullptr}};
  if (pause) annotations[std::string(kPausedUntil)] = to_string(pause->until);
  if (pause && pause->replicas)
    annotations[std::string(kPausedReplicas)] = std::to_string(pause->replicas->count());
  return {{"metadata", {{"annotations", std::move(annotations)}}}};
}

}  // namespace edgetide::kube
