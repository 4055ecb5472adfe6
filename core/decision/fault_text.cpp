#include "core/decision/fault_text.hpp"

namespace decision {
namespace {

struct Phrase {
  std::string_view type, flag;  ///< flag: the member that tells a fault (or nothing said) from its end
  bool fault;                   ///< what the flag is while the fault lasts
  std::string_view en, zh, enEnd, zhEnd;
};
constexpr Phrase phrases[] = {
    {"containerCrash", "", true, "a container of `{pod}` crashes", "`{pod}` 的容器崩溃", "", ""},
    {"outOfMemory", "", true, "a container of `{pod}` runs out of memory", "`{pod}` 的容器内存不足", "", ""},
    {"containerHang", "on", true, "a container of `{pod}` hangs", "`{pod}` 的容器没有响应",
     "a container of `{pod}` answers again", "`{pod}` 的容器恢复响应"},
    {"readiness", "ready", false, "the readiness probe of `{pod}` fails", "`{pod}` 的就绪探针失败",
     "the readiness probe of `{pod}` succeeds again", "`{pod}` 的就绪探针恢复成功"},
    {"probe", "ok", false, "the {probe} probe of `{pod}` fails", "`{pod}` 的 {probe} 探针失败",
     "the {probe} probe of `{pod}` succeeds again", "`{pod}` 的 {probe} 探针恢复成功"},
    {"diskFull", "full", true, "the disk of `{volume}` is full", "`{volume}` 的磁盘已满",
     "the disk of `{volume}` has space again", "`{volume}` 的磁盘又有空间"},
    {"failWrite", "", true, "the next API write of {actor} fails", "{actor} 的下一次 API 写入失败", "", ""},
    {"lag", "on", true, "{actor} sees the cluster as it is now, and nothing newer", "{actor} 只看到集群此刻的样子",
     "{actor} sees the cluster as it is again", "{actor} 重新看到集群的现状"},
    {"stop", "on", true, "{actor} stops working", "{actor} 停止工作", "{actor} works again", "{actor} 恢复工作"},
};

struct Asked {
  const api::Value& fault;
  Language language;
};

// {actor} may be left out: then it is every controller.
std::string valueOf(std::string_view name, const void* of) {
  const Asked& asked = *static_cast<const Asked*>(of);
  const api::Value* v = asked.fault.find(name);
  if (v && v->kind() == api::Kind::String && !v->asString().empty()) return std::string(v->asString());
  return asked.language == Language::zh ? "任一控制器" : "any controller";
}

}  // namespace

std::string faultText(const api::Value& fault, Language language) {
  const api::Value* type = fault.find("type");
  for (const Phrase& p : phrases) {
    if (!type || type->asString() != p.type) continue;
    const api::Value* flag = p.flag.empty() ? nullptr : fault.find(p.flag);
    const bool over = flag && flag->asBool() != p.fault;
    const Asked asked{fault, language};
    return filled(language == Language::zh ? (over ? p.zhEnd : p.zh) : (over ? p.enEnd : p.en), valueOf, &asked);
  }
  return "";
}

}  // namespace decision
