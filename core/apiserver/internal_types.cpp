#include "core/apiserver/internal_types.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "core/api/names.hpp"

namespace apiserver {
namespace {

using namespace api;

/// Writes compact JSON, or indented by one space a level as diff.Diff wants it.
struct Writer {
  std::string out;
  bool indented = false;
  size_t depth = 0;

  void line() {
    if (!indented) return;
    out += '\n';
    out.append(depth, ' ');
  }
  void open(char c) {
    out += c;
    ++depth;
  }
  void close(char c) {
    --depth;
    line();
    out += c;
  }
  void item(bool first) {
    if (!first) out += ',';
    line();
  }
  void key(std::string_view k, bool first) {
    item(first);
    toJson(Value(k), out);
    out += indented ? ": " : ":";
  }
  void plain(const Value& v) {
    if (v.kind() < Kind::Array || !v.size()) return toJson(v, out);
    const bool object = v.kind() == Kind::Object;
    open(object ? '{' : '[');
    for (size_t i = 0; i < v.size(); ++i) {
      if (object)
        key(v.keyAt(i).text(), i == 0);
      else
        item(i == 0);
      plain(v.values()[i]);
    }
    close(object ? '}' : ']');
  }

  void metadata(const Value& meta, bool& first) {
    for (std::string_view k : {"name", "generateName", "namespace", "uid", "resourceVersion", "generation",
                               "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels",
                               "annotations", "ownerReferences", "finalizers"}) {
      const Value* v = meta.find(k);
      if (!v || v->isNull()) continue;
      key(k, first);
      first = false;
      plain(*v);
    }
  }

  void list(std::string_view type, const Value& v) {
    if (v.kind() != Kind::Array) {
      out += "null";
      return;
    }
    if (!v.size()) {
      out += "[]";
      return;
    }
    open('[');
    for (size_t i = 0; i < v.size(); ++i) {
      item(i == 0);
      structure(type, v[i]);
    }
    close(']');
  }

  void field(char form, std::string_view type, const Value& v) {
    const bool absent = v.isNull();
    switch (form) {
      case 's': return plain(absent ? Value("") : v);
      case 'i': return plain(absent ? Value(0) : v);
      case 'b': return plain(absent ? Value(false) : v);
      case 'q': return plain(absent ? Value("0") : v);
      case 'o': return structure(type, v);
      case 'O': return absent ? plain(v) : structure(type, v);
      case 'L': return list(type, v);
      default: return plain(v);
    }
  }

  void structure(std::string_view type, const Value& v) {
    std::string_view fields = fieldsOf(type);
    if (fields.empty()) return plain(v);
    open('{');
    bool first = true;
    while (!fields.empty()) {
      const size_t end = std::min(fields.find(' '), fields.size());
      std::string_view word = fields.substr(0, end);
      fields.remove_prefix(std::min(end + 1, fields.size()));
      if (word == "m") {
        metadata(v[key::metadata], first);
        continue;
      }
      const char form = word[0];
      std::string_view element;
      if (const size_t colon = word.find(':'); colon != word.npos) {
        element = word.substr(colon + 1);
        word = word.substr(0, colon);
      }
      const size_t equals = word.find('=');
      const std::string_view name = word.substr(1, equals == word.npos ? equals : equals - 1);
      std::string member(equals == word.npos ? name : word.substr(equals + 1));
      if (equals == word.npos) member[0] = char(member[0] | 32);
      key(name, first);
      first = false;
      const Value* present = v.find(member);
      field(form, element, present ? *present : Value());
    }
    close('}');
  }

  static std::string_view fieldsOf(std::string_view type) {
    std::string_view all = internalTypes();
    while (!all.empty()) {
      const size_t end = all.find('\n');
      const std::string_view line = all.substr(0, end);
      if (line.size() > type.size() && line[type.size()] == ' ' && line.substr(0, type.size()) == type)
        return line.substr(type.size() + 1);
      all.remove_prefix(end + 1);
    }
    return {};
  }
};

// ---- difflib

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

struct Match {
  size_t a, b, size;
};

// Models difflib's SequenceMatcher: the longest common run, then the same to its left and right. In texts of 200 lines
// or more, lines that make up over one percent start no match.
struct Matcher {
  std::vector<std::string_view> a, b;
  std::map<std::string_view, std::vector<size_t>> places;
  std::vector<Match> matches;

  Matcher(std::string_view before, std::string_view after) : a(lines(before)), b(lines(after)) {
    for (size_t j = 0; j < b.size(); ++j) places[b[j]].push_back(j);
    if (b.size() < 200) return;
    for (auto it = places.begin(); it != places.end();)
      it = it->second.size() > b.size() / 100 + 1 ? places.erase(it) : std::next(it);
  }

  Match longest(size_t alo, size_t ahi, size_t blo, size_t bhi) const {
    Match best{alo, blo, 0};
    std::map<size_t, size_t> lengths;
    for (size_t i = alo; i < ahi; ++i) {
      std::map<size_t, size_t> next;
      const auto found = places.find(a[i]);
      if (found != places.end()) {
        for (size_t j : found->second) {
          if (j < blo || j >= bhi) continue;
          const auto before = j ? lengths.find(j - 1) : lengths.end();
          const size_t k = (before == lengths.end() ? 0 : before->second) + 1;
          next[j] = k;
          if (k > best.size) best = {i + 1 - k, j + 1 - k, k};
        }
      }
      lengths = std::move(next);
    }
    while (best.a > alo && best.b > blo && a[best.a - 1] == b[best.b - 1]) --best.a, --best.b, ++best.size;
    while (best.a + best.size < ahi && best.b + best.size < bhi && a[best.a + best.size] == b[best.b + best.size])
      ++best.size;
    return best;
  }

  void match(size_t alo, size_t ahi, size_t blo, size_t bhi) {
    const Match m = longest(alo, ahi, blo, bhi);
    if (!m.size) return;
    if (alo < m.a && blo < m.b) match(alo, m.a, blo, m.b);
    matches.push_back(m);
    if (m.a + m.size < ahi && m.b + m.size < bhi) match(m.a + m.size, ahi, m.b + m.size, bhi);
  }
};

std::string range(size_t from, size_t to) {
  const size_t length = to - from;
  if (length == 1) return std::to_string(from + 1);
  return std::to_string(length ? from + 1 : from) + "," + std::to_string(length);
}

/// A stretch of lines that is the same in both, or differs.
struct Stretch {
  bool equal;
  size_t a1, a2, b1, b2;
};

std::string unified(std::string_view before, std::string_view after) {
  constexpr size_t context = 3;
  Matcher m(before, after);
  m.match(0, m.a.size(), 0, m.b.size());
  m.matches.push_back({m.a.size(), m.b.size(), 0});
  std::vector<Stretch> all;
  size_t i = 0, j = 0;
  for (const Match& x : m.matches) {
    if (i < x.a || j < x.b) all.push_back({false, i, x.a, j, x.b});
    i = x.a + x.size;
    j = x.b + x.size;
    if (x.size) all.push_back({true, x.a, i, x.b, j});
  }
  std::vector<std::vector<Stretch>> groups(1);
  for (size_t k = 0; k < all.size(); ++k) {
    Stretch s = all[k];
    if (s.equal && k == 0) {
      s.a1 = std::max(s.a1, s.a2 - std::min(s.a2, context));
      s.b1 = std::max(s.b1, s.b2 - std::min(s.b2, context));
    }
    if (s.equal && k + 1 == all.size()) {
      s.a2 = std::min(s.a2, s.a1 + context);
      s.b2 = std::min(s.b2, s.b1 + context);
    }
    if (s.equal && s.a2 - s.a1 > 2 * context && k) {
      groups.back().push_back({true, s.a1, s.a1 + context, s.b1, s.b1 + context});
      groups.emplace_back();
      s.a1 = s.a2 - context;
      s.b1 = s.b2 - context;
    }
    groups.back().push_back(s);
  }
  std::string out;
  for (const auto& g : groups) {
    if (g.empty() || (g.size() == 1 && g[0].equal)) continue;
    out += "@@ -" + range(g.front().a1, g.back().a2) + " +" + range(g.front().b1, g.back().b2) + " @@\n";
    for (const Stretch& s : g) {
      for (size_t k = s.a1; k < s.a2; ++k) ((out += s.equal ? ' ' : '-') += m.a[k]) += '\n';
      for (size_t k = s.b1; k < s.b2 && !s.equal; ++k) ((out += '+') += m.b[k]) += '\n';
    }
  }
  return out;
}
}  // namespace

std::string internalJson(std::string_view type, const Value& value) {
  Writer w;
  w.structure(type, value);
  return w.out;
}

std::string internalJsonList(std::string_view type, const Value& list) {
  Writer w;
  w.list(type, list.isNull() ? Value::array({}) : list);
  return w.out;
}

std::string internalDiff(std::string_view type, const Value& before, const Value& after) {
  Writer a, b;
  a.indented = b.indented = true;
  a.structure(type, before);
  b.structure(type, after);
  return unified(a.out, b.out);
}

}  // namespace apiserver
