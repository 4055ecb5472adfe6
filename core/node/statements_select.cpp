// What only reads: SELECT, SHOW, DESCRIBE.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/node/statements_sql.hpp"

namespace node::statements {
using shell::Errno;

std::string Sql::constant(const Item& item) const {
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

void Sql::select() {
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

void Sql::order(const Words& all, Words& lines) {
  if (take("ORDER") && take("BY")) {
    const std::string by = upper(word());
    size_t column = 0;
    while (column < all.size() && upper(all[column]) != by) ++column;
    const bool down = take("DESC");
    const auto of = [&](const std::string& line) {
      const Words fields = fieldsOf(line);
      return column < fields.size() ? fields[column] : std::string();
    };
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const std::string& a, const std::string& b) { return down ? of(b) < of(a) : of(a) < of(b); });
  }
  if (take("LIMIT")) lines.resize(std::min(lines.size(), size_t(std::max(0, std::atoi(word().c_str())))));
}

void Sql::project(const Words& all, const std::vector<Item>& items, const Words& lines) {
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

void Sql::show() {
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

void Sql::describe() {
  const Table t = table();
  if (!mustExist(t)) return;
  reply_.hasRows = true;
  reply_.columns = {"Field"};
  for (const std::string& c : columns(t)) reply_.rows.push_back({c});
}

}  // namespace node::statements
