// Commands on the session. What belongs to the interface (console lines, errors beside a line) goes to the shell.
#include <algorithm>

#include "core/apiserver/check.hpp"
#include "core/manifest/manifest.hpp"
#include "web/platform.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

void addLines(const std::string& text, ConsoleLine::Kind kind, Shell& shell) {
  bool first = true;
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find('\n', from), text.size());
    const std::string line = text.substr(from, to - from);
    // A table's head, as kubectl prints it, is drawn quieter.
    const bool head = first && kind == ConsoleLine::Output &&
                      (line.starts_with("NAME ") || line.starts_with("NAMESPACE ") || line.starts_with("LAST SEEN"));
    shell.console.push_back({head ? ConsoleLine::Header : kind, line});
    first = false;
    from = to + 1;
  }
}

// The field that a message speaks of: `… is invalid: spec.replicas: Invalid value …`, `unknown field "spec.replica"`.
std::string fieldIn(std::string_view message) {
  static constexpr const char* roots[] = {"spec.", "metadata.", "data.", "webhooks.", "roleRef."};
  for (size_t i = 0; i < message.size(); i++)
    for (const char* root : roots)
      if (message.substr(i).starts_with(root) &&
          (i == 0 || message[i - 1] == ' ' || message[i - 1] == '"' || message[i - 1] == '[')) {
        size_t end = i;
        while (end < message.size() && message[end] != ':' && message[end] != '"' && message[end] != ' ' &&
               message[end] != ',')
          end++;
        return std::string(message.substr(i, end - i));
      }
  return {};
}

}  // namespace

std::vector<ManifestError> manifestErrors(std::string_view yaml, const sim::Output& result, Language language) {
  std::vector<ManifestError> out;
  if (result.exit == 0) return out;
  // What can be seen without the cluster has the best place and words; what only the server could know follows.
  for (const apiserver::Finding& f : apiserver::checkManifest(yaml))
    out.push_back({f.line, f.column, language == Language::Chinese ? f.messageZh : f.message, f.path});
  if (!out.empty()) return out;
  const manifest::Parsed parsed = manifest::parseYaml(yaml);
  for (const manifest::Error& e : parsed.errors)
    out.push_back({std::max(1, e.place.line), e.place.column, e.message, e.path});
  if (!out.empty()) return out;
  for (size_t from = 0; from < result.err.size();) {
    const size_t to = std::min(result.err.find('\n', from), result.err.size());
    const std::string message = result.err.substr(from, to - from);
    from = to + 1;
    if (message.empty() || message.starts_with("Warning:") || message.starts_with("* ") || message == ".") continue;
    const std::string path = fieldIn(message);
    manifest::Place place;
    for (const manifest::Document& d : parsed.documents) {
      const std::string name(d.value.get({api::key::metadata, api::key::name}).asString());
      if (!name.empty() && parsed.documents.size() > 1 && message.find("\"" + name + "\"") == std::string::npos)
        continue;
      if (!path.empty()) place = d.places.find(path);
      if (place.line > 0) break;
    }
    out.push_back({std::max(1, place.line), place.column, message, path});
    if (out.size() == 6) break;
  }
  return out;
}

// Whether someone else (the page, kubectl) has applied a manifest: its objects are there, and as of which entry.
void SessionSource::findApplied(Manifest& m) {
  if (m.appliedAt >= 0 || m.buffer.text().empty()) return;
  int at = 0;
  const manifest::Parsed parsed = manifest::parseYaml(m.buffer.text());
  if (parsed.documents.empty() || !parsed.errors.empty()) return;
  for (const manifest::Document& d : parsed.documents) {
    std::string id = idOf(d.value);
    const api::ResourceInfo* info = api::findKind(d.value[api::key::kind].asString());
    if (!info) return;
    const api::Value& meta = d.value[api::key::metadata];
    if (info->namespaced && meta[api::key::namespace_].asString().empty())
      id = idOf(info->kind, "default", meta[api::key::name].asString());
    int found = 0;
    for (size_t n = 0; n < session_.length() && !found; n++) {
      const sim::Entry& e = session_.entry(n);
      if (e.kind == sim::EntryKind::create && e.actor == 0 && e.objectName() == id) found = int(n) + 1;
    }
    if (!found) return;
    at = std::max(at, found);
  }
  m.applied = m.buffer.text();
  m.appliedAt = at;
}

// The open manifests are the session's files: `kubectl apply -f NAME` finds them, and they are saved with it.
void SessionSource::sync(Shell& shell) {
  for (const auto& file : session_.files()) {
    const std::string &name = file.first, &text = file.second;
    const auto at = known_.find(name);
    if (at != known_.end() && at->second == text) continue;
    known_[name] = text;
    const auto open =
        std::find_if(shell.manifests.begin(), shell.manifests.end(), [&](const Manifest& m) { return m.name == name; });
    if (open != shell.manifests.end()) {
      if (open->buffer.text() != text) open->buffer.reset(text), open->errors.clear();
    } else {
      if (shell.manifests.size() == 1 && shell.manifests[0].buffer.text().empty() &&
          !known_.count(shell.manifests[0].name))
        shell.manifests.clear();
      shell.manifests.push_back({name, TextBuffer{text}, {}, -1, {}});
    }
    searched_ = ~size_t(0);
  }
  bool edited = false;
  for (const Manifest& m : shell.manifests) {
    auto& known = known_[m.name];
    if (known == m.buffer.text()) continue;
    known = m.buffer.text();
    session_.setFile(m.name, known);
    edited = true;
  }
  if (searched_ != session_.length()) {
    for (Manifest& m : shell.manifests) findApplied(m);
    searched_ = session_.length();
  }
  if (edited && told_) told_();
}

void SessionSource::apply(const Command& c, Shell& shell) {
  const int which = c.number >= 0 ? c.number : shell.manifest;
  const sim::Output result = session_.apply(c.text);
  shell.console.push_back(
      {ConsoleLine::Command,
       "apply -f " + (which < int(shell.manifests.size()) ? shell.manifests[size_t(which)].name : std::string("-"))});
  addLines(result.out, ConsoleLine::Output, shell);
  addLines(result.err, ConsoleLine::Error, shell);
  if (which < 0 || which >= int(shell.manifests.size())) return;
  Manifest& m = shell.manifests[size_t(which)];
  m.errors = manifestErrors(c.text, result, shell.language);
  if (result.exit == 0) {
    m.applied = c.text;
    m.appliedAt = int(session_.cursor());
    m.errors.clear();
  }
}

void SessionSource::kubectl(const std::string& line, Shell& shell) {
  std::string command = line;
  if (command.starts_with("kubectl ")) command.erase(0, 8);
  shell.console.push_back({ConsoleLine::Command, command});
  if (command == "clear") return shell.console.clear();
  const sim::Output result = session_.kubectl(command);
  addLines(result.out, ConsoleLine::Output, shell);
  addLines(result.err, ConsoleLine::Error, shell);
  if (shell.console.size() > 2000) shell.console.erase(shell.console.begin(), shell.console.end() - 1500);
}

void SessionSource::fault(const Command& c, Shell& shell) {
  api::Value what;
  std::string problem;
  if (c.text.starts_with("{")) {
    what = manifest::parseJson(c.text, problem);
  } else {
    const size_t a = c.id.find('/'), b = c.id.find('/', a + 1);
    const std::string name = b == std::string::npos ? c.id : c.id.substr(b + 1);
    const std::string space = b == std::string::npos ? "" : c.id.substr(a + 1, b - a - 1);
    const auto set = [&](const char* key, api::Value v) { what.set(api::Key(key), std::move(v)); };
    what = api::Value::object({});
    if (c.text == "unready" || c.text == "ready") {
      set("type", "readiness");
      set("ready", c.text == "ready");
      set("pod", name);
    } else if (c.text == "failWrite") {
      set("type", "failWrite");
      if (!c.id.empty())
        set("actor", c.id == "volumes" ? std::string("persistentvolume-binder")
                     : c.id == "gc"    ? std::string("garbage collector")
                                       : c.id);
    } else if (c.text.starts_with("node")) {
      set("type", c.text);
      set("node", name);
    } else {
      set("type", c.text);
      set("pod", name);
    }
    if (!space.empty() && what.find("pod")) set("namespace", space);
  }
  if (problem.empty()) problem = session_.fault({what});
  if (!problem.empty()) shell.console.push_back({ConsoleLine::Error, problem});
}

void SessionSource::perform(const Command& c, Shell& shell) {
  const uint64_t before = version_;
  switch (c.type) {
    case Command::Step: version_ += session_.step(); break;
    case Command::Back: version_ += session_.back(); break;
    case Command::Rest: version_ += session_.rest(); break;
    case Command::Restart: session_.restart(), version_++; break;
    case Command::Seek: session_.seek(size_t(std::max(0, c.number))), version_++; break;
    case Command::Apply: apply(c, shell), version_++; break;
    case Command::Kubectl: kubectl(c.text, shell), version_++; break;
    case Command::Fault: fault(c, shell), version_++; break;
    case Command::Branch: session_.switchTo(size_t(std::max(0, c.number))), version_++; break;
    case Command::Compare:
      if (c.text == "on" || c.text == "off") {
        shell.comparing = c.text == "on";
      } else if (const std::string problem = actOnWorkloads(session_, c.text); !problem.empty()) {
        shell.console.push_back({ConsoleLine::Error, problem});
      }
      version_++;
      break;
    case Command::Share: host::tell("share", ""); break;
    case Command::OpenSite: host::tell("open", ""); break;
    case Command::Lesson: host::tell("lesson", ""); break;
    default: break;
  }
  if (version_ != before && told_) told_();
}

}  // namespace web
