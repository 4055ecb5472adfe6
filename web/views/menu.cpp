// What can be done to an object, opened by a right click, a long press or the menu key on it.
#include <utility>

#include "imgui.h"
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
  const std::vector<Item> items = id_.empty() ? std::vector<Item>{} : itemsFor(id_, s);
  if (std::exchange(opening_, false) && !items.empty()) ImGui::OpenPopup("object-menu");
  std::vector<MenuItem> lines;
  for (const Item& i : items) lines.push_back({ui.word(i.name), {}, i.separated, false});
  const std::string name = split(id_).name;
  const int chosen = ui.menu("object-menu",
                             !name.empty()  ? name
                             : id_ == "api" ? ui.word(Text::ApiServer)
                                            : id_,
                             lines);
  if (chosen >= 0) ui.out.push_back(items[size_t(chosen)].command);
}

}  // namespace web
