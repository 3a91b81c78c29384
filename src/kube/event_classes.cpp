#include "kube/event_classes.h"

#include <algorithm>

#include "kube/codecs.h"
#include "kube/decoding.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

/// Of a class: its pools may still tell of every event that it keeps.
constexpr std::size_t kMostSharedEvents =
    model::LearnedClass::kMostEvents + model::LearnedClass::kMostEarlierEvents;

std::string classes_path() { return collection_path(kApiVersion, "eventclasses", ""); }

ReflectorOptions watch_options() {
  ReflectorOptions options;
  options.name = "eventclasses";
  options.collection = [] { return Result<std::string>(classes_path()); };
  return options;
}

Result<model::EventClass> decode(simdjson::dom::element object, bool has_before,
                                 const EventClasses::OnProblem& on_problem) {
  const auto value = to_value(object);
  if (!value.ok()) return value.error();
  auto decoded = decode_event_class(*value);
  if (decoded.ok()) return std::move(decoded.value);
  const Error error = to_error(decoded.problems, "EventClass " + decoded.value.name);
  if (on_problem)
    on_problem(error.text() + (has_before ? "; the last good version holds" : "; left out"));
  return error;
}

}  // namespace

EventClasses::EventClasses(Client& client, Outbox& outbox, std::function<bool()> writes,
                           OnProblem on_problem)
    : outbox_(outbox),
      writes_(std::move(writes)),
      on_problem_(on_problem),
      classes_(std::make_unique<Watched<model::EventClass>>(
          client,
          [on_problem](simdjson::dom::element object, const model::EventClass* before) {
            return decode(object, before != nullptr, on_problem);
          },
          [this](const ObjectKey& key, const auto&, const auto& after) {
            const std::lock_guard lock(mutex_);
            posted_.erase(key.name);
            if (!after) shares_.erase(key.name);
            forget_known();
          },
          watch_options(), on_problem)) {}

std::vector<model::EventClass> EventClasses::all() const {
  std::vector<model::EventClass> all;
  classes_->store().visit(
      [&](const ObjectKey&, const model::EventClass& one) { all.push_back(one); });
  return all;
}

model::KnownClass EventClasses::known(const std::string& event_class) const {
  if (event_class.empty()) return {};
  std::uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(event_class);
    if (found != known_.end()) return found->second;
    changes = changes_;
  }
  auto classes = all();
  const std::lock_guard lock(mutex_);
  for (model::EventClass& one : classes) {
    if (const auto posted = posted_.find(one.name); posted != posted_.end())
      one.learned = posted->second;
  }
  auto known = model::known_class(event_class, classes);
  if (changes == changes_) known_[event_class] = known;
  return known;
}

/// Bins that some pool has not seen are not known in total.
std::vector<double> EventClasses::total(const ObjectKey& pool, const model::EventOutcome& outcome) {
  auto& events = shares_[outcome.event_class];
  Shares& shares = events[{outcome.start, outcome.name}];
  shares[pool] = outcome.uplift;
  std::vector<double> sum(model::EventBins::kCount, 0.0);
  for (const auto& [from, uplift] : shares) {
    for (std::size_t bin = 0; bin < sum.size(); ++bin) {
      const bool seen = sum[bin] >= 0 && bin < uplift.size() && uplift[bin] >= 0;
      sum[bin] = seen ? sum[bin] + uplift[bin] : -1;
    }
  }
  if (events.size() > kMostSharedEvents) events.erase(events.begin());
  return sum;
}

void EventClasses::note_outcome(const ObjectKey& pool, const model::EventOutcome& outcome) {
  if (!writes_()) return;
  const auto own = classes_->store().find({"", outcome.event_class});
  if (!own) return;
  const std::lock_guard lock(mutex_);
  const auto posted = posted_.find(outcome.event_class);
  model::LearnedClass learned = posted != posted_.end() ? posted->second : own->learned;
  model::EventOutcome whole = outcome;
  whole.uplift = total(pool, outcome);
  if (!model::learn(learned, whole)) return;
  post(outcome.event_class, learned);
  posted_[outcome.event_class] = std::move(learned);
  forget_known();
}

void EventClasses::forget_known() {
  known_.clear();
  ++changes_;
}

void EventClasses::post(const std::string& name, const model::LearnedClass& learned) {
  outbox_.post({.address = "event class " + name,
                .call = {.method = http::Method::kPatch,
                         .target = classes_path() + "/" + percent_encode(name) +
                                   "/status?fieldManager=edgetide&force=true",
                         .body = json::dump(encode_event_class_status(name, learned)),
                         .content_type = "application/apply-patch+yaml"},
                .done = [this, name](const Result<std::string>& outcome) {
                  if (outcome.ok() || outcome.error().code == ErrorCode::kNotFound) return;
                  if (on_problem_)
                    on_problem_("status of EventClass " + name + ": " + outcome.error().text());
                }});
}

}  // namespace edgetide::kube
