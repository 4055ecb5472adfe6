#pragma once
// One statement of SQL or CQL as it is taken apart and carried out. Private to statements_sql.cpp and
// statements_select.cpp.
#include "core/node/statements.hpp"

namespace node::statements {

class Sql {
 public:
  Sql(StoreData& d, std::string_view client, std::string_view statement, shell::QueryReply& reply)
      : d_(d), mysql_(client == "mysql"), cql_(client == "cassandra"), t_(tokensOf(statement)), reply_(reply) {
    if (d_.database.empty() && !mysql_) d_.database = cql_ ? "" : "postgres";
  }

  void run();

 private:
  struct Table {
    std::string database, name;
  };
  bool take(std::string_view word);
  std::string word();
  bool at(std::string_view text) const;
  void fail(const std::string& mysql, const std::string& other);
  bool failed() const;
  Table table();
  std::string path(const Table& t) const;
  bool exists(const Table& t);
  bool mustExist(const Table& t);
  Words columns(const Table& t);
  Words rows(const Table& t);
  void store(const Table& t, const Words& lines);
  void create();

  /// What stands between the next brackets, separated by commas.
  Words list();
  void insert();

  /// "WHERE column = value" (one of them); gives the column's index, or -1.
  int where(const Words& all, std::string& value);
  static bool matches(const std::string& line, int column, const std::string& value);
  void erase();
  void truncate(const Table& t);
  void drop();
  void update();

  /// What a select asks for, with its text as the column's name.
  struct Item {
    std::string name, as;
    bool quoted = false;
  };
  std::string constant(const Item& item) const;
  void select();
  void order(const Words& all, Words& lines);
  void project(const Words& all, const std::vector<Item>& items, const Words& lines);
  void show();
  void describe();
  StoreData& d_;
  bool mysql_, cql_;
  std::vector<Token> t_;
  size_t at_ = 0;
  shell::QueryReply& reply_;
};

}  // namespace node::statements
