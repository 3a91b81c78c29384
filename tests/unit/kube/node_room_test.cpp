#include <gtest/gtest.h>

#include <random>

#include "room_pieces.h"

/// How many pods nodes take in, by the rules of the scheduler.
namespace edgetide::kube {
namespace {

TargetRoom room_for(const NodePicture& picture, const PodShape& shape,
                    const std::string& name_space, const Selector& selector) {
  return picture.room_for(shape, picture.more_on_nodes(shape), name_space, selector);
}

TEST(NodePicture, CountsWholePodsNodeByNode) {
  // 8 cores each: on x 3 are left beside a pod of 5 cores, on y 8.
  NodePicture picture({node("x"), node("y")});
  picture.add("batch", placed("x", "batch", {{"cpu", 5000}}));
  const auto all = Selector{};
  const auto more = [&](const std::string& requests, const std::string& rest = "") {
    return room_for(picture, asking(requests, rest), "video", all).more;
  };
  EXPECT_EQ(more(R"({"cpu": "2"})"), (std::vector{1, 4}));
  EXPECT_EQ(more(R"({"cpu": "3500m"})"), (std::vector{0, 2}));
  EXPECT_EQ(more(R"({"cpu": "1", "memory": "5Gi"})"), (std::vector{3, 3}));
  EXPECT_EQ(more("{}"), (std::vector{19, 20}));  // pods are counted too
  EXPECT_EQ(more(R"({"example.com/gpu": "1"})"), (std::vector{0, 0}));
  EXPECT_EQ(more(R"({"cpu": "1"})", R"("nodeSelector": {"zone": "a"})"), (std::vector{0, 0}));
}

TEST(NodePicture, NodesThatTakeNothingInCountNothing) {
  const NodePicture picture({node("cordoned", "{}", R"({"unschedulable": true})"), node("open"),
                             node("silent", "{}", "{}", "Unknown")});
  EXPECT_EQ(room_for(picture, asking(R"({"cpu": "2"})"), "video", {}).more, (std::vector{0, 4, 0}));
  EXPECT_EQ(picture.closed_text(), "2 of 3 nodes take nothing in");
  EXPECT_EQ(NodePicture({node("open")}).closed_text(), "");
}

TEST(NodePicture, WhatStandsCountsWhereverItStands) {
  NodePicture picture({node("x"), node("y", "{}", R"({"unschedulable": true})")});
  picture.add("video", placed("x", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("y", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("x", "other", {{"cpu", 2000}}));
  picture.add("else", placed("x", "edge", {{"cpu", 2000}}));
  picture.add("video", placed("gone", "edge", {{"cpu", 2000}}));
  const auto edge = Selector::parse("app=edge").value();
  const auto room = room_for(picture, asking(R"({"cpu": "2"})"), "video", edge);
  EXPECT_EQ(room.placed, Replicas{2});
  EXPECT_EQ(room.more, (std::vector{1, 0}));
  EXPECT_EQ(room.most(), Replicas{3});
}

TEST(NodePicture, APortOfTheHostIsTakenOnce) {
  NodePicture picture({node("x"), node("y")});
  picture.add("video", placed("x", "edge", {}));
  for (const char* spec : {R"({"containers": [{"ports": [{"hostPort": 443}]}]})",
                           R"({"containers": [{}], "affinity": {"podAntiAffinity":
            {"requiredDuringSchedulingIgnoredDuringExecution":
              [{"topologyKey": "kubernetes.io/hostname"}]}}})"}) {
    EXPECT_EQ(room_for(picture, shape(spec), "video", {}).more, (std::vector{0, 1}));
  }
}

TEST(NodePicture, TakesInExactlyWhatFitsWhenPlacedOneByOne) {
  std::mt19937 random(7);  // NOLINT: the same worlds in each run
  const auto pick = [&](int from, int to) {
    return std::uniform_int_distribution(from, to)(random);
  };
  for (int world = 0; world < 300; ++world) {
    std::vector<std::shared_ptr<const Node>> nodes;
    for (int i = pick(1, 6); i > 0; --i) {
      nodes.push_back(std::make_shared<const Node>(
          Node{.name = "n" + std::to_string(6 - i),
               .allocatable = {{"cpu", pick(0, 9000)}, {"memory", pick(0, 9000)}, {"pods", 9000}},
               .open = pick(0, 3) > 0}));
    }
    std::ranges::sort(nodes, {}, [](const auto& node) { return node->name; });
    NodePicture picture(nodes);
    for (int i = pick(0, 5); i > 0; --i)
      picture.add(
          "else",
          placed(nodes[static_cast<std::size_t>(pick(0, static_cast<int>(nodes.size()) - 1))]->name,
                 "else", {{"cpu", pick(0, 3000)}, {"memory", pick(0, 3000)}}));
    PodShape pod;
    pod.requests = {{"cpu", pick(1, 3000)}};
    if (pick(0, 1) == 1) pod.requests.emplace("memory", pick(1, 3000));
    const Replicas most = room_for(picture, pod, "video", {}).most();
    int stood = 0;
    for (bool found = true; found;) {
      const auto more = room_for(picture, pod, "video", {}).more;
      const auto free = std::ranges::find_if(more, [](int count) { return count > 0; });
      found = free != more.end();
      if (!found) break;
      const auto& on = nodes[static_cast<std::size_t>(free - more.begin())];
      picture.add("video", placed(on->name, "edge", pod.requests));
      ++stood;
      EXPECT_EQ(room_for(picture, pod, "video", {}).most(), most);
    }
    EXPECT_EQ(Replicas{stood}, most);
  }
}

TEST(NodePicture, AFurtherNodeHoldsWhatTheLeastOfItsKindDoesBesideItsDaemons) {
  NodePicture picture({node("x", R"({"zone": "a"})"), node("y", R"({"zone": "a"})"), node("z")});
  picture.add("kube-system",
              {.node = "x",
               .on_every_node = true,
               .labels = std::make_shared<const Labels>(),
               .requests = std::make_shared<const Resources>(Resources{{"cpu", 500}})});
  picture.add("batch", placed("y", "batch", {{"cpu", 5000}}));
  const std::string in_a = R"("nodeSelector": {"zone": "a"})";
  EXPECT_EQ(picture.on_a_new_node(asking(R"({"cpu": "2"})", in_a)), 3);
  EXPECT_EQ(picture.on_a_new_node(asking(R"({"cpu": "2"})", R"("nodeSelector": {"zone": "b"})")),
            std::nullopt);
}

/// Labels that pods share, labels that they do not, and selectors of every kind.
TEST(LabelIndex, FindsWhatASelectorSelects) {
  std::mt19937 random(11);  // NOLINT: the same labels in each run
  const auto pick = [&](int most) { return std::uniform_int_distribution(0, most)(random); };
  std::vector<Labels> all(200);
  LabelIndex index;
  for (Labels& labels : all) {
    for (const char* key : {"app", "zone", "canary"})
      if (pick(3) > 0) labels.emplace(key, std::string(1, static_cast<char>('a' + pick(4))));
    index.add(labels);
  }
  for (const char* text : {"", "app=a", "app=b,zone=c", "app in (a,b),zone=a", "app in (a,b)",
                           "app!=a", "zone", "!zone", "app=z", "canary=a,!zone,app notin (b)"}) {
    const auto selector = Selector::parse(text).value();
    std::vector<std::size_t> expected;
    for (std::size_t number = 0; number < all.size(); ++number)
      if (selector.matches(all[number])) expected.push_back(number);
    EXPECT_EQ(index.selected(selector), expected) << text;
  }
}

TEST(MostTogether, GivesAPlaceOnce) {
  const TargetRoom a{.placed = Replicas{2}, .more = {3, 0, 1}};
  const TargetRoom b{.placed = Replicas{1}, .more = {3, 5, 0}};
  EXPECT_EQ(most_together(std::vector{a, b}), Replicas{2 + 1 + 3 + 5 + 1});
}

}  // namespace
}  // namespace edgetide::kube
