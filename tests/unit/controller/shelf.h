#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/ports/state_store.h"

namespace edgetide::controller {

/// A store of one pool in memory.
struct Shelf : ports::StateStore {
  std::optional<Kept> load(const Owner& owner) override {
    return owner.id == kept_of ? kept : std::nullopt;
  }
  void keep(const Owner& owner, Kept state) override {
    kept_of = owner.id;
    kept = std::move(state);
    ++times;
  }
  std::vector<model::DemandSample> demand(const Owner& owner) override {
    return owner.id == samples_of ? samples : std::vector<model::DemandSample>{};
  }
  void keep_demand(const Owner& owner, model::DemandHistory newest) override {
    if (std::exchange(samples_of, owner.id) != owner.id) samples.clear();
    samples.insert(samples.end(), newest.samples().begin(), newest.samples().end());
  }
  std::optional<std::string> trouble() const override { return said; }
  std::optional<std::string> said = std::nullopt;
  std::string kept_of;
  std::optional<Kept> kept;
  std::string samples_of;
  std::vector<model::DemandSample> samples;
  int times = 0;
};

}  // namespace edgetide::controller
