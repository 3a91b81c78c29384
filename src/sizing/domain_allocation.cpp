#include "edgetide/sizing/domain_allocation.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace edgetide::sizing {
namespace {

/// What is left of a fleet filled to `level` when one full domain is lost.
int surviving(int level, DomainLimits limits) {
  int total = 0;
  for (Replicas limit : limits) total += std::min(limit.count(), level);
  return total - level;
}

/// Beyond the second largest limit only one domain grows, and what it gains it may lose.
int highest_useful_level(DomainLimits limits) {
  if (limits.size() < 2) return 0;
  std::vector<Replicas> sorted(limits.begin(), limits.end());
  std::ranges::nth_element(sorted, sorted.begin() + 1, std::greater{});
  return sorted[1].count();
}

/// The lowest level at which `survivors` survive, or the highest useful one. `surviving` only grows
/// up to there, so bisection finds it.
int lowest_level(int survivors, DomainLimits limits) {
  int low = 0;
  int high = highest_useful_level(limits);
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (surviving(middle, limits) >= survivors)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

DomainAllocation survive_one_domain(Replicas survivors, DomainLimits limits) {
  const int level = lowest_level(survivors.count(), limits);
  const int reached = surviving(level, limits);

  DomainAllocation allocation;
  for (Replicas limit : limits) {
    allocation.per_domain.push_back(Replicas{std::min(limit.count(), level)});
  }
  // The last step up to `level` may bring more than was asked for. One replica each comes back from
  // full domains; at least two stay full, or the level below would have done.
  int surplus = std::max(0, reached - survivors.count());
  for (auto domain = allocation.per_domain.rbegin(); surplus > 0; ++domain) {
    if (domain->count() < level) continue;
    *domain -= Replicas{1};
    --surplus;
  }
  allocation.missing = Replicas{std::max(0, survivors.count() - reached)};
  return allocation;
}

DomainAllocation spread(Replicas replicas, DomainLimits limits) {
  DomainAllocation allocation;
  allocation.per_domain =
      raised_to(std::vector<Replicas>(limits.size(), Replicas{0}), replicas, limits);
  allocation.missing = replicas - total(allocation.per_domain);
  return allocation;
}

std::vector<Replicas> raised_to(std::vector<Replicas> per_domain, Replicas replicas,
                                DomainLimits limits) {
  // Filling up to a common level is what adding one by one to the emptiest comes to.
  const auto filled_to = [&](int level) {
    std::vector<Replicas> filled = per_domain;
    for (std::size_t i = 0; i < filled.size(); ++i) {
      filled[i] = std::max(filled[i], std::min(limits[i], Replicas{level}));
    }
    return filled;
  };
  int low = 0;
  int high = replicas.count();
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (total(filled_to(middle)) >= replicas) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  auto raised = filled_to(low);
  // The last level may bring more than was asked for; later domains give it back.
  Replicas surplus = total(raised) - std::max(replicas, total(per_domain));
  for (std::size_t i = raised.size(); i-- > 0 && surplus > Replicas{0};) {
    if (raised[i] != Replicas{low} || raised[i] == per_domain[i]) continue;
    raised[i] -= Replicas{1};
    surplus -= Replicas{1};
  }
  return raised;
}

Replicas total(std::span<const Replicas> per_domain) {
  return std::accumulate(per_domain.begin(), per_domain.end(), Replicas{});
}

}  // namespace edgetide::sizing
