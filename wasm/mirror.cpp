#include "wasm/mirror.hpp"

#include "core/api/pods.hpp"
#include "web/snapshot.hpp"
#include "web/text.hpp"

namespace wasm {

namespace {

using api::Key;
using api::Value;

struct Lister {
  Value list = Value::array({});

  /// id: "Pod/default/web-0"
  void add(std::string_view id, std::string_view state, std::string_view detail = {}) {
    Value item = Value::object({{Key("id"), id},
                                {Key("kind"), id.substr(0, id.find('/'))},
                                {Key("name"), id.substr(id.rfind('/') + 1)},
                                {Key("state"), state}});
    if (!detail.empty()) item.set(Key("detail"), detail);
    list.append(std::move(item));
  }
};

std::string plain(const std::vector<web::Span>& spans) {
  std::string out;
  for (const web::Span& s : spans) out += s.mono ? "`" + s.text + "`" : s.text;
  return out;
}

/// The comparison as its cards show it.
Value comparison(const web::CompareView& view) {
  static constexpr const char* whats[] = {"name", "dns", "data", "node"};
  static constexpr const char* fates[] = {"untouched", "waiting", "kept", "new", "none", "lost", "free", "perNode"};
  Value columns = Value::array({});
  for (const web::ColumnView& c : view.columns) {
    Value column = Value::object({{Key("id"), c.id}, {Key("kind"), c.kind}, {Key("command"), c.command}});
    column.set(Key("why"), plain(c.why));
    for (int i = 0; i < 4; i++)
      column.set(Key(whats[i]), Value::object({{Key("fate"), fates[int(c.fates[i].fate)]},
                                               {Key("word"), c.fates[i].word},
                                               {Key("value"), c.fates[i].value},
                                               {Key("note"), c.fates[i].note}}));
    columns.append(std::move(column));
  }
  return Value::object(
      {{Key("title"), view.title}, {Key("complete"), view.complete}, {Key("columns"), std::move(columns)}});
}

}  // namespace

Value mirror(Instance& at) {
  const bool chinese = at.language == decision::Language::zh;
  const web::Snapshot shown = web::states(at.session, chinese ? web::Language::Chinese : web::Language::English);
  Lister to;
  for (const web::SetView& set : shown.sets) to.add(set.id, set.summary);
  for (const web::OtherView& other : shown.others) to.add(other.id, other.note);
  for (const web::PodView& pod : shown.pods) to.add(pod.id, pod.label, pod.node);
  for (const web::ClaimView& claim : shown.claims) {
    if (claim.exists) to.add(claim.id, claim.note, claim.volume.substr(claim.volume.rfind('/') + 1));
  }
  for (const web::VolumeView& volume : shown.volumes) to.add(volume.id, volume.note);
  for (const web::NodeView& node : shown.nodes) to.add(node.id, node.condition);
  at.session.objects().each(api::Resource::services, "", [&](const Value& v) {
    const api::Service service{{v}};
    to.add(store::objectName("Service", service.metadata().namespace_(), service.metadata().name()),
           service.spec().clusterIP());
  });

  const size_t cursor = at.session.cursor();
  Value out = Value::object({{Key("cursor"), int64_t(cursor)}, {Key("length"), int64_t(at.session.length())}});
  if (cursor > 0) {
    const sim::Entry& entry = at.session.entry(cursor - 1);
    out.set(Key("actor"), at.session.journal().actors[entry.actor]);
    out.set(Key("why"), decision::sentence(entry.why, at.language));
  }
  out.set(Key("objects"), to.list);
  Value files = Value::array({}), versions = Value::array({});
  for (const auto& [name, text] : at.session.files())
    files.append(Value::object({{Key("name"), name}, {Key("size"), int64_t(text.size())}}));
  out.set(Key("files"), files);
  for (const web::VersionView& v : shown.versions)
    versions.append(Value::object({{Key("name"), v.name}, {Key("note"), v.note}, {Key("used"), v.used}}));
  out.set(Key("versions"), versions);
  out.set(Key("versionWhy"), web::text(shown.language, web::Text::VersionWhy));
  if (at.comparing)
    out.set(Key("compare"),
            comparison(web::compared(at.session, chinese ? web::Language::Chinese : web::Language::English)));
  return out;
}

}  // namespace wasm
