// One YAML text -> a document, by yaml-cpp's events; its errors in goyaml's words.
#include "core/manifest/yaml.hpp"

#include <cstring>

#include "core/manifest/manifest.hpp"
#include "core/manifest/places.hpp"
#include "core/manifest/scalar.hpp"
#include "core/manifest/streams.hpp"
// yaml-cpp's headers come after the streams that they are to use.
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace manifest {
namespace {

using api::Key;
using api::Kind;
using api::Value;

constexpr size_t mostNodes = 200000;
constexpr int deepest = 100;

struct Failure {
  Place place;
  std::string text;  ///< in goyaml's words
};

/// Builds one document. A collection being read is a frame; a mapping's frame holds its key until the value comes.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const Lines& lines, Document& out) : lines_(lines), out_(out) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    anchorMark_ = mark;
    anchorName_ = name;
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(mark, 0, anchor, Value(), 1); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const std::string_view raw = lines_.rest(mark.line + 1, mark.column + 1);
    notAfterTab(mark);
    if (tag == "?") return put(mark, text.size(), anchor, resolve(text).value, 1, text == "<<");
    size_t length = raw.size();
    if (!raw.empty() && (raw[0] == '"' || raw[0] == '\'')) length = quotedLength(mark, raw[0]);
    put(mark, length, anchor, tagged(mark, tag, text), 1);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    for (const Frame& f : frames_) {
      if (f.anchor == anchor) fail(mark, "anchor '" + names_[anchor] + "' value contains itself");
    }
    const auto& [value, nodes] = anchors_[anchor];
    put(mark, 1, 0, value, nodes);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, anchor, false, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, anchor, true, style);
  }
  void OnSequenceEnd() override {
    Frame f = std::move(frames_.back());
    frames_.pop_back();
    close(f, Value::array(std::move(f.items)));
  }
  void OnMapEnd() override {
    Frame f = std::move(frames_.back());
    frames_.pop_back();
    // What a merge key brings counts only where the mapping itself is silent.
    for (auto& m : f.members) f.merged.push_back(std::move(m));
    close(f, Value::object(std::move(f.merged)));
  }

  /// Where the text broke off: in a list whose dashes stand in the column of the key above them.
  bool inIndentlessSequence() const {
    const size_t n = frames_.size();
    return n > 1 && !frames_[n - 1].map && frames_[n - 2].map &&
           frames_[n - 1].mark.column == frames_[n - 2].keyMark.column;
  }
  bool hasBlockMapAt(int column) const {
    for (const Frame& f : frames_) {
      if (f.map && !f.flow && f.mark.column == column) return true;
    }
    return false;
  }
  /// What goyaml says to a bracket that closes nothing. `before`: what stands before it on its line.
  std::string flowEnd(std::string_view before) const {
    while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
    const bool wantsNode = !before.empty() && std::strchr(",[{:", before.back());
    // The events lag behind the scanner, so brackets that stand open on this line come first.
    std::string open;
    for (char ch : before) {
      if (ch == '[' || ch == '{') open += ch;
      if ((ch == ']' || ch == '}') && !open.empty()) open.pop_back();
    }
    if (!open.empty() && !wantsNode)
      return open.back() == '{' ? "did not find expected ',' or '}'" : "did not find expected ',' or ']'";
    if (frames_.empty() || wantsNode) return "did not find expected node content";
    const Frame& f = frames_.back();
    if (f.flow) return f.map ? "did not find expected ',' or '}'" : "did not find expected ',' or ']'";
    return f.map && !f.hasKey ? "did not find expected key" : "did not find expected node content";
  }

 private:
  struct Frame {
    YAML::Mark mark;
    YAML::anchor_t anchor;
    bool map, flow, hasKey = false, mergeKey = false;
    std::string key;
    YAML::Mark keyMark;
    size_t keyLength = 0;
    std::vector<Value> items;
    std::vector<std::pair<Key, Value>> members, merged;
    size_t pathLength, nodes = 1;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, std::string text) { throw Failure{place(mark, 1), std::move(text)}; }
  /// As goyaml's scanner reports: with the line, unless it is the first.
  [[noreturn]] void failAtLine(Place p, const std::string& text, int later = 0) {
    const int line = p.line + later;
    throw Failure{p, (line > 1 ? "line " + std::to_string(line) + ": " : "") + text};
  }
  /// yaml-cpp takes a tab for indentation in places where goyaml refuses it.
  void notAfterTab(const YAML::Mark& mark) {
    if (!frames_.empty() && frames_.back().flow) return;
    const std::string_view before = lines_.rest(mark.line + 1, 1).substr(0, size_t(mark.column));
    if (before.find('\t') == before.npos || before.find_first_not_of(" \t") != before.npos) return;
    Place p = place(mark, 1);
    p.column = 1;
    failAtLine(p, "found character that cannot start any token");
  }
  /// yaml-cpp lets a quoted scalar end with the file.
  size_t quotedLength(const YAML::Mark& mark, char quote) {
    int line = mark.line + 1;
    std::string_view rest = lines_.rest(line, mark.column + 1).substr(1);
    const size_t firstLine = rest.size() + 1;
    for (size_t length = 1;; rest = lines_.rest(++line, 1)) {
      for (size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '\\' && quote == '"')
          ++i;
        else if (rest[i] == quote && quote == '\'' && i + 1 < rest.size() && rest[i + 1] == quote)
          ++i;
        else if (rest[i] == quote)
          return line == mark.line + 1 ? length + i + 1 : firstLine;
      }
      if (size_t(line) >= lines_.count()) {
        Place p = place(mark, firstLine);
        p.line = line;
        failAtLine(p, "found unexpected end of stream");
      }
    }
  }
  /// yaml-cpp takes a line without a colon for a key without a value.
  void hasColon(const Frame& f) {
    if (f.flow) return;
    std::string_view rest = lines_.rest(f.keyMark.line + 1, f.keyMark.column + 1);
    rest.remove_prefix(std::min(f.keyLength, rest.size()));
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size()));
    const std::string_view before = lines_.rest(f.keyMark.line + 1, 1).substr(0, size_t(f.keyMark.column));
    if (rest.substr(0, 1) == ":" || before.find('?') != before.npos) return;
    failAtLine(place(f.keyMark, f.keyLength), "could not find expected ':'", 1);
  }

  Place place(const YAML::Mark& mark, size_t length) const {
    Place p;
    p.line = mark.line + 1;
    p.column = mark.column + 1;
    const size_t rest = lines_.rest(p.line, p.column).size();
    p.endColumn = p.column + int(std::max<size_t>(std::min(length, rest), 1));
    return p;
  }

  Value tagged(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
    static constexpr std::string_view core = "tag:yaml.org,2002:";
    if (tag.compare(0, core.size(), core) != 0) return Value(text);
    const std::string_view kind = std::string_view(tag).substr(core.size());
    const Resolved r = resolve(text);
    if (kind == "null") return Value();
    if ((kind == "int" && r.tag == Tag::Int) || (kind == "bool" && r.tag == Tag::Bool)) return r.value;
    if (kind == "float" && (r.tag == Tag::Int || r.tag == Tag::Float)) return Value(r.value.asDouble());
    if (kind == "int" || kind == "bool" || kind == "float")
      fail(mark, "cannot decode !!str `" + text + "` as a !!" + std::string(kind));
    return Value(text);
  }

  /// A key as text: what is no string gets the text of its value (`yes:` is "true").
  std::string keyText(const YAML::Mark& mark, const Value& v) {
    if (v.kind() == Kind::String) return std::string(v.asString());
    if (v.kind() == Kind::Null) fail(mark, "unsupported map key of type: invalid");
    if (v.kind() >= Kind::Array) fail(mark, "invalid map key: " + api::toJson(v));
    return api::toJson(v);
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, bool map, YAML::EmitterStyle::value style) {
    if (int(frames_.size()) >= deepest) fail(mark, "exceeded max depth of " + std::to_string(deepest));
    notAfterTab(mark);
    enter(mark, 1);
    const bool flow = style == YAML::EmitterStyle::Flow || (!frames_.empty() && frames_.back().flow);
    frames_.push_back({mark, anchor, map, flow, false, false, {}, {}, 0, {}, {}, {}, path_.size(), 1});
    name(anchor);
  }
  void name(YAML::anchor_t anchor) {
    if (!anchor) return;
    if (names_.size() <= anchor) names_.resize(anchor + 1), anchors_.resize(anchor + 1);
    names_[anchor] = anchorName_;
  }
  /// Counts nodes and makes the path that of the node which begins.
  void enter(const YAML::Mark& mark, size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > mostNodes) fail(mark, "document contains excessive aliasing");
    if (frames_.empty()) return;
    Frame& f = frames_.back();
    path_.resize(f.pathLength);
    if (!f.map)
      path_ += "[" + std::to_string(f.items.size()) + "]";
    else if (f.hasKey)
      path_ += (path_.empty() ? "" : ".") + f.key;
  }

  void put(const YAML::Mark& mark, size_t length, YAML::anchor_t anchor, Value v, size_t nodes, bool merge = false) {
    name(anchor);
    enter(mark, nodes);
    if (anchor) anchors_[anchor] = {v, nodes};
    add(mark, length, std::move(v), nodes, merge);
  }
  void close(const Frame& f, Value v) {
    if (f.anchor) anchors_[f.anchor] = {v, f.nodes};
    path_.resize(f.pathLength);
    add(f.mark, 1, std::move(v), f.nodes, false);
  }

  /// A finished node goes into the collection around it, as a key or a value.
  void add(const YAML::Mark& mark, size_t length, Value v, size_t nodes, bool merge) {
    if (frames_.empty()) {
      out_.places.values.emplace_back("", place(mark, length));
      out_.value = std::move(v);
      return;
    }
    Frame& f = frames_.back();
    f.nodes += nodes;
    if (!f.map) {
      out_.places.values.emplace_back(path_, place(mark, length));
      f.items.push_back(std::move(v));
    } else if (!f.hasKey) {
      f.key = keyText(mark, v);
      f.keyMark = mark;
      f.keyLength = length;
      f.hasKey = true;
      f.mergeKey = merge;
      path_.resize(f.pathLength);
      path_ += (path_.empty() ? "" : ".") + f.key;
      out_.places.keys.emplace_back(path_, place(mark, length));
    } else {
      f.hasKey = false;
      if (v.isNull()) hasColon(f);
      if (f.mergeKey) return mergeInto(f, mark, v);
      path_.resize(f.pathLength);
      path_ += (path_.empty() ? "" : ".") + f.key;
      out_.places.values.emplace_back(path_, place(mark, length));
      member(f, Key(f.key), std::move(v));
    }
  }
  void member(Frame& f, Key k, Value v) {
    const size_t n = f.members.size();
    for (size_t i = n > 256 ? n - 256 : 0; i < n; ++i) {
      if (!(f.members[i].first == k)) continue;
      out_.duplicates.push_back(
          {place(f.keyMark, f.key.size()), "key " + quoted(f.key) + " already set in map", path_});
      break;
    }
    f.members.emplace_back(k, std::move(v));
  }
  static std::string quoted(const std::string& s) { return "\"" + s + "\""; }

  void mergeInto(Frame& f, const YAML::Mark& mark, const Value& v) {
    auto one = [&](const Value& m) {
      if (m.kind() != Kind::Object) fail(mark, "map merge requires map or sequence of maps as the value");
      for (size_t i = 0; i < m.size(); ++i) f.merged.emplace_back(m.keyAt(i), m.values()[i]);
    };
    if (v.kind() != Kind::Array) return one(v);
    for (size_t i = v.size(); i-- > 0;) one(v[i]);  // earlier ones win
  }

  const Lines& lines_;
  Document& out_;
  std::vector<Frame> frames_;
  std::vector<std::pair<Value, size_t>> anchors_;
  std::vector<std::string> names_;
  YAML::Mark anchorMark_;
  std::string anchorName_, path_;
  size_t nodes_ = 0;
};

// ---- errors

/// goyaml's words for yaml-cpp's. `scanner`: an error of the scanner, whose line goyaml counts from 1; those of its
/// parser it counts from 0.
struct Wording {
  const char *theirs, *ours;
  bool scanner;
};
constexpr Wording wordings[] = {
    {"illegal map value", "mapping values are not allowed in this context", true},
    {"illegal map key", "mapping keys are not allowed in this context", true},
    {"illegal block entry", "block sequence entries are not allowed in this context", true},
    {"illegal tab when looking for indentation", "found character that cannot start any token", true},
    {"unknown token", "found character that cannot start any token", true},
    {"illegal EOF in scalar", "found unexpected end of stream", true},
    {"illegal document indicator in scalar", "found unexpected document indicator", true},
    {"unknown escape character", "found unknown escape character", true},
    {"bad character found while scanning hex number", "did not find expected hexdecimal number", true},
    {"alias not found after *", "did not find expected alphabetic or numeric character", true},
    {"anchor not found after &", "did not find expected alphabetic or numeric character", true},
    {"illegal character found while scanning a", "did not find expected alphabetic or numeric character", true},
    {"illegal flow end", "did not find expected node content", false},
    {"end of map not found", "did not find expected key", false},
    {"end of map flow not found", "did not find expected ',' or '}'", false},
    {"end of sequence not found", "did not find expected '-' indicator", false},
    {"end of sequence flow not found", "did not find expected ',' or ']'", false},
    {"cannot set zero indentation for a block scalar", "found an indentation indicator equal to 0", true},
    {"tag handle with no suffix", "did not find expected tag URI", true},
    {"end of verbatim tag not found", "did not find the expected '>'", true},
    {"unexpected character in block scalar", "did not find expected comment or line break", true},
};

/// Whether a mapping value is out of place because the line before should have been a key: "spec" without its colon.
bool colonMissing(const Lines& lines, int line, const Builder& builder) {
  std::string_view before;
  size_t indent = 0;
  while (--line > 0 && before.empty()) {
    before = lines.rest(line, 1);
    indent = std::min(before.find_first_not_of(" \t\r"), before.size());
    before.remove_prefix(indent);
  }
  return builder.hasBlockMapAt(int(indent)) && !before.empty() && before.find(':') == before.npos &&
         !std::strchr("-#?[{\"'|>&*!", before[0]);
}

/// The last character before the end of the text that is neither space nor comment; 0 where there is none.
char lastCharacter(const Lines& lines) {
  for (int line = int(lines.count()); line > 0; --line) {
    std::string_view text = lines.rest(line, 1);
    const size_t comment = text.substr(0, 1) == "#" ? 0 : text.find(" #");
    text = text.substr(0, comment);
    const size_t at = text.find_last_not_of(" \t\r");
    if (at != text.npos) return text[at];
  }
  return 0;
}

Error wording(const YAML::ParserException& e, const Lines& lines, const Builder& builder) {
  Error out;
  out.place.line = e.mark.line + 1;
  out.place.column = e.mark.column + 1;
  const size_t rest = lines.rest(out.place.line, out.place.column).size();
  out.place.endColumn = out.place.column + int(rest ? rest : 1);
  std::string text = e.msg;
  int line = out.place.line > 1 ? out.place.line : 0;
  if (e.msg.compare(0, 36, "the referenced anchor is not defined") == 0) {
    text = "unknown anchor '" + (e.msg.size() > 38 ? e.msg.substr(38) : std::string()) + "' referenced";
    line = 0;  // goyaml prints none
  } else if (e.msg == YAML::ErrorMsg::BAD_FILE) {
    text = "exceeded max depth of " + std::to_string(deepest);
  }
  for (const Wording& w : wordings) {
    if (e.msg.compare(0, std::strlen(w.theirs), w.theirs) != 0) continue;
    text = w.ours;
    if (w.ours == wordings[0].ours && colonMissing(lines, out.place.line, builder)) {
      text = "could not find expected ':'";
      out.place.line -= 1;  // shown where the colon should be; counted as goyaml counts
    }
    // A list or mapping in brackets that breaks off where an entry is due.
    if (e.msg.find(" flow not found") != e.msg.npos && std::strchr("[{,:", lastCharacter(lines)))
      text = "did not find expected node content";
    else if (text == "did not find expected '-' indicator" && builder.inIndentlessSequence())
      text = "did not find expected key";
    else if (text == "did not find expected node content")
      text = builder.flowEnd(lines.rest(out.place.line, 1).substr(0, size_t(e.mark.column)));
    if (!w.scanner && line) line -= 1;
    break;
  }
  out.message = "error converting YAML to JSON: yaml: " + (line ? "line " + std::to_string(line) + ": " : "") + text;
  return out;
}

/// yaml-cpp takes what follows the root for another document, goyaml only after `...`.
void nothingMore(YAML::Parser& parser, const Lines& lines, const Document& read) {
  struct Start : YAML::EventHandler {
    void OnDocumentStart(const YAML::Mark& mark) override { throw mark; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  } start;
  try {
    parser.HandleNextDocument(start);
  } catch (const YAML::Mark& mark) {
    for (int line = mark.line; line >= 1; --line) {
      if (lines.rest(line, 1).substr(0, 3) == "...") return;
    }
    // Further to the left than the root: goyaml takes the document for ended and looks no further.
    if (mark.column + 1 < read.places.values.back().second.column) return;
    Place p;
    p.line = mark.line + 1;
    p.column = mark.column + 1;
    p.endColumn = p.column + int(lines.rest(p.line, p.column).size());
    const char* expected = read.value.kind() == Kind::Array    ? "did not find expected '-' indicator"
                           : read.value.kind() == Kind::Object ? "did not find expected key"
                                                               : "did not find expected <document start>";
    throw Failure{p, (mark.line ? "line " + std::to_string(mark.line) + ": " : "") + expected};
  }
}

}  // namespace

bool readYamlDocument(std::string_view text, Document& out, Error& error) {
  // kubectl ends the last line where the text does not, which shows in the lines that errors name.
  std::string ended;
  if (!text.empty() && text.back() != '\n') text = ended = std::string(text) + '\n';
  const Lines lines(text);
  Builder builder(lines, out);
  try {
    YAML::Parser parser;
    std::istream stream(text.data(), text.size());
    parser.Load(stream);
    parser.HandleNextDocument(builder);
    nothingMore(parser, lines, out);
    sortPlaces(out.places);
    return true;
  } catch (const Failure& f) {
    error.place = f.place;
    error.message = "error converting YAML to JSON: yaml: " + f.text;
  } catch (const YAML::ParserException& e) { error = wording(e, lines, builder); } catch (const std::exception& e) {
    error.message = std::string("error converting YAML to JSON: yaml: ") + e.what();
  }
  return false;
}

}  // namespace manifest
