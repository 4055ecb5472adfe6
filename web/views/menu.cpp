// What can be done to an object, opened by a right click, a long press or the menu key on it.
#include "imgui.h"
#include "imgui_internal.h"
#include "web/views/views.hpp"

namespace web {
namespace {

struct Item {
  Text name;
  Command command;
  bool separated = false;
};

Command fault(std::string what, std::string id) { return {Command::Fault, std::move(id), std::move(what), 0}; }
Command kubectl(std::string line) { return {Command::Kubectl, {}, std::move(line), 0}; }

struct Id {
  std::string kind, space, name;
};
Id split(const std::string& id) {
  const size_t a = id.find('/'), b = id.find('/', a + 1);
  if (a == std::string::npos || b == std::string::npos) return {id, "", ""};
  return {id.substr(0, a), id.substr(a + 1, b - a - 1), id.substr(b + 1)};
}

std::string inSpace(const Id& o) { return o.space.empty() || o.space == "default" ? "" : " -n " + o.space; }

std::vector<Item> podItems(const std::string& id, const Id& o, const Snapshot& s) {
  bool ready = true;
  for (const PodView& p : s.pods)
    if (p.id == id) ready = p.state != PodState::NotReady;
  return {{Text::FaultCrash, fault("containerCrash", id)},
          {ready ? Text::FaultUnready : Text::FaultReady, fault(ready ? "unready" : "ready", id)},
          {Text::FaultDelete, kubectl("delete pod " + o.name + inSpace(o)), true},
          {Text::FaultForceDelete, kubectl("delete pod " + o.name + inSpace(o) + " --grace-period=0 --force")}};
}

std::vector<Item> nodeItems(const std::string& id, const Id& o, const Snapshot& s) {
  bool lost = false, cordoned = false;
  for (const NodeView& n : s.nodes)
    if (n.id == id) lost = n.lost, cordoned = n.cordoned;
  return {{lost ? Text::FaultNodeBack : Text::FaultNodeLost, fault(lost ? "nodeBack" : "nodeLost", id)},
          {cordoned ? Text::FaultUncordon : Text::FaultCordon, kubectl((cordoned ? "uncordon " : "cordon ") + o.name),
           true}};
}

std::vector<Item> itemsFor(const std::string& id, const Snapshot& s) {
  if (id == "api") return {{Text::FaultApi, fault("failWrite", "")}};
  for (const ActorView& a : s.actors)
    if (a.id == id) return {{Text::FaultApi, fault("failWrite", id)}};
  const Id o = split(id);
  if (o.kind == "Pod") return podItems(id, o, s);
  if (o.kind == "Node") return nodeItems(id, o, s);
  std::vector<Item> out;
  if (o.kind == "StatefulSet" || o.kind == "Deployment") {
    int replicas = 0;
    for (const SetView& set : s.sets)
      if (set.id == id) replicas = set.replicas;
    for (const OtherView& other : s.others)
      if (other.id == id) replicas = other.replicas;
    const std::string scale = "scale " + std::string(o.kind == "StatefulSet" ? "statefulset " : "deployment ") +
                              o.name + inSpace(o) + " --replicas=";
    out.push_back({Text::ScaleUp, kubectl(scale + std::to_string(replicas + 1))});
    if (replicas > 0) out.push_back({Text::ScaleDown, kubectl(scale + std::to_string(replicas - 1))});
  }
  static constexpr std::pair<const char*, const char*> kinds[] = {
      {"StatefulSet", "statefulset"}, {"Deployment", "deployment"},   {"DaemonSet", "daemonset"},
      {"ReplicaSet", "replicaset"},   {"PodDisruptionBudget", "pdb"}, {"PersistentVolumeClaim", "pvc"},
      {"PersistentVolume", "pv"},     {"Service", "service"}};
  for (const auto& [kind, word] : kinds)
    if (o.kind == kind)
      out.push_back(
          {Text::FaultDeleteObject, kubectl(std::string("delete ") + word + " " + o.name + inSpace(o)), !out.empty()});
  return out;
}

}  // namespace

void ObjectMenu::draw(const Snapshot& s, Shell&, Ui& ui) {
  if (opening_) {
    opening_ = false;
    std::string id = id_;
    if (id.starts_with("slot:")) id_ = id.substr(5);
    if (!itemsFor(id_, s).empty()) ImGui::OpenPopup("object-menu");
  }
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  if (ImGui::BeginPopup("object-menu", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBackground)) {
    const std::vector<Item> items = itemsFor(id_, s);
    ImguiPainter p = ui.painter();
    const Theme& t = ui.theme;
    const std::string title = split(id_).name.empty() ? id_ : split(id_).name;
    const float row = ui.touch ? 48 : 32;
    float w = p.measure(Face::Mono, size::note, title), h = 36;
    for (const Item& i : items) {
      w = std::max(w, p.measure(Face::Sans, size::body, ui.word(i.name)));
      h += row + (i.separated ? 9 : 0);
    }
    w += 40;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    p.card({at.x, at.y, w, h + 6}, t.panel, t.line2, 8);
    p.label(Face::Mono, size::note, at.x + 14, at.y + 18, t.ink3, title);
    float y = at.y + 36;
    if (ImGui::IsWindowAppearing()) chosen_ = 0;
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) chosen_ = (chosen_ + 1) % int(items.size());
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) chosen_ = (chosen_ + int(items.size()) - 1) % int(items.size());
    for (int i = 0; i < int(items.size()); i++) {
      if (items[size_t(i)].separated) {
        p.lineTo({at.x + 1, y + 4.5f}, {at.x + w - 1, y + 4.5f}, t.line);
        y += 9;
      }
      const Box box{at.x + 4, y, w - 8, row};
      const Hit hit = ui.item("menu:" + std::to_string(i), box, 6, false);
      if (hit.hovered && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0)) chosen_ = i;
      if (chosen_ == i) p.fillBox(box, t.sunk, 6);
      p.label(Face::Sans, size::body, box.x + 10, box.cy(), t.ink, ui.word(items[size_t(i)].name));
      const bool enter = chosen_ == i && !ImGui::IsWindowAppearing() && ImGui::IsKeyPressed(ImGuiKey_Enter, false);
      if (hit.clicked || enter) {
        ui.out.push_back(items[size_t(i)].command);
        ImGui::CloseCurrentPopup();
      }
      y += row;
    }
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({w, h + 6});
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace web
