// What the forecast's decisions cost and leave short on recorded audiences, against the Horizontal
// Pod Autoscaler. One pool; 200 replicas serve the window's peak; the data of a minute are seen in
// the next; what is asked for serves after the lead; what is not needed leaves at once.

#include <cstdio>
#include <cstring>

#include "bench/closed_loop.h"

namespace {

using namespace edgetide;
using namespace edgetide::bench;

void print(const char* policy, double knob, const Score& score) {
  std::printf("  %-9s %7.4f  short %8.4f %%  cost %6.3f  reversals/day %6.1f", policy, knob,
              100 * score.short_viewers / score.viewers, score.replicas / score.clairvoyant,
              score.reversals / score.days);
  if (score.judged > 0) std::printf("  exceeded %6.2f %%", 100 * score.exceeded / score.judged);
  std::printf("\n");
}

void compare(const Trace& trace, int lead) {
  if (trace.samples.empty()) {
    std::printf("%s: absent\n", trace.name.c_str());
    return;
  }
  std::printf("%s, lead %d min\n", trace.name.c_str(), lead);
  std::vector<Score> peers;
  for (double target : {0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5}) {
    peers.push_back(run_hpa(trace, target, lead));
    if (target == 0.6 || target == 0.8) print("hpa", target, peers.back());
  }
  std::vector<Score> ours;
  for (double level : {0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999}) {
    ours.push_back(run_forecast(trace, {.confidence = level, .lead = lead}));
    print("forecast", level, ours.back());
  }
  std::printf("  cost at 1 / 0.1 / 0.01 %% short: forecast %.3f %.3f %.3f, hpa %.3f %.3f %.3f\n",
              cost_at(ours, 1e-2), cost_at(ours, 1e-3), cost_at(ours, 1e-4), cost_at(peers, 1e-2),
              cost_at(peers, 1e-3), cost_at(peers, 1e-4));
}

}  // namespace

int main(int argc, char** argv) {
  const auto folder = edgetide::bench::traces_folder();
  if (!std::filesystem::exists(folder)) {
    std::printf("traces absent: %s\n", folder.c_str());
    return 0;
  }
  const auto wanted = [&](const char* name) {
    if (argc < 2) return true;
    return std::any_of(argv + 1, argv + argc, [&](char* a) { return std::strcmp(a, name) == 0; });
  };
  if (wanted("worldcup98") || wanted("worldcup98-600")) {
    Trace trace = whole("worldcup98, 8 to 24 June", folder / "worldcup98");
    if (!trace.samples.empty()) {
      trace.windows = {{*edgetide::parse_instant("1998-06-08T00:00:00Z"), trace.windows[0].second}};
    }
    if (wanted("worldcup98")) compare(trace, 5);
    if (wanted("worldcup98-600")) compare(trace, 10);
  }
  if (wanted("worldcup98-may")) {
    Trace trace = whole("worldcup98, 14 May to 7 June", folder / "worldcup98");
    if (!trace.samples.empty()) {
      trace.windows = {{*edgetide::parse_instant("1998-05-14T00:00:00Z"),
                        *edgetide::parse_instant("1998-06-08T00:00:00Z")}};
    }
    compare(trace, 5);
  }
  if (wanted("gdq"))
    compare(chained("gdq, ten big marathons", folder / "gdq",
                    {"agdq2014", "sgdq2014", "sgdq2016", "agdq2017", "sgdq2017", "agdq2018",
                     "sgdq2018", "agdq2019", "sgdq2019", "agdq2020"}),
            5);
  if (wanted("gdq-small"))
    compare(chained("gdq, two small channels", folder / "gdq", {"flame2021", "frost2023"}), 5);
  if (wanted("isp")) compare(whole("isp_eu_5min", folder / "isp_eu_5min"), 5);
  if (wanted("isp-120")) compare(whole("isp_eu_5min", folder / "isp_eu_5min"), 2);
  return 0;
}
