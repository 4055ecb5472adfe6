// SQL and CQL as far as lessons need them: a table is a file of one record a line beside a file of its columns.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/node/statements_sql.hpp"

namespace node::statements {
using shell::Errno;

void Sql::run() {
  if (take("SELECT")) return select();
  if (take("SHOW")) return show();
  if (take("DESCRIBE")) return describe();
  if (take("USE") || take("BEGIN") || take("COMMIT") || take("SET") || take("FLUSH")) return;
  if (take("CHANGE") || take("START") || take("STOP") || take("RESET")) return;  // whom a replica follows
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

bool Sql::take(std::string_view word) {
  if (at_ >= t_.size() || !t_[at_].is(word)) return false;
  return ++at_, true;
}

std::string Sql::word() { return at_ < t_.size() ? t_[at_++].text : std::string(); }

bool Sql::at(std::string_view text) const { return at_ < t_.size() && !t_[at_].quoted && t_[at_].text == text; }

void Sql::fail(const std::string& mysql, const std::string& other) { reply_.error = mysql_ ? mysql : other; }

bool Sql::failed() const { return !reply_.error.empty(); }

Sql::Table Sql::table() {
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

std::string Sql::path(const Table& t) const { return d_.folder + "/" + t.database + "/" + t.name; }

bool Sql::exists(const Table& t) { return d_.files.stat(path(t) + ".frm").kind == shell::FileInfo::Kind::file; }

bool Sql::mustExist(const Table& t) {
  if (failed()) return false;
  if (exists(t)) return true;
  fail("ERROR 1146 (42S02) at line 1: Table '" + t.database + "." + t.name + "' doesn't exist",
       cql_ ? "table " + t.name + " does not exist" : "ERROR:  relation \"" + t.name + "\" does not exist");
  return false;
}

Words Sql::columns(const Table& t) {
  std::string text;
  d_.files.read(path(t) + ".frm", text);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fieldsOf(text);
}

Words Sql::rows(const Table& t) {
  std::string text;
  d_.files.read(path(t), text);
  return linesOf(text);
}

void Sql::store(const Table& t, const Words& lines) {
  const Errno e = writeLines(d_, path(t), lines);
  if (e != Errno::ok)
    fail("ERROR 3 (HY000) at line 1: Error writing file '" + path(t) + "' (OS errno 28 - No space left on device)",
         "ERROR:  could not extend file \"" + path(t) + "\": " + std::string(shell::text(e)));
}

void Sql::create() {
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

Words Sql::list() {
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

void Sql::insert() {
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

int Sql::where(const Words& all, std::string& value) {
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

bool Sql::matches(const std::string& line, int column, const std::string& value) {
  if (column < 0) return true;
  const Words fields = fieldsOf(line);
  return size_t(column) < fields.size() && fields[size_t(column)] == value;
}

void Sql::erase() {
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

void Sql::truncate(const Table& t) {
  if (mustExist(t)) store(t, {});
}

void Sql::drop() {
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

void Sql::update() {
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

}  // namespace node::statements

namespace node {
void runSql(StoreData& d, std::string_view client, std::string_view statement, shell::QueryReply& reply) {
  statements::Sql(d, client, statement, reply).run();
}

}  // namespace node
