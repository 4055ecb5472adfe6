// Stores of records: what clients write lies in the data directory, on whatever volume that is; members of a cluster
// follow each other.
#include "core/node/records.hpp"
#include "tests/unit/node_fixture.hpp"

using namespace fixture;

namespace {
/// A store's files in a pod of their own.
struct Store {
  store::Store objects;
  store::Facts facts;
  api::Pod pod;
  api::Container container = api::as<api::Container>(Value::object({{key::name, "db"}, {key::image, "mysql:5.7"}}));
  Store() {
    pod.doc.set({key::metadata, key::uid}, "u-1");
    pod.doc.set({key::metadata, key::name}, "db-0");
  }
  node::Files files{pod, container, decision::View(objects.objects()), facts};
  node::StoreData data{.files = files, .folder = "/var/lib/mysql", .hostname = "db-0"};

  /// Rows as lines of columns, or the error, or the text.
  std::string sql(std::string_view statement, std::string_view client = "mysql") {
    shell::QueryReply reply;
    node::runSql(data, client, statement, reply);
    return said(reply);
  }
  template <class Run>
  std::string ask(Run run, std::string_view statement) {
    shell::QueryReply reply;
    run(data, statement, reply);
    return said(reply);
  }
  static std::string said(const shell::QueryReply& reply) {
    if (!reply.error.empty()) return reply.error;
    std::string out = reply.text;
    for (const auto& row : reply.rows) {
      for (size_t i = 0; i < row.size(); ++i) out += (i ? "|" : "") + row[i];
      out += ";";
    }
    return out;
  }
  std::string text(std::string_view path) {
    std::string out;
    files.read(path, out);
    return out;
  }
};
}  // namespace

TEST_CASE("SQL: tables are files of one record a line") {
  Store s;
  CHECK(s.sql("CREATE DATABASE test") == "");
  CHECK(s.sql("CREATE DATABASE test") == "ERROR 1007 (HY000) at line 1: Can't create database 'test'; database exists");
  CHECK(s.sql("CREATE TABLE test.messages (id INT, message VARCHAR(250), PRIMARY KEY (id))") == "");
  CHECK(s.sql("INSERT INTO test.messages VALUES (1, 'hello'), (2, \"it's\")") == "");
  CHECK(s.text("/var/lib/mysql/test/messages") == "1\thello\n2\tit's\n");
  CHECK(s.sql("SELECT * FROM test.messages") == "1|hello;2|it's;");
  CHECK(s.sql("select message from test.messages where id = 2") == "it's;");
  CHECK(s.sql("SELECT COUNT(*) FROM test.messages") == "2;");
  CHECK(s.sql("SELECT message FROM test.messages ORDER BY message DESC LIMIT 1") == "it's;");
  CHECK(s.sql("UPDATE test.messages SET message = 'new' WHERE id = 1") == "");
  CHECK(s.sql("DELETE FROM test.messages WHERE id = 2") == "");
  CHECK(s.sql("SELECT * FROM test.messages") == "1|new;");
  CHECK(s.sql("SELECT * FROM test.none") == "ERROR 1146 (42S02) at line 1: Table 'test.none' doesn't exist");
  CHECK(s.sql("SELECT * FROM messages") == "ERROR 1046 (3D000) at line 1: No database selected");
  CHECK(s.sql("SELECT @@server_id, @@hostname, 'x'") == "1|db-0|x;");
  CHECK(s.sql("SHOW DATABASES") == "information_schema;test;");
  s.data.database = "test";
  CHECK(s.sql("SHOW TABLES") == "messages;");
  CHECK(s.sql("DROP TABLE messages") == "");
  CHECK(s.sql("DROP DATABASE test") == "");
  CHECK(s.sql("SHOW DATABASES") == "information_schema;");
  s.data.readOnly = true;
  CHECK(s.sql("CREATE DATABASE other").find("--super-read-only") != std::string::npos);
}

TEST_CASE("SQL of other stores has their own words") {
  Store s;
  CHECK(s.sql("SELECT * FROM t", "postgres") == "ERROR:  relation \"t\" does not exist");
  CHECK(s.sql("CREATE TABLE t (a text)", "postgres") == "");
  CHECK(s.sql("INSERT INTO t VALUES ('x')", "postgres") == "INSERT 0 1");
  CHECK(s.sql("SELECT count(*) FROM t", "postgres") == "1;");
  CHECK(s.sql("DELETE FROM t", "postgres") == "DELETE 1");
  CHECK(s.sql("nonsense here", "postgres") == "ERROR:  syntax error at or near \"nonsense\"");
}

TEST_CASE("hostile statements break nothing") {
  Store s;
  s.sql("CREATE DATABASE test");
  for (std::string_view statement :
       {"", ";", "SELECT", "SELECT FROM", "INSERT INTO", "INSERT INTO test.t VALUES", "CREATE TABLE",
        "CREATE TABLE t (((", "CREATE TABLE test.t", "DROP DATABASE ../../etc", "CREATE DATABASE ../x",
        "SELECT * FROM `../../etc/passwd`", "UPDATE test.t SET", "SELECT 'a", "SELECT * FROM test.t LIMIT -5", "SHOW",
        "DESCRIBE", "DELETE FROM"}) {
    s.sql(statement);
    s.sql(statement, "postgres");
    s.ask(node::runRedis, statement);
    s.ask(node::runZooKeeper, statement);
    s.ask(node::runEtcd, statement);
    s.ask(node::runMongo, statement);
  }
  CHECK(s.text("/etc/passwd").find("root:") == 0);
}

TEST_CASE("keys and values of Redis, ZooKeeper, etcd; documents of MongoDB") {
  Store s;
  CHECK(s.ask(node::runRedis, "SET a 1") == "OK");
  CHECK(s.ask(node::runRedis, "INCR a") == "(integer) 2");
  CHECK(s.ask(node::runRedis, "GET a") == "\"2\"");
  CHECK(s.ask(node::runRedis, "GET b") == "(nil)");
  CHECK(s.ask(node::runRedis, "RPUSH l x y") == "(integer) 2");
  CHECK(s.ask(node::runRedis, "KEYS *") == "1) \"a\"\n2) \"l\"");
  CHECK(s.ask(node::runRedis, "SET a") == "(error) ERR wrong number of arguments for 'set' command");
  CHECK(s.ask(node::runRedis, "DBSIZE") == "(integer) 2");
  Store z;
  CHECK(z.ask(node::runZooKeeper, "create /hello world") == "Created /hello");
  CHECK(z.ask(node::runZooKeeper, "create /hello world") == "Node already exists: /hello");
  CHECK(z.ask(node::runZooKeeper, "get /hello").substr(0, 28) == "world\ncZxid = 0x100000002\nct");
  CHECK(z.ask(node::runZooKeeper, "ls /") == "[hello, zookeeper]");
  CHECK(z.ask(node::runZooKeeper, "get /none") == "Node does not exist: /none");
  Store e;
  CHECK(e.ask(node::runEtcd, "put a 1") == "OK");
  CHECK(e.ask(node::runEtcd, "get a") == "a\n1");
  CHECK(e.ask(node::runEtcd, "del a") == "1");
  Store m;
  CHECK(m.ask(node::runMongo, "db.messages.insertOne({text: \"hi\"})") == "{ acknowledged: true }");
  CHECK(m.ask(node::runMongo, "db.messages.countDocuments()") == "1");
}

TEST_CASE("a client reaches a store by name; its records outlive a restart only on a volume") {
  Fixture f;
  f.create(podNamed("db", Value::object({{key::image, "redis:7"}})));
  f.run(6000);
  CHECK(f.exec("db", "redis-cli SET a 1; redis-cli GET a").find("1") != std::string::npos);
  CHECK(f.exec("db", "cat /data/records") == "a\t1\n");
  f.input({{"type", "containerCrash"}, {"pod", "db"}});
  f.run(5000);
  CHECK(f.exec("db", "cat /data/records").find("No such file") != std::string::npos);
}
