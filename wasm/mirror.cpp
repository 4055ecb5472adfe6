#include "wasm/mirror.hpp"

#include "core/api/pods.hpp"

namespace wasm {

namespace {

using api::Key;
using api::Resource;
using api::Value;
using decision::Language;

/// A state in the chosen language.
struct Words {
  std::string_view en, zh;
};

Words podState(const api::Pod& pod) {
  if (api::isTerminating(pod)) return {"Terminating", "终止中"};
  const std::string_view phase = pod.status().phase();
  if (phase == "Failed") return {"Failed", "失败"};
  if (phase == "Succeeded") return {"Succeeded", "已完成"};
  if (phase == "Unknown") return {"Unknown", "状态未知"};
  if (phase == "Running") {
    return api::isPodReady(pod) ? Words{"Ready", "就绪"} : Words{"Running, not Ready", "运行中，未就绪"};
  }
  return api::isScheduled(pod) ? Words{"Creating", "创建中"} : Words{"Pending, no node", "待调度"};
}

struct Lister {
  Instance& at;
  Value list = Value::array({});

  void add(const api::Object& object, Words state, std::string_view detail = {}) {
    const api::ObjectMeta meta = object.metadata();
    std::string id = std::string(object.kind()) + "/" + std::string(meta.namespace_()) + "/" + std::string(meta.name());
    Value item = Value::object({{Key("id"), id},
                                {Key("kind"), object.kind()},
                                {Key("name"), meta.name()},
                                {Key("state"), at.language == Language::zh ? state.zh : state.en}});
    if (!detail.empty()) item.set(Key("detail"), detail);
    list.append(std::move(item));
  }

  template <class T, class F>
  void each(F&& f) {
    at.session.objects().each(api::resourceOf<T>, "", [&](const Value& v) { f(T{{v}}, api::Object{{v}}); });
  }
};

Words bound(std::string_view phase) {
  if (phase == "Bound") return {"Bound", "已绑定"};
  if (phase == "Available") return {"Available", "可用"};
  if (phase == "Released") return {"Released", "已释放"};
  if (phase == "Lost") return {"Lost", "丢失"};
  if (phase == "Failed") return {"Failed", "失败"};
  return {"Pending", "等待中"};
}

bool nodeReady(const api::Node& node) {
  for (const api::NodeCondition& c : node.status().conditions()) {
    if (c.type() == "Ready") return c.status() == "True";
  }
  return false;
}

}  // namespace

Value mirror(Instance& at) {
  Lister to{at};
  to.each<api::StatefulSet>([&](const api::StatefulSet& set, const api::Object& object) {
    const std::string ready =
        std::to_string(set.status().readyReplicas()) + "/" + std::to_string(set.spec().replicas());
    to.add(object, {"Ready", "就绪"}, ready);
  });
  to.each<api::Pod>(
      [&](const api::Pod& pod, const api::Object& object) { to.add(object, podState(pod), pod.spec().nodeName()); });
  to.each<api::PersistentVolumeClaim>([&](const api::PersistentVolumeClaim& claim, const api::Object& object) {
    to.add(object, bound(claim.status().phase()), claim.spec().volumeName());
  });
  to.each<api::PersistentVolume>([&](const api::PersistentVolume& volume, const api::Object& object) {
    to.add(object, bound(volume.status().phase()), volume.spec().claimRef().name());
  });
  to.each<api::Service>([&](const api::Service& service, const api::Object& object) {
    to.add(object, {"", ""}, service.spec().clusterIP());
  });
  to.each<api::Node>([&](const api::Node& node, const api::Object& object) {
    to.add(object, nodeReady(node) ? Words{"Ready", "就绪"} : Words{"not Ready", "未就绪"});
  });

  const size_t cursor = at.session.cursor();
  Value out = Value::object({{Key("cursor"), int64_t(cursor)}, {Key("length"), int64_t(at.session.length())}});
  if (cursor > 0) {
    const sim::Entry& entry = at.session.entry(cursor - 1);
    out.set(Key("actor"), at.session.journal().actors[entry.actor]);
    out.set(Key("why"), decision::sentence(entry.why, at.language));
  }
  out.set(Key("objects"), to.list);
  return out;
}

}  // namespace wasm
