// Commands on the session. What belongs to the interface (console lines, errors beside a line) goes to the shell.
#include <algorithm>
#include <utility>

#include "core/apiserver/check.hpp"
#include "core/manifest/manifest.hpp"
#include "web/platform.hpp"
#include "web/snapshot/reader.hpp"

namespace web {
namespace {

/// Adds what was typed to the console's lines. The page hears of both, for its accessible view.
void echo(const std::string& text, Shell& shell) {
  const bool open = !shell.console.empty() && shell.console.back().open;
  host::tell("console", (open ? text : shell.prompt + text) + "\n");
  if (open) {
    shell.console.back().text += text;
    shell.console.back().open = false;
  } else {
    shell.console.push_back({ConsoleLine::Command, shell.prompt + text});
  }
}

/// Adds what was said to the console's lines; the last one may be unfinished.
void say(const console::Piece& piece, Shell& shell) {
  if (piece.text.empty()) return;
  host::tell("console", piece.text);
  const ConsoleLine::Kind kind = piece.stream == 2 ? ConsoleLine::Error : ConsoleLine::Output;
  std::string_view text = piece.text;
  const size_t cleared = text.rfind("\033[H\033[J");
  if (cleared != text.npos) {
    shell.console.clear();
    text.remove_prefix(cleared + 6);
  }
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (!shell.console.empty() && shell.console.back().open) {
      shell.console.back().text += part;
    } else {
      // A table's head, as kubectl prints it, is drawn quieter.
      const bool head = kind == ConsoleLine::Output &&
                        (part.starts_with("NAME ") || part.starts_with("NAMESPACE ") || part.starts_with("LAST SEEN"));
      shell.console.push_back({head ? ConsoleLine::Header : kind, std::string(part)});
    }
    shell.console.back().open = end == text.npos;
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  if (shell.console.size() > 2000) shell.console.erase(shell.console.begin(), shell.console.end() - 1500);
}

// The field that a message speaks of: `… is invalid: spec.replicas: Invalid value …`, `unknown field "spec.replica"`.
std::string fieldIn(std::string_view message) {
  static constexpr std::string_view roots[] = {"spec", "metadata", "data", "webhooks", "roleRef"};
  for (size_t i = 0; i < message.size(); i++)
    for (const std::string_view root : roots) {
      const std::string_view after = message.substr(std::min(i + root.size(), message.size()));
      if (!message.substr(i).starts_with(root) || after.empty() || !(after[0] == '.' || after[0] == ':')) continue;
      if (i > 0 && message[i - 1] != ' ' && message[i - 1] != '"' && message[i - 1] != '[') continue;
      return std::string(message.substr(i, message.find_first_of(":\" ,", i) - i));
    }
  return {};
}

// Does a message name this object? `The StatefulSet "web" is invalid`, `statefulsets "web" is forbidden`.
bool names(std::string_view message, const manifest::Document& d, bool kindToo) {
  const std::string name(d.value.get({api::key::metadata, api::key::name}).asString());
  if (!name.empty() && message.find("\"" + name + "\"") == message.npos) return false;
  const api::ResourceInfo* info = api::findKind(d.value[api::key::kind].asString());
  return !kindToo || !info || message.find(info->kind) != message.npos || message.find(info->plural) != message.npos;
}

// Where the object that a message names has this field; else where the object begins.
manifest::Place placeIn(const manifest::Parsed& parsed, std::string_view message, const std::string& path) {
  for (const bool kindToo : {true, false})
    for (const manifest::Document& d : parsed.documents) {
      if (parsed.documents.size() > 1 && !names(message, d, kindToo)) continue;
      manifest::Place place;
      if (!path.empty()) place = d.places.find(path);
      if (place.line <= 0) place = d.places.find("metadata.name");
      if (place.line > 0) return place;
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
  std::string invalid;  // the line that names the object whose causes follow, each behind a star
  bool exists = false;
  for (size_t from = 0; from < result.err.size() && out.size() < 6;) {
    const size_t to = std::min(result.err.find('\n', from), result.err.size());
    std::string message = result.err.substr(from, to - from);
    from = to + 1;
    while (message.ends_with(' ')) message.pop_back();
    const bool cause = message.starts_with("* ");
    if (message.empty() || message.starts_with("Warning:") || message == "." || (cause && invalid.empty())) continue;
    if (message.ends_with("is invalid:")) {
      invalid = std::move(message);
      continue;
    }
    if (cause) message.erase(0, 2);
    exists |=
        message.find("field is immutable") != message.npos || message.find("Forbidden: updates to") != message.npos;
    const std::string path = fieldIn(message);
    const manifest::Place place = placeIn(parsed, cause ? invalid : message, path);
    out.push_back({std::max(1, place.line), place.column, message, path});
  }
  if (exists) out.front().message += std::string(". ") + std::string(text(language, Text::ExistsHint));
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
      id = store::objectName(info->kind, "default", meta[api::key::name].asString());
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
  if (shell.waits && (session_.length() != heardLength_ || session_.cursor() != heardCursor_)) {
    console_.go(session_, false);
    listen(shell);
    version_++;
  }
  // A session that was begun or loaded has others: what it does not have is closed.
  const auto gone = [&](const std::string& name) {
    return std::none_of(session_.files().begin(), session_.files().end(),
                        [&](const auto& f) { return f.first == name; });
  };
  std::erase_if(shell.manifests, [&](const Manifest& m) { return known_.count(m.name) && gone(m.name); });
  std::erase_if(known_, [&](const auto& file) { return gone(file.first); });
  for (const auto& file : session_.files()) {
    const std::string &name = file.first, &text = file.second;
    const auto at = known_.find(name);
    if (at != known_.end() && at->second == text) continue;
    known_[name] = text;
    const auto shown =
        std::find_if(shell.manifests.begin(), shell.manifests.end(), [&](const Manifest& m) { return m.name == name; });
    if (shown != shell.manifests.end()) {
      if (shown->buffer.text() != text) shown->buffer.reset(text), shown->errors.clear();
    } else {
      if (shell.manifests.size() == 1 && shell.manifests[0].buffer.text().empty() &&
          !known_.count(shell.manifests[0].name))
        shell.manifests.clear();
      shell.manifests.push_back({name, TextBuffer{text}, {}, -1, {}});
    }
    searched_ = ~size_t(0);
    if (!typed_) continue;  // `kubectl edit`
    for (size_t i = 0; i < shell.manifests.size(); i++)
      if (shell.manifests[i].name == name) shell.manifest = int(i), shell.leftOpen = true;
  }
  typed_ = false;
  const auto open = [&](const std::string& name) {
    return std::any_of(shell.manifests.begin(), shell.manifests.end(),
                       [&](const Manifest& m) { return m.name == name; });
  };
  bool edited = false;
  std::erase_if(known_, [&](const auto& file) {
    if (open(file.first)) return false;
    session_.removeFile(file.first);
    return edited = true;
  });
  for (const Manifest& m : shell.manifests) {
    auto& known = known_[m.name];
    if (known == m.buffer.text()) continue;
    known = m.buffer.text();
    session_.setFile(m.name, known);
    edited = true;
  }
  for (Manifest& m : shell.manifests)  // of a branch that is no more shown
    if (m.appliedAt > int(session_.length())) m.applied.clear(), m.appliedAt = -1, searched_ = ~size_t(0);
  if (searched_ != session_.length()) {
    for (Manifest& m : shell.manifests) findApplied(m);
    searched_ = session_.length();
  }
  if (edited && told_) told_();
}

void SessionSource::apply(const Command& c, Shell& shell) {
  const int which = c.number >= 0 ? c.number : shell.manifest;
  const sim::Output result = session_.apply(c.text);
  const bool open = which >= 0 && which < int(shell.manifests.size());
  echo("kubectl apply -f " + (open ? shell.manifests[size_t(which)].name : std::string("-")), shell);
  say({1, result.out}, shell);
  say({2, result.err}, shell);
  if (open) note(shell.manifests[size_t(which)], c.text, result, shell);
}

void SessionSource::replaced(Shell& shell) {
  history_ = {};
  searched_ = ~size_t(0);
  for (Manifest& m : shell.manifests) m.applied.clear(), m.appliedAt = -1;
}

void SessionSource::applied(std::string_view yaml, const sim::Output& result, Shell& shell) {
  sync(shell);
  for (size_t i = 0; i < shell.manifests.size(); i++) {
    if (shell.manifests[i].buffer.text() != yaml) continue;
    note(shell.manifests[i], yaml, result, shell);
    if (result.exit != 0) shell.manifest = int(i);
  }
}

void SessionSource::note(Manifest& m, std::string_view yaml, const sim::Output& result, const Shell& shell) {
  m.errors = manifestErrors(yaml, result, shell.language);
  if (result.exit != 0) return;
  m.applied = yaml;
  m.appliedAt = int(session_.cursor());
}

/// What the console said since, and what it does now.
void SessionSource::listen(Shell& shell) {
  for (const console::Piece& p : console_.take()) say(p, shell);
  shell.waits = console_.waits();
  const bool asks = console_.reads() && !shell.console.empty() && shell.console.back().open;
  shell.prompt = asks || shell.waits ? "" : console_.continues() ? "> " : "$ ";
  if (plays_ && !shell.waits) plays_ = shell.playing = false;
  heardLength_ = session_.length();
  heardCursor_ = session_.cursor();
}

void SessionSource::line(const std::string& text, Shell& shell) {
  echo(text, shell);
  console_.setChinese(shell.language == Language::Chinese);
  console_.begin(session_, text);
  typed_ = true;
  listen(shell);
  // Time passes while a command waits for it.
  if (shell.waits && !shell.playing) plays_ = shell.playing = true;
}

void SessionSource::complete(const std::string& text, Shell& shell) {
  const std::vector<std::string> words = console_.complete(session_, text);
  shell.completion.clear();
  if (words.empty()) return;
  const size_t blank = text.find_last_of(" |;&(\n");
  const size_t typed = text.size() - (blank == text.npos ? 0 : blank + 1);
  size_t common = words[0].size();
  for (const std::string& w : words) {
    size_t n = 0;
    while (n < common && n < w.size() && w[n] == words[0][n]) n++;
    common = n;
  }
  if (common > typed) shell.completion = words[0].substr(typed, common - typed);
  if (words.size() == 1) {
    shell.completion += words[0].ends_with("/") || words[0].ends_with("=") ? "" : " ";
  } else if (shell.completion.empty()) {
    echo(text, shell);
    std::string row;
    for (const std::string& w : words) {
      row += w + std::string(w.size() < 18 ? 18 - w.size() : 2, ' ');
      if (row.size() >= 54) say({1, std::exchange(row, {}) + "\n"}, shell);
    }
    if (!row.empty()) say({1, row + "\n"}, shell);
  }
}

void SessionSource::rests(Shell& shell) {
  if (!console_.waits()) return;
  console_.go(session_, true);
  listen(shell);
  version_++;
  if (!shell.waits || session_.length() == heardLength_) plays_ = false;
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
  if (!problem.empty()) say({2, problem + "\n"}, shell);
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
    case Command::Kubectl:
      line(c.text.starts_with("kubectl ") ? c.text : "kubectl " + c.text, shell);
      version_++;
      break;
    case Command::Line: line(c.text, shell), version_++; break;
    case Command::Complete: complete(c.text, shell); break;
    case Command::Interrupt:
      echo(c.text + "^C", shell);
      console_.interrupt(session_);
      listen(shell);
      version_++;
      break;
    case Command::Fault: fault(c, shell), version_++; break;
    case Command::Branch: session_.switchTo(size_t(std::max(0, c.number))), version_++; break;
    case Command::Compare:
      if (c.text == "on" || c.text == "off") {
        shell.comparing = c.text == "on";
      } else if (const std::string problem = actOnWorkloads(session_, c.text); !problem.empty()) {
        say({2, problem + "\n"}, shell);
      }
      version_++;
      break;
    case Command::Version:
      if (const std::string problem = session_.onVersion(c.text); !problem.empty()) say({2, problem + "\n"}, shell);
      version_++;
      break;
    case Command::Share: host::tell("share", ""); break;
    case Command::StartOver: host::tell("startover", ""); break;
    case Command::OpenSite: host::tell("open", ""); break;
    case Command::Lesson: host::tell("lesson", ""); break;
    default: break;
  }
  if (version_ != before && told_) told_();
}

}  // namespace web
