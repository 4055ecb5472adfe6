#include "web/scene/scene.hpp"
#include "catch2/catch_test_macros.hpp"
#include "metrics.hpp"
#include "web/demo.hpp"
#include "web/paint/svg_painter.hpp"

using namespace web;

namespace {

const Metrics metrics;

Scene scene(const Snapshot& s, float width = 780, float height = 676) {
  SceneOptions o;
  o.width = width;
  o.height = height;
  return layout(s, o, metrics);
}

Snapshot crowd(int pods) {
  Snapshot s = demoOrderedCreation(Language::English);
  const SlotView slot = s.sets[0].slots[0];
  const PodView pod = s.pods[0];
  s.sets[0].slots.clear();
  s.pods.clear();
  s.claims.clear();
  for (int i = 0; i < pods; i++) {
    SlotView& t = s.sets[0].slots.emplace_back(slot);
    t.ordinal = i;
    t.name = "web-" + std::to_string(i);
    t.id = "Pod/default/" + t.name;
    PodView& p = s.pods.emplace_back(pod);
    p.name = t.name;
    p.id = t.id;
    p.node = "node-" + std::to_string(1 + i % 3);
  }
  return s;
}

}  // namespace

TEST_CASE("a column holds an identity: slot, name, pod, claim and volume stand on one line") {
  const Scene s = scene(demoOrderedCreation(Language::English));
  const float x = s.find("slot:Pod/default/web-1")->box.x;
  for (const char* id : {"dns:Pod/default/web-1", "Pod/default/web-1", "PersistentVolumeClaim/default/data-web-1",
                         "PersistentVolume//pv-2"}) {
    INFO(id);
    REQUIRE(s.find(id));
    CHECK(s.find(id)->box.x == x);
  }
  CHECK(s.gate.shown);
  CHECK(s.gate.at.x > x + 184);
}

TEST_CASE("a pod stands in its node's lane, the waited for pod has the ring, the written object too") {
  const Scene s = scene(demoOrderedCreation(Language::English));
  const Glyph *pod = s.find("Pod/default/web-1"), *lane = s.find("Node//node-2");
  CHECK(pod->box.y >= lane->box.y);
  CHECK(pod->box.bottom() <= lane->box.bottom());
  CHECK(pod->ring == Ring::Waited);
  CHECK(s.find("StatefulSet/default/web")->ring == Ring::Now);
  CHECK(s.path.first.size() == 2);
  CHECK(s.path.second.back().y == s.find("StatefulSet/default/web")->box.y - 4);
}

TEST_CASE("all fits the room of the design without scrolling") {
  const Scene s = scene(demoOrderedCreation(Language::English));
  CHECK(s.bounds.w <= 780);
  CHECK(s.bounds.h <= 676);
}

TEST_CASE("many ordinals become dots, in order and without touching") {
  for (int pods : {25, 100, 1000}) {
    const Scene s = scene(crowd(pods));
    const Glyph* before = nullptr;
    int dots = 0;
    for (const Glyph& g : s.glyphs) {
      if (g.type != GlyphType::Pod || g.detail != Detail::Dot) continue;
      dots++;
      if (before) CHECK(!before->box.meets(g.box));
      before = &g;
    }
    CHECK(dots == pods);
    CHECK(s.bounds.w <= 780);
  }
}

TEST_CASE("the tab order goes down, then right") {
  const Scene s = scene(demoOrderedCreation(Language::English));
  for (size_t i = 1; i < s.order.size(); i++) {
    const Box &a = s.glyphs[size_t(s.order[i - 1])].box, &b = s.glyphs[size_t(s.order[i])].box;
    CHECK((a.y < b.y || (a.y == b.y && a.x <= b.x)));
  }
}

TEST_CASE("on a phone ordinals are rows that fill the width") {
  SceneOptions o;
  o.width = 390;
  o.phone = true;
  const Scene s = layout(demoOrderedCreation(Language::Chinese), o, metrics);
  CHECK(s.find("Pod/default/web-0")->box.y < s.find("Pod/default/web-1")->box.y);
  for (const Glyph& g : s.glyphs) CHECK(g.box.right() <= 390);
}

TEST_CASE("what is waited for comes into sight, and stays where it is once it is") {
  SceneOptions o;
  o.width = 390;
  o.phone = true;
  const Scene s = layout(demoOrderedCreation(Language::English), o, metrics);
  const Glyph* waited = s.find("Pod/default/web-1");
  REQUIRE(waited->ring == Ring::Waited);
  View v{{0, 0, 390, 160}, {0, 0}};
  v.scroll = followed(s, v);
  const Box seen = placed(*waited, v);
  CHECK(seen.y >= 0);
  CHECK(seen.bottom() <= 160);
  CHECK(followed(s, v).y == v.scroll.y);
  v.scroll.y = 2000;
  CHECK(followed(s, v).y < waited->box.y);
}

TEST_CASE("the same scene paints as SVG, in both themes") {
  const Scene s = scene(demoNodeFailure(Language::English));
  for (const Theme* theme : {&lightTheme, &darkTheme}) {
    SvgPainter p(*theme, metrics);
    paint(s, p, {s.bounds, {0, 0}, 1});
    const std::string svg = p.document(s.bounds);
    CHECK(svg.find("web-1") != svg.npos);
    CHECK(svg.find("no heartbeat") != svg.npos);
    CHECK(svg.ends_with("</svg>\n"));
  }
}

TEST_CASE("an empty cluster says what to do") {
  Snapshot s;
  const Scene scene_ = scene(s);
  bool said = false;
  for (const Glyph& g : scene_.glyphs) said |= g.type == GlyphType::Message;
  CHECK(said);
}

TEST_CASE("a written pod is reached through the gutter beside its column") {
  const Scene s = scene(demoNodeFailure(Language::English));
  const Glyph* pod = s.find("Pod/default/web-1");
  REQUIRE(s.path.second.size() == 3);
  CHECK(s.path.second[0].x > pod->box.right());
  CHECK(s.path.second[0].x < s.find("slot:Pod/default/web-2")->box.x);
  CHECK(s.path.second[2].x == pod->box.right() + 4);
}
