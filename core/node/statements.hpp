#pragma once
// What the languages of stores share: words of a statement, lines of a file, keys with their values. Private to
// statements_*.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "core/node/records.hpp"

namespace node::statements {

using Words = std::vector<std::string>;

std::string upper(std::string_view);

struct Token {
  std::string text;
  bool quoted = false;
  bool is(std::string_view word) const { return !quoted && upper(text) == word; }
};
/// Words, numbers, quoted texts and single characters.
std::vector<Token> tokensOf(std::string_view);
/// The same, without telling which were quoted.
Words wordsOf(std::string_view statement);

Words linesOf(std::string_view text);
Words fieldsOf(std::string_view line);  ///< between tabs
std::string joined(const Words&, char separator);
void makeFolders(Files&, const std::string& path);
shell::Errno writeLines(StoreData&, const std::string& path, const Words& lines);

/// A file of one line a key: "records".
class Pairs {
 public:
  explicit Pairs(StoreData&, std::string_view file = "records");
  const std::string* get(std::string_view key);
  void set(std::string_view key, std::string value);
  bool erase(std::string_view key);
  Words keys() const;
  void clear() { lines_.clear(); }
  size_t size() const { return lines_.size(); }
  shell::Errno save() { return writeLines(d_, path_, lines_); }

 private:
  StoreData& d_;
  std::string path_, value_;
  Words lines_;
};

}  // namespace node::statements
