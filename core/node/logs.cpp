#include "core/node/logs.hpp"
#include "core/apiserver/status.hpp"

#include <algorithm>

#include "core/node/machine.hpp"
#include "core/node/serving.hpp"

namespace node {
namespace {
using api::Key;
using api::Millis;
using api::Value;
using apiserver::Response;
namespace key = api::key;

int64_t number(const Value& options, std::string_view name, int64_t otherwise) {
  const Value* v = options.find(name);
  return v && v->kind() == api::Kind::Int ? v->asInt() : otherwise;
}

/// "2027-01-01T00:00:05.250000000Z", as the container runtime stamps a line.
std::string stamp(Millis t) {
  std::string out = api::formatTime(t);
  const std::string ms = std::to_string(t % 1000 + 1000).substr(1);
  return out.substr(0, 19) + "." + ms + "000000Z";
}

/// Whether the container has a log, and of which of its runs. "" or why not, in the kubelet's words.
std::string instanceOf(const api::Pod& pod, std::string_view container, bool previous, int64_t& restarts) {
  const std::string where =
      "container \"" + std::string(container) + "\" in pod \"" + std::string(pod.metadata().name()) + "\" ";
  api::ContainerStatus found;
  for (const auto& list : {pod.status().containerStatuses(), pod.status().initContainerStatuses()}) {
    for (const api::ContainerStatus& s : list) {
      if (s.name() == container) found = s;
    }
  }
  if (!found) return where + "is not available";
  restarts = found.restartCount();
  const bool ended = !found.lastState().doc[key::terminated].isNull();
  if (previous) {
    if (!ended) return "previous terminated " + where + "not found";
    // While it waits to be restarted, the run before is the one that ended last.
    if (found.state().has(key::running) || found.state().has(key::terminated)) --restarts;
    return {};
  }
  if (!found.state().has(key::waiting) || ended) return {};
  const std::string_view reason = found.doc.get({key::state, key::waiting, key::reason}).asString();
  if (reason == "ErrImagePull" || reason == "ImagePullBackOff")
    return where + (reason == "ErrImagePull" ? "is waiting to start: image can't be pulled"
                                             : "is waiting to start: trying and failing to pull image");
  return where + "is waiting to start: " + std::string(reason);
}

struct Wanted {
  Millis since = INT64_MIN, until = INT64_MAX;
  size_t position = 0;
  int64_t tail = -1, limit = -1;
  bool timestamps = false;
};

Wanted wantedOf(const Value& options, Millis now) {
  Wanted w;
  w.until = number(options, "until", INT64_MAX);
  if (const int64_t s = number(options, "sinceSeconds", 0); s > 0) w.since = std::min(now, w.until) - s * 1000;
  if (const Value* t = options.find("sinceTime"); t && !t->asString().empty()) w.since = api::parseTime(t->asString());
  w.position = size_t(std::max<int64_t>(number(options, "position", 0), 0));
  w.tail = number(options, "tailLines", -1);
  w.limit = number(options, "limitBytes", -1);
  const Value* stamps = options.find("timestamps");
  w.timestamps = stamps && stamps->asBool();
  return w;
}

std::string textOf(const store::Log& log, const Wanted& w) {
  size_t first = w.position, last = log.size();
  while (last > first && log[last - 1].time > w.until) --last;
  while (first < last && log[first].time < w.since) ++first;
  if (w.tail >= 0 && last - first > size_t(w.tail)) first = last - size_t(w.tail);
  std::string out;
  for (size_t i = first; i < last; ++i) {
    const store::LogLine& line = log[i];
    if (w.timestamps) out += stamp(line.time) + " ";
    out += line.text;
    if (line.whole) out += '\n';
  }
  if (w.limit >= 0 && int64_t(out.size()) > w.limit) out.resize(size_t(w.limit));
  return out;
}
}  // namespace

size_t logSince(const store::Logs& logs, std::string_view key, size_t position, std::string& out, std::string& err) {
  const store::Log* log = logs.get(key);
  size_t at = 0;
  for (size_t i = 0; log && i < log->size(); ++i) {
    const store::LogLine& line = (*log)[i];
    const std::string text = line.text + (line.whole ? "\n" : "");
    if (at + text.size() > position) (line.stream == 2 ? err : out) += text.substr(position > at ? position - at : 0);
    at += text.size();
  }
  return at;
}

Response readLog(const store::Logs& logs, const store::Facts& facts, const api::Pod& pod, const Value& options,
                 Millis now) {
  const Value *name = options.find("container"), *previous = options.find("previous");
  const std::string_view container = name ? name->asString() : std::string_view();
  if (isSilent(facts, pod.spec().nodeName()))
    return apiserver::failure(500, "InternalError",
                              "Get \"https://" + std::string(pod.status().hostIP()) + ":10250/containerLogs/" +
                                  std::string(pod.metadata().namespace_()) + "/" + std::string(pod.metadata().name()) +
                                  "/" + std::string(container) + "\": dial tcp " + std::string(pod.status().hostIP()) +
                                  ":10250: i/o timeout");
  int64_t restarts = 0;
  if (const std::string error = instanceOf(pod, container, previous && previous->asBool(), restarts); !error.empty())
    return apiserver::failure(400, "BadRequest", error);
  const store::Log* log = logs.get(logKey(pod.metadata().uid(), container, restarts));
  Response r;
  if (log) r.text = textOf(*log, wantedOf(options, now));
  bool running = false;
  for (const api::ContainerStatus& s : pod.status().containerStatuses())
    running |= s.name() == container && !s.state().has(key::terminated);
  for (const api::ContainerStatus& s : pod.status().initContainerStatuses())
    running |= s.name() == container && !s.state().has(key::terminated);
  r.body = Value::object({{Key("position"), int64_t(log ? log->size() : 0)}, {Key("ended"), !running}});
  return r;
}

}  // namespace node
