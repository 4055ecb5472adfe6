// The comparison of three workloads on a real cluster: what is kept and lost is what the cluster says.
#include "catch2/catch_test_macros.hpp"
#include "metrics.hpp"
#include "web/scene/scene.hpp"
#include "web/snapshot.hpp"
#include "web/text.hpp"

using namespace web;

namespace {

enum What { Name, Dns, Data, Node };

struct Compared {
  sim::Session session;
  CompareView view;

  Compared(std::string_view what, int steps, int rests) {
    REQUIRE(actOnWorkloads(session, "prepare").empty());
    REQUIRE(actOnWorkloads(session, what).empty());
    for (int i = 0; i < steps; i++) session.step();
    for (int i = 0; i < rests; i++) session.step(), session.rest();
    view = compared(session, Language::English);
  }
  Fate fate(int column, int what) const { return view.columns[column].fates[what].fate; }
};

}  // namespace

TEST_CASE("a deleted Pod comes back with its name, DNS name and data in a StatefulSet only", "[compare]") {
  const Compared c("delete", 0, 1);
  CHECK(c.fate(0, Name) == Fate::Kept);
  CHECK(c.fate(0, Dns) == Fate::Kept);
  CHECK(c.fate(0, Data) == Fate::Kept);
  CHECK(c.fate(0, Node) == Fate::Free);
  CHECK(c.fate(1, Name) == Fate::New);
  CHECK(c.fate(1, Dns) == Fate::None);
  CHECK(c.fate(1, Data) == Fate::Lost);
  CHECK(c.fate(1, Node) == Fate::Free);
  CHECK(c.fate(2, Name) == Fate::New);
  CHECK(c.fate(2, Data) == Fate::PerNode);
  CHECK(c.fate(2, Node) == Fate::Kept);
  for (const ColumnView& column : c.view.columns) {
    CHECK(column.command.starts_with("kubectl delete pod " + column.name + "-"));
    CHECK_FALSE(column.why.empty());
    CHECK(column.before.size() == 3);
  }
}

TEST_CASE("right after the deletion nothing has come back yet", "[compare]") {
  const Compared c("delete", 0, 0);
  for (int column = 0; column < 3; column++) CHECK(c.fate(column, Name) == Fate::Waiting);
  CHECK(c.fate(0, Data) == Fate::Waiting);
}

TEST_CASE("on a lost node the StatefulSet's Pod is not replaced, the Deployment's is", "[compare]") {
  const Compared c("node", 0, 6);
  CHECK(c.fate(0, Name) == Fate::Waiting);
  CHECK(c.fate(1, Name) == Fate::New);
  CHECK(c.fate(1, Data) == Fate::Lost);
  CHECK(c.fate(2, Name) == Fate::Waiting);
  CHECK(c.view.columns[0].command == c.view.columns[2].command);
}

TEST_CASE("a new image replaces every Pod; what was on claims and machines is kept", "[compare]") {
  const Compared c("update", 0, 3);
  CHECK(c.fate(0, Name) == Fate::Kept);
  CHECK(c.fate(0, Data) == Fate::Kept);
  CHECK(c.fate(1, Data) == Fate::Lost);
  CHECK(c.fate(2, Data) == Fate::PerNode);
  CHECK(c.view.columns[0].command == "kubectl set image statefulset/web app=nginx:1.28");
  CHECK(c.view.columns[2].fates[Data].value == "126 records");
}

TEST_CASE("the second thing that is done begins where all was well, on a branch of its own", "[compare]") {
  Compared c("delete", 5, 0);
  REQUIRE(actOnWorkloads(c.session, "node").empty());
  CHECK(c.session.branches().size() == 2);
  const CompareView view = compared(c.session, Language::Chinese);
  for (const ColumnView& column : view.columns) CHECK(column.before.size() == 3);
  CHECK(view.title == text(Language::Chinese, Text::CompareTitleNode));
}

TEST_CASE("the compared workloads stand on the same lanes, and nothing leaves the room", "[compare]") {
  const Compared c("node", 0, 6);
  Snapshot s = states(c.session, Language::English);
  s.compare = c.view;
  for (const float width : {390.f, 720.f, 1024.f, 1440.f}) {
    INFO(width);
    SceneOptions o;
    o.width = width;
    o.compare = true;
    const Scene scene = layout(s, o, Metrics());
    for (const Glyph& g : scene.glyphs) CHECK((g.box.x >= 0 && g.box.right() <= width));
    CHECK(scene.bounds.w == width);
    if (width < 900) continue;
    for (const NodeView& n : s.nodes) {
      const Glyph* first = scene.find("lane:" + c.view.columns[0].id + "/" + n.name);
      for (const ColumnView& column : c.view.columns) {
        const Glyph* lane = scene.find("lane:" + column.id + "/" + n.name);
        REQUIRE(lane);
        CHECK((lane->box.y == first->box.y && lane->box.h == first->box.h));
        for (const PodView& p : column.after)
          if (p.node == n.name) CHECK(scene.find(p.id)->box.bottom() <= lane->box.bottom());
      }
    }
  }
}
