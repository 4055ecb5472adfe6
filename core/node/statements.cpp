// What the languages of stores share: words, lines, pairs.
#include "core/node/statements.hpp"

#include <algorithm>

namespace node::statements {
using shell::Errno;

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
  return out;
}

std::vector<Token> tokensOf(std::string_view s) {
  std::vector<Token> out;
  size_t i = 0;
  const auto isWord = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '@' || c == '-' || c == '$' || c == '/' || uint8_t(c) > 127;
  };
  while (i < s.size()) {
    const char c = s[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else if (c == '\'' || c == '"' || c == '`') {
      Token t{{}, c != '`'};
      for (++i; i < s.size() && s[i] != c; ++i) {
        if (s[i] == '\\' && i + 1 < s.size()) ++i;
        t.text += s[i];
      }
      ++i;
      out.push_back(std::move(t));
    } else if (isWord(c)) {
      size_t end = i;
      while (end < s.size() && isWord(s[end])) ++end;
      out.push_back({std::string(s.substr(i, end - i)), false});
      i = end;
    } else {
      out.push_back({std::string(1, c), false});
      ++i;
    }
  }
  return out;
}

Words linesOf(std::string_view text) {
  Words out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Words fieldsOf(std::string_view line) {
  Words out;
  for (;;) {
    const size_t end = std::min(line.find('\t'), line.size());
    out.emplace_back(line.substr(0, end));
    if (end == line.size()) return out;
    line.remove_prefix(end + 1);
  }
}

std::string joined(const Words& words, char separator) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i) out += separator;
    out += words[i];
  }
  return out;
}

void makeFolders(Files& files, const std::string& path) {
  for (size_t at = path.find('/', 1); at != path.npos; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (files.stat(part).kind == shell::FileInfo::Kind::none) files.makeDirectory(part);
  }
}

Errno writeLines(StoreData& d, const std::string& path, const Words& lines) {
  std::string text;
  for (const std::string& l : lines) text += l + "\n";
  makeFolders(d.files, path);
  return d.files.write(path, text, false);
}

Words wordsOf(std::string_view statement) {
  Words out;
  for (Token& t : tokensOf(statement)) out.push_back(std::move(t.text));
  return out;
}

Pairs::Pairs(StoreData& d, std::string_view file) : d_(d), path_(d.folder + "/" + std::string(file)) {
  std::string text;
  d.files.read(path_, text);
  lines_ = linesOf(text);
}

const std::string* Pairs::get(std::string_view key) {
  for (const std::string& line : lines_) {
    const size_t tab = line.find('\t');
    if (std::string_view(line).substr(0, tab) != key) continue;
    value_ = tab == line.npos ? std::string() : line.substr(tab + 1);
    return &value_;
  }
  return nullptr;
}

void Pairs::set(std::string_view key, std::string value) {
  std::replace(value.begin(), value.end(), '\n', ' ');
  std::string line = std::string(key) + "\t" + value;
  for (std::string& l : lines_) {
    if (std::string_view(l).substr(0, l.find('\t')) == key) return void(l = std::move(line));
  }
  lines_.push_back(std::move(line));
}

bool Pairs::erase(std::string_view key) {
  const size_t before = lines_.size();
  std::erase_if(lines_, [&](const std::string& l) { return std::string_view(l).substr(0, l.find('\t')) == key; });
  return lines_.size() != before;
}

Words Pairs::keys() const {
  Words out;
  for (const std::string& l : lines_) out.push_back(l.substr(0, l.find('\t')));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace node::statements
