// The languages of stores, as far as lessons need them: a table in SQL and CQL; keys and values of Redis, etcd,
// ZooKeeper; documents of MongoDB.
#include <algorithm>
#include <cstdlib>

#include "core/node/records.hpp"

namespace node {
namespace {
using shell::Errno;
using shell::QueryReply;
using Words = std::vector<std::string>;

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
  return out;
}

struct Token {
  std::string text;
  bool quoted = false;
  bool is(std::string_view word) const { return !quoted && upper(text) == word; }
};

/// Words, numbers, quoted texts and single characters.
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

// ---- SQL

class Sql {
 public:
  Sql(StoreData& d, std::string_view client, std::string_view statement, QueryReply& reply)
      : d_(d), mysql_(client == "mysql"), cql_(client == "cassandra"), t_(tokensOf(statement)), reply_(reply) {
    if (d_.database.empty() && !mysql_) d_.database = cql_ ? "" : "postgres";
  }

  void run() {
    if (take("SELECT")) return select();
    if (take("SHOW")) return show();
    if (take("DESCRIBE")) return describe();
    if (take("USE") || take("BEGIN") || take("COMMIT") || take("SET") || take("FLUSH")) return;
    const size_t start = at_;
    for (std::string_view verb :
         {"CREATE", "INSERT", "DELETE", "DROP", "UPDATE", "TRUNCATE", "ALTER", "GRANT", "REPLACE"}) {
      if (!take(verb)) continue;
      if (d_.readOnly)
        return fail(
            "ERROR 1290 (HY000) at line 1: The MySQL server is running with the --super-read-only option so it cannot "
            "execute this statement",
            "ERROR:  cannot execute " + std::string(verb) + " in a read-only transaction");
      if (verb == "CREATE") return create();
      if (verb == "INSERT" || verb == "REPLACE") return insert();
      if (verb == "DELETE") return erase();
      if (verb == "TRUNCATE") return take("TABLE"), truncate(table());
      if (verb == "DROP") return drop();
      if (verb == "UPDATE") return update();
      return;
    }
    if (start < t_.size()) {
      const std::string& near = t_[start].text;
      fail(
          "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to "
          "your "
          "MySQL server version for the right syntax to use near '" +
              near + "' at line 1",
          "ERROR:  syntax error at or near \"" + near + "\"");
    }
  }

 private:
  struct Table {
    std::string database, name;
  };

  bool take(std::string_view word) {
    if (at_ >= t_.size() || !t_[at_].is(word)) return false;
    return ++at_, true;
  }
  std::string word() { return at_ < t_.size() ? t_[at_++].text : std::string(); }
  bool at(std::string_view text) const { return at_ < t_.size() && !t_[at_].quoted && t_[at_].text == text; }

  void fail(const std::string& mysql, const std::string& other) { reply_.error = mysql_ ? mysql : other; }
  bool failed() const { return !reply_.error.empty(); }

  Table table() {
    const std::string name = word();
    const size_t dot = name.find('.');
    Table t{dot == name.npos ? d_.database : name.substr(0, dot), dot == name.npos ? name : name.substr(dot + 1)};
    if (t.name.find('/') != t.name.npos || t.database.find('/') != t.database.npos || t.name.empty() || t.name == "." ||
        t.name == "..") {
      fail("ERROR 1103 (42000) at line 1: Incorrect table name '" + t.name + "'", "ERROR:  syntax error");
    } else if (t.database.empty()) {
      fail("ERROR 1046 (3D000) at line 1: No database selected", "No keyspace has been specified.");
    }
    return t;
  }
  std::string path(const Table& t) const { return d_.folder + "/" + t.database + "/" + t.name; }
  bool exists(const Table& t) { return d_.files.stat(path(t) + ".frm").kind == shell::FileInfo::Kind::file; }
  bool mustExist(const Table& t) {
    if (failed()) return false;
    if (exists(t)) return true;
    fail("ERROR 1146 (42S02) at line 1: Table '" + t.database + "." + t.name + "' doesn't exist",
         cql_ ? "table " + t.name + " does not exist" : "ERROR:  relation \"" + t.name + "\" does not exist");
    return false;
  }
  Words columns(const Table& t) {
    std::string text;
    d_.files.read(path(t) + ".frm", text);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return fieldsOf(text);
  }
  Words rows(const Table& t) {
    std::string text;
    d_.files.read(path(t), text);
    return linesOf(text);
  }
  void store(const Table& t, const Words& lines) {
    const Errno e = writeLines(d_, path(t), lines);
    if (e != Errno::ok)
      fail("ERROR 3 (HY000) at line 1: Error writing file '" + path(t) + "' (OS errno 28 - No space left on device)",
           "ERROR:  could not extend file \"" + path(t) + "\": " + std::string(shell::text(e)));
  }

  void create() {
    take("UNIQUE");
    const bool database = take("DATABASE") || take("SCHEMA") || take("KEYSPACE");
    if (!database && !take("TABLE")) return;  // users, indexes… leave nothing to see
    const bool tolerant = take("IF") && take("NOT") && take("EXISTS");
    if (database) {
      const std::string name = word();
      const std::string folder = d_.folder + "/" + name;
      if (name.empty() || name.find('/') != name.npos || name[0] == '.') return;
      if (d_.files.stat(folder).kind != shell::FileInfo::Kind::none) {
        if (!tolerant)
          fail("ERROR 1007 (HY000) at line 1: Can't create database '" + name + "'; database exists",
               "ERROR:  database \"" + name + "\" already exists");
        return;
      }
      makeFolders(d_.files, folder + "/");
      return;
    }
    const Table t = table();
    if (failed()) return;
    if (mysql_ && d_.files.stat(d_.folder + "/" + t.database).kind == shell::FileInfo::Kind::none)
      return fail("ERROR 1049 (42000) at line 1: Unknown database '" + t.database + "'", "");
    if (exists(t)) {
      if (!tolerant)
        fail("ERROR 1050 (42S01) at line 1: Table '" + t.name + "' already exists",
             "ERROR:  relation \"" + t.name + "\" already exists");
      return;
    }
    Words names;
    int depth = 0;
    bool first = false;
    for (; at_ < t_.size(); ++at_) {
      const std::string& w = t_[at_].text;
      if (w == "(") {
        first = ++depth == 1;
      } else if (w == ")") {
        if (--depth == 0) break;
      } else if (w == "," && depth == 1) {
        first = true;
      } else if (first) {
        first = false;
        const std::string u = upper(w);
        if (u != "PRIMARY" && u != "KEY" && u != "UNIQUE" && u != "CONSTRAINT" && u != "INDEX" && u != "FOREIGN")
          names.push_back(w);
      }
    }
    if (names.empty()) names.push_back("value");
    if (writeLines(d_, path(t) + ".frm", {joined(names, '\t')}) != Errno::ok) return store(t, {});
    store(t, {});
  }

  /// What stands between the next brackets, separated by commas.
  Words list() {
    Words out;
    if (!at("(")) return out;
    int depth = 0;
    std::string value;
    for (; at_ < t_.size(); ++at_) {
      const Token& t = t_[at_];
      if (!t.quoted && t.text == "(" && depth++ == 0) continue;
      if (!t.quoted && t.text == ")" && --depth == 0) {
        ++at_;
        break;
      }
      if (!t.quoted && t.text == "," && depth == 1) {
        out.push_back(std::exchange(value, {}));
      } else {
        value += t.text;
      }
    }
    out.push_back(value);
    for (std::string& v : out) {
      if (upper(v) == "NOW()") v = api::formatTime(d_.now);
      std::replace(v.begin(), v.end(), '\t', ' ');
      std::replace(v.begin(), v.end(), '\n', ' ');
    }
    return out;
  }

  void insert() {
    take("IGNORE");
    take("INTO");
    const Table t = table();
    if (!mustExist(t)) return;
    const Words all = columns(t);
    const Words named = at("(") ? list() : all;
    if (!take("VALUES") && !take("VALUE"))
      return fail("ERROR 1064 (42000) at line 1: You have an error in your SQL syntax", "ERROR:  syntax error");
    Words lines = rows(t);
    size_t added = 0;
    while (at("(")) {
      const Words values = list();
      Words row(all.size(), all.size() > named.size() ? "NULL" : "");
      for (size_t i = 0; i < all.size(); ++i) {
        for (size_t k = 0; k < named.size() && k < values.size(); ++k) {
          if (upper(named[k]) == upper(all[i])) row[i] = values[k];
        }
        // A column that counts by itself.
        if (row[i] == "NULL" && (upper(all[i]) == "ID")) row[i] = std::to_string(lines.size() + 1);
      }
      lines.push_back(joined(row, '\t'));
      ++added;
      if (!take(",")) break;
    }
    store(t, lines);
    if (!failed() && !mysql_ && !cql_) reply_.text = "INSERT 0 " + std::to_string(added);
  }

  /// "WHERE column = value" (one of them); gives the column's index, or -1.
  int where(const Words& all, std::string& value) {
    if (!take("WHERE")) return -1;
    const std::string column = word();
    if (!take("=")) return -1;
    value = word();
    for (size_t i = 0; i < all.size(); ++i) {
      if (upper(all[i]) == upper(column)) return int(i);
    }
    fail("ERROR 1054 (42S22) at line 1: Unknown column '" + column + "' in 'where clause'",
         "ERROR:  column \"" + column + "\" does not exist");
    return -1;
  }

  static bool matches(const std::string& line, int column, const std::string& value) {
    if (column < 0) return true;
    const Words fields = fieldsOf(line);
    return size_t(column) < fields.size() && fields[size_t(column)] == value;
  }

  void erase() {
    take("FROM");
    const Table t = table();
    if (!mustExist(t)) return;
    std::string value;
    const int column = where(columns(t), value);
    Words kept, all = rows(t);
    for (const std::string& line : all) {
      if (!matches(line, column, value)) kept.push_back(line);
    }
    if (!failed()) store(t, kept);
    if (!failed() && !mysql_ && !cql_) reply_.text = "DELETE " + std::to_string(all.size() - kept.size());
  }

  void truncate(const Table& t) {
    if (mustExist(t)) store(t, {});
  }

  void drop() {
    const bool database = take("DATABASE") || take("SCHEMA") || take("KEYSPACE");
    if (!database && !take("TABLE")) return;
    const bool tolerant = take("IF") && take("EXISTS");
    if (!database) {
      const Table t = table();
      if (tolerant && !failed() && !exists(t)) return;
      if (!mustExist(t)) return;
      d_.files.remove(path(t));
      d_.files.remove(path(t) + ".frm");
      return;
    }
    const std::string folder = d_.folder + "/" + word();
    Words names;
    if (d_.files.list(folder, names) != Errno::ok) return;
    for (const std::string& name : names) d_.files.remove(folder + "/" + name);
    d_.files.remove(folder);
  }

  void update() {
    const Table t = table();
    if (!mustExist(t) || !take("SET")) return;
    const Words all = columns(t);
    std::vector<std::pair<int, std::string>> sets;
    do {
      const std::string column = word();
      if (!take("=")) return;
      const std::string value = word();
      for (size_t i = 0; i < all.size(); ++i) {
        if (upper(all[i]) == upper(column)) sets.emplace_back(int(i), value);
      }
    } while (take(","));
    std::string value;
    const int column = where(all, value);
    Words lines = rows(t);
    size_t changed = 0;
    for (std::string& line : lines) {
      if (!matches(line, column, value)) continue;
      Words fields = fieldsOf(line);
      fields.resize(all.size());
      for (const auto& [i, v] : sets) fields[size_t(i)] = v;
      line = joined(fields, '\t');
      ++changed;
    }
    if (!failed()) store(t, lines);
    if (!failed() && !mysql_ && !cql_) reply_.text = "UPDATE " + std::to_string(changed);
  }

  /// What a select asks for, with its text as the column's name.
  struct Item {
    std::string name, as;
    bool quoted = false;
  };

  std::string constant(const Item& item) const {
    const std::string u = upper(item.name);
    if (item.quoted) return item.name;
    if (u == "@@SERVER_ID") return std::to_string(d_.serverId);
    if (u == "@@HOSTNAME") return d_.hostname;
    if (u == "NOW()" || u == "CURRENT_TIMESTAMP") {
      std::string t = api::formatTime(d_.now).substr(0, 19);
      t[10] = ' ';
      return t;
    }
    if (u == "VERSION()" || u == "@@VERSION") return mysql_ ? "5.7.44-log" : "PostgreSQL 16.4";
    return item.name;
  }

  void select() {
    std::vector<Item> items;
    Item item;
    for (; at_ < t_.size() && !t_[at_].is("FROM"); ++at_) {
      const Token& t = t_[at_];
      if (!t.quoted && t.text == ",") {
        items.push_back(std::exchange(item, {}));
      } else if (t.is("AS")) {
        item.as = ++at_ < t_.size() ? t_[at_].text : "";
      } else {
        item.name += t.text;
        item.quoted |= t.quoted;
      }
    }
    items.push_back(item);
    for (Item& i : items) {
      if (i.as.empty())
        i.as = !mysql_ && upper(i.name).substr(0, 6) == "COUNT("                        ? "count"
               : !mysql_ && i.name.find_first_not_of("0123456789") == std::string::npos ? "?column?"
                                                                                        : i.name;
    }
    reply_.hasRows = true;
    if (!take("FROM")) {
      reply_.rows.emplace_back();
      for (const Item& i : items) {
        reply_.columns.push_back(i.as);
        reply_.rows[0].push_back(constant(i));
      }
      return;
    }
    const Table t = table();
    if (!mustExist(t)) return void(reply_.hasRows = false);
    const Words all = columns(t);
    std::string value;
    const int column = where(all, value);
    if (failed()) return void(reply_.hasRows = false);
    Words lines;
    for (const std::string& line : rows(t)) {
      if (matches(line, column, value)) lines.push_back(line);
    }
    order(all, lines);
    project(all, items, lines);
  }

  void order(const Words& all, Words& lines) {
    if (take("ORDER") && take("BY")) {
      const std::string by = upper(word());
      size_t column = 0;
      while (column < all.size() && upper(all[column]) != by) ++column;
      const bool down = take("DESC");
      const auto of = [&](const std::string& line) {
        const Words fields = fieldsOf(line);
        return column < fields.size() ? fields[column] : std::string();
      };
      std::stable_sort(lines.begin(), lines.end(), [&](const std::string& a, const std::string& b) {
        return down ? of(b) < of(a) : of(a) < of(b);
      });
    }
    if (take("LIMIT")) lines.resize(std::min(lines.size(), size_t(std::max(0, std::atoi(word().c_str())))));
  }

  void project(const Words& all, const std::vector<Item>& items, const Words& lines) {
    if (upper(items[0].name).substr(0, 6) == "COUNT(") {
      reply_.columns = {items[0].as};
      reply_.rows = {{std::to_string(lines.size())}};
      return;
    }
    std::vector<int> which;
    for (const Item& i : items) {
      if (i.name == "*") {
        for (size_t c = 0; c < all.size(); ++c) {
          which.push_back(int(c));
          reply_.columns.push_back(all[c]);
        }
        continue;
      }
      int found = -1;
      for (size_t c = 0; c < all.size(); ++c) {
        if (upper(all[c]) == upper(i.name)) found = int(c);
      }
      which.push_back(found);
      reply_.columns.push_back(i.as);
    }
    for (const std::string& line : lines) {
      const Words fields = fieldsOf(line);
      Words row;
      for (size_t i = 0; i < which.size(); ++i) {
        const bool there = which[i] >= 0 && size_t(which[i]) < fields.size();
        row.push_back(there ? fields[size_t(which[i])] : which[i] < 0 && i < items.size() ? constant(items[i]) : "");
      }
      reply_.rows.push_back(std::move(row));
    }
  }

  void show() {
    reply_.hasRows = true;
    const bool databases = take("DATABASES");
    std::string folder = d_.folder;
    if (!databases) folder += "/" + d_.database;
    reply_.columns = {databases ? "Database" : "Tables_in_" + d_.database};
    if (databases) reply_.rows.push_back({"information_schema"});
    Words names;
    d_.files.list(folder, names);
    for (const std::string& name : names) {
      const bool isTable = d_.files.stat(folder + "/" + name + ".frm").kind == shell::FileInfo::Kind::file;
      const bool isFolder = d_.files.stat(folder + "/" + name).kind == shell::FileInfo::Kind::directory;
      if (databases ? isFolder : isTable) reply_.rows.push_back({name});
    }
  }

  void describe() {
    const Table t = table();
    if (!mustExist(t)) return;
    reply_.hasRows = true;
    reply_.columns = {"Field"};
    for (const std::string& c : columns(t)) reply_.rows.push_back({c});
  }

  StoreData& d_;
  bool mysql_, cql_;
  std::vector<Token> t_;
  size_t at_ = 0;
  QueryReply& reply_;
};

// ---- keys and values

/// The file "records": one line a key.
class Pairs {
 public:
  explicit Pairs(StoreData& d) : d_(d), path_(d.folder + "/records") {
    std::string text;
    d.files.read(path_, text);
    lines_ = linesOf(text);
  }
  const std::string* get(std::string_view key) {
    for (const std::string& line : lines_) {
      const size_t tab = line.find('\t');
      if (std::string_view(line).substr(0, tab) == key) {
        value_ = tab == line.npos ? std::string() : line.substr(tab + 1);
        return &value_;
      }
    }
    return nullptr;
  }
  void set(std::string_view key, std::string value) {
    std::replace(value.begin(), value.end(), '\n', ' ');
    std::string line = std::string(key) + "\t" + value;
    for (std::string& l : lines_) {
      if (std::string_view(l).substr(0, l.find('\t')) == key) return void(l = std::move(line));
    }
    lines_.push_back(std::move(line));
  }
  bool erase(std::string_view key) {
    const size_t before = lines_.size();
    std::erase_if(lines_, [&](const std::string& l) { return std::string_view(l).substr(0, l.find('\t')) == key; });
    return lines_.size() != before;
  }
  Words keys() const {
    Words out;
    for (const std::string& l : lines_) out.push_back(l.substr(0, l.find('\t')));
    std::sort(out.begin(), out.end());
    return out;
  }
  void clear() { lines_.clear(); }
  size_t size() const { return lines_.size(); }
  Errno save() { return writeLines(d_, path_, lines_); }

 private:
  StoreData& d_;
  std::string path_, value_;
  Words lines_;
};

std::string integer(int64_t n) { return "(integer) " + std::to_string(n); }

Words wordsOf(std::string_view statement) {
  Words out;
  for (Token& t : tokensOf(statement)) out.push_back(std::move(t.text));
  return out;
}

/// "*" in a pattern stands for anything.
bool globs(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (globs(pattern.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && globs(pattern.substr(1), text.substr(1));
}
}  // namespace

void runSql(StoreData& d, std::string_view client, std::string_view statement, QueryReply& reply) {
  Sql(d, client, statement, reply).run();
}

void runRedis(StoreData& d, std::string_view statement, QueryReply& reply) {
  Words w = wordsOf(statement);
  if (w.empty()) return;
  // Blanks separate arguments, whatever characters these have.
  w.clear();
  for (std::string_view rest = statement; !rest.empty();) {
    while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
    if (rest.empty()) break;
    const char quote = rest[0] == '"' || rest[0] == '\'' ? rest[0] : ' ';
    if (quote != ' ') rest.remove_prefix(1);
    const size_t end = std::min(rest.find(quote), rest.size());
    w.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string verb = upper(w[0]);
  Pairs pairs(d);
  bool writes = true;
  const auto arg = [&](size_t i) { return i < w.size() ? w[i] : std::string(); };
  const bool wants = verb == "SET" || verb == "INCR" || verb == "INCRBY" || verb == "DECR" || verb == "APPEND" ||
                     verb == "RPUSH" || verb == "LPUSH" || verb == "DEL" || verb == "FLUSHALL" || verb == "FLUSHDB";
  if (wants && d.readOnly) return void(reply.text = "(error) READONLY You can't write against a read only replica.");
  if (wants && verb != "FLUSHALL" && verb != "FLUSHDB" && w.size() < (verb == "SET" || verb == "APPEND" ? 3u : 2u)) {
    std::string small = verb;
    for (char& c : small) c = char(c | 32);
    return void(reply.text = "(error) ERR wrong number of arguments for '" + small + "' command");
  }
  if (verb == "SET") {
    pairs.set(arg(1), arg(2));
    reply.text = "OK";
  } else if (verb == "INCR" || verb == "INCRBY" || verb == "DECR") {
    const std::string* v = pairs.get(arg(1));
    const int64_t by = verb == "INCRBY" ? std::atoll(arg(2).c_str()) : verb == "DECR" ? -1 : 1;
    const int64_t n = int64_t(uint64_t(v ? std::atoll(v->c_str()) : 0) + uint64_t(by));
    pairs.set(arg(1), std::to_string(n));
    reply.text = integer(n);
  } else if (verb == "APPEND") {
    const std::string* v = pairs.get(arg(1));
    const std::string all = (v ? *v : "") + arg(2);
    pairs.set(arg(1), all);
    reply.text = integer(int64_t(all.size()));
  } else if (verb == "RPUSH" || verb == "LPUSH") {
    const std::string* v = pairs.get(arg(1));
    Words list = v && !v->empty() ? fieldsOf(*v) : Words();
    for (size_t i = 2; i < w.size(); ++i) list.insert(verb == "RPUSH" ? list.end() : list.begin(), w[i]);
    pairs.set(arg(1), joined(list, '\t'));
    reply.text = integer(int64_t(list.size()));
  } else if (verb == "DEL") {
    int64_t n = 0;
    for (size_t i = 1; i < w.size(); ++i) n += pairs.erase(w[i]);
    reply.text = integer(n);
  } else if (verb == "FLUSHALL" || verb == "FLUSHDB") {
    pairs.clear();
    reply.text = "OK";
  } else {
    writes = false;
    if (verb == "GET") {
      const std::string* v = pairs.get(arg(1));
      reply.text = v ? "\"" + *v + "\"" : "(nil)";
    } else if (verb == "EXISTS") {
      reply.text = integer(pairs.get(arg(1)) ? 1 : 0);
    } else if (verb == "DBSIZE") {
      reply.text = integer(int64_t(pairs.size()));
    } else if (verb == "LLEN" || verb == "LRANGE" || verb == "KEYS") {
      const std::string* v = pairs.get(arg(1));
      Words all = verb == "KEYS" ? pairs.keys() : v ? fieldsOf(*v) : Words();
      if (verb == "KEYS")
        std::erase_if(all, [&](const std::string& k) { return !globs(std::string_view(arg(1)).substr(0, 64), k); });
      if (verb == "LLEN") return void(reply.text = integer(int64_t(all.size())));
      for (size_t i = 0; i < all.size(); ++i)
        reply.text += (i ? "\n" : "") + std::to_string(i + 1) + ") \"" + all[i] + "\"";
      if (all.empty()) reply.text = "(empty array)";
    } else if (verb == "PING") {
      reply.text = w.size() > 1 ? "\"" + w[1] + "\"" : "PONG";
    } else if (verb == "ROLE") {
      reply.text = d.readOnly ? "1) \"slave\"" : "1) \"master\"";
    } else if (verb == "INFO") {
      reply.text = std::string("# Replication\nrole:") + (d.readOnly ? "slave" : "master");
    } else if (verb == "SAVE" || verb == "BGSAVE" || verb == "AUTH" || verb == "SELECT" || verb == "CONFIG") {
      reply.text = "OK";
    } else {
      reply.text = "(error) ERR unknown command '" + w[0] + "'";
    }
  }
  if (writes && pairs.save() != Errno::ok)
    reply.text =
        "(error) MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.";
}

void runZooKeeper(StoreData& d, std::string_view statement, QueryReply& reply) {
  const Words w = wordsOf(statement);
  if (w.empty()) return;
  std::string path, value;
  for (size_t i = 1; i < w.size(); ++i) {
    if (w[i][0] == '-') continue;
    if (path.empty()) {
      path = w[i];
    } else {
      value += (value.empty() ? "" : " ") + w[i];
    }
  }
  Pairs pairs(d);
  const std::string* found = pairs.get(path);
  const std::string missing = "Node does not exist: " + path;
  bool writes = false;
  if (w[0] == "create") {
    if (found) return void(reply.error = "Node already exists: " + path);
    pairs.set(path, value);
    writes = true;
    reply.text = "Created " + path;
  } else if (w[0] == "get") {
    if (!found) return void(reply.error = missing);
    reply.text = *found;
  } else if (w[0] == "set") {
    if (!found) return void(reply.error = missing);
    pairs.set(path, value);
    writes = true;
  } else if (w[0] == "delete" || w[0] == "rmr" || w[0] == "deleteall") {
    if (!pairs.erase(path)) return void(reply.error = missing);
    writes = true;
  } else if (w[0] == "ls") {
    Words names;
    if (path == "/") names.push_back("zookeeper");
    const std::string below = path == "/" ? "/" : path + "/";
    for (const std::string& k : pairs.keys()) {
      if (k.substr(0, below.size()) == below && k.find('/', below.size()) == k.npos)
        names.push_back(k.substr(below.size()));
    }
    std::sort(names.begin(), names.end());
    for (const std::string& n : names) reply.text += (reply.text.empty() ? "[" : ", ") + n;
    reply.text += reply.text.empty() ? "[]" : "]";
  } else {
    reply.text = "ZooKeeper -server host:port cmd args";
  }
  if (writes && pairs.save() != Errno::ok) reply.error = "KeeperErrorCode = ConnectionLoss for " + path;
}

void runEtcd(StoreData& d, std::string_view statement, QueryReply& reply) {
  const Words w = wordsOf(statement);
  bool prefix = false;
  Words args;
  for (const std::string& word : w) {
    if (word == "--prefix") {
      prefix = true;
    } else if (word.empty() || word[0] != '-') {
      args.push_back(word);
    }
  }
  if (args.empty()) return;
  const std::string at = args.size() > 1 ? args[1] : "";
  Pairs pairs(d);
  if (args[0] == "put") {
    pairs.set(at, args.size() > 2 ? args[2] : "");
    reply.text = "OK";
    if (pairs.save() != Errno::ok) reply.error = "Error: etcdserver: mvcc: database space exceeded";
  } else if (args[0] == "del") {
    reply.text = pairs.erase(at) ? "1" : "0";
    if (pairs.save() != Errno::ok) reply.error = "Error: etcdserver: mvcc: database space exceeded";
  } else if (args[0] == "get") {
    for (const std::string& k : pairs.keys()) {
      if (prefix ? k.substr(0, at.size()) != at : k != at) continue;
      reply.text += (reply.text.empty() ? "" : "\n") + k + "\n" + *pairs.get(k);
    }
  } else if (args[0] == "endpoint" || args[0] == "member") {
    reply.text = "127.0.0.1:2379 is healthy: successfully committed proposal";
  } else {
    reply.error = "Error: unknown command \"" + args[0] + "\" for \"etcdctl\"";
  }
}

void runMongo(StoreData& d, std::string_view statement, QueryReply& reply) {
  // db.COLLECTION.METHOD(ARGUMENT)
  const size_t open = statement.find('('), close = statement.rfind(')');
  const std::string_view name = statement.substr(0, open);
  const size_t dot = name.rfind('.');
  if (open == statement.npos || close == statement.npos || close < open || name.substr(0, 3) != "db." || dot < 3) {
    reply.text = statement.substr(0, 14) == "db.runCommand(" || name == "rs.initiate" || name == "rs.status"
                     ? "{ ok: 1 }"
                     : "ReferenceError: " + std::string(name) + " is not defined";
    return;
  }
  const std::string method(name.substr(dot + 1)), collection(name.substr(3, dot - 3));
  std::string argument(statement.substr(open + 1, close - open - 1));
  std::replace(argument.begin(), argument.end(), '\n', ' ');
  if (collection.find('/') != collection.npos || collection.empty()) return void(reply.text = "{ ok: 1 }");
  const std::string path = d.folder + "/" + (d.database.empty() ? "test" : d.database) + "/" + collection;
  std::string text;
  d.files.read(path, text);
  Words lines = linesOf(text);
  if (method == "insertOne" || method == "insert" || method == "insertMany") {
    lines.push_back(argument);
    const bool ok = writeLines(d, path, lines) == Errno::ok;
    reply.text = ok ? "{ acknowledged: true }" : "MongoServerError: No space left on device";
  } else if (method == "find" || method == "toArray") {
    for (const std::string& l : lines) reply.text += (reply.text.empty() ? "[ " : ", ") + l;
    reply.text += lines.empty() ? "" : " ]";
  } else if (method == "countDocuments" || method == "count" || method == "estimatedDocumentCount") {
    reply.text = std::to_string(lines.size());
  } else if (method == "deleteMany" || method == "drop") {
    writeLines(d, path, {});
    reply.text = "{ acknowledged: true, deletedCount: " + std::to_string(lines.size()) + " }";
  } else {
    reply.text = "{ ok: 1 }";
  }
}

}  // namespace node
