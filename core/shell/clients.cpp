// Clients of the stores of records, in simple form: they send statements and print what comes back as the real ones do.
#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"

namespace shell::commands {
namespace {

/// Statements separated by semicolons outside of quotes.
std::vector<std::string> statements(std::string_view text) {
  std::vector<std::string> out(1);
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote ? c == quote : c == '\'' || c == '"' || c == '`') quote = quote ? '\0' : c;
    if (c == ';' && !quote)
      out.emplace_back();
    else
      out.back() += c == '\n' && !quote ? ' ' : c;
  }
  for (std::string& s : out) {
    s.erase(0, std::min(s.find_first_not_of(" \t\r"), s.size()));
    s.erase(s.find_last_not_of(" \t\r") + 1);
  }
  std::erase_if(out, [](const std::string& s) { return s.empty() || s.substr(0, 2) == "--"; });
  if (out.size() > 500) out.resize(500);
  return out;
}

std::vector<size_t> widths(const QueryReply& r) {
  std::vector<size_t> w;
  for (const std::string& c : r.columns) w.push_back(c.size());
  for (const auto& row : r.rows) {
    for (size_t i = 0; i < std::min(row.size(), w.size()); ++i) w[i] = std::max(w[i], row[i].size());
  }
  return w;
}
std::string cell(const std::vector<std::string>& row, size_t i) { return i < row.size() ? row[i] : std::string(); }

struct Client {
  Query query;
  std::vector<std::string> given;  ///< by -e, -c
  std::vector<std::string> words;
  bool bare = false, noNames = false;
};

/// Options as the clients have them: `valued` take a word, those in `text` are statements.
Client parse(const Call& c, std::string_view name, std::string_view valued, std::string_view text) {
  Client out;
  Query& q = out.query;
  q.client = name;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w.size() < 2 || w[0] != '-') {
      out.words.push_back(w);
      continue;
    }
    std::string option = w.substr(1, 1), value = w.substr(2);
    if (w[1] == '-') {
      const size_t equals = w.find('=');
      option = w.substr(2, equals == w.npos ? equals : equals - 2);
      value = equals == w.npos ? "" : w.substr(equals + 1);
      constexpr std::pair<std::string_view, std::string_view> longs[] = {{"host", "h"},
                                                                         {"port", "P"},
                                                                         {"user", "u"},
                                                                         {"username", "u"},
                                                                         {"password", "-"},
                                                                         {"execute", "e"},
                                                                         {"command", "c"},
                                                                         {"eval", "e"},
                                                                         {"database", "D"},
                                                                         {"dbname", "d"},
                                                                         {"skip-column-names", "N"},
                                                                         {"batch", "B"},
                                                                         {"silent", "s"},
                                                                         {"quiet", "q"}};
      std::string_view known = "?";
      for (const auto& [n, s] : longs) {
        if (n == option) known = s;
      }
      option = known;
      if (equals == w.npos && option != "?" && valued.find(option) != valued.npos && i + 1 < c.args.size())
        value = c.args[++i];
    } else if (valued.find(w[1]) != valued.npos) {
      if (value.empty() && i + 1 < c.args.size()) value = c.args[++i];
    } else {
      for (char f : w.substr(1)) {
        out.noNames = out.noNames || f == 'N' || f == 't';
        out.bare = out.bare || f == 'B' || f == 's' || f == 'A';
      }
    }
    const char o = option[0];
    if (text.find(o) != text.npos)
      out.given.push_back(value);
    else if (o == 'h')
      q.host = value;
    else if (o == 'P' || (o == 'p' && name != "mysql"))
      q.port = int(integer(value));
    else if (o == 'u' || o == 'U')
      q.user = value;
    else if (o == 'p')
      q.password = value;
    else if (o == 'D' || o == 'd')
      q.database = value;
    else if (o == 'N')
      out.noNames = true;
    else if (o == 'B')
      out.bare = true;
  }
  return out;
}

/// Sends all statements; gives false after saying what went wrong.
template <class Print>
Outcome runAll(Call& c, System& s, Client& client, const std::vector<std::string>& list, const std::string& unreachable,
               Print print) {
  for (const std::string& statement : list) {
    client.query.statement = statement;
    const QueryReply r = s.query(client.query);
    if (r.reached != Reached::ok) {
      c.err += unreachable + "\n";
      return done(c, client.query.client == "psql" ? 2 : 1);
    }
    if (!r.error.empty()) {
      c.err += r.error + "\n";
      return done(c, 1);
    }
    if (statement.substr(0, 4) == "USE " || statement.substr(0, 4) == "use ")
      client.query.database = statement.substr(4);
    print(r);
  }
  return done(c);
}

std::string hostOf(const Query& q) { return q.host.empty() ? "localhost" : q.host; }
}  // namespace

Outcome mysql(Call& c, System& s) {
  Client client = parse(c, "mysql", "hPuDeS", "e");
  Query& q = client.query;
  const std::string nowhere =
      q.host.empty() || q.host == "localhost"
          ? "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)"
          : "ERROR 2003 (HY000): Can't connect to MySQL server on '" + q.host + "' (111)";
  if (c.args[0] == "mysqladmin") {
    q.statement = "SELECT 1";
    const QueryReply r = s.query(q);
    if (r.reached == Reached::ok) return c.out = "mysqld is alive\n", done(c);
    c.err = "mysqladmin: connect to server at '" + hostOf(q) + "' failed\nerror: '" + nowhere + "'\n";
    return done(c, 1);
  }
  if (!client.words.empty()) q.database = client.words[0];
  std::string text;
  for (const std::string& g : client.given) text += g + ";";
  if (client.given.empty()) {
    if (!input(c)) return Outcome::reads;
    text = c.input;
  }
  const bool boxes = c.terminal && !client.bare;
  return runAll(c, s, client, statements(text), nowhere, [&](const QueryReply& r) {
    if (!r.hasRows || (r.rows.empty() && !boxes) || r.rows.empty()) return;
    if (!boxes) {
      const auto line = [&](const std::vector<std::string>& row) {
        for (size_t i = 0; i < r.columns.size(); ++i) c.out += (i ? "\t" : "") + cell(row, i);
        c.out += '\n';
      };
      if (!client.noNames) line(r.columns);
      for (const auto& row : r.rows) line(row);
      return;
    }
    const std::vector<size_t> w = widths(r);
    std::string rule = "+";
    for (size_t n : w) rule += std::string(n + 2, '-') + "+";
    const auto line = [&](const std::vector<std::string>& row, bool numbers) {
      c.out += "|";
      for (size_t i = 0; i < w.size(); ++i) {
        const std::string v = cell(row, i);
        const bool number = numbers && !v.empty() && v.find_first_not_of("-0123456789.") == v.npos;
        c.out += " " + padded(v, number ? int(w[i]) : -int(w[i])) + " |";
      }
      c.out += '\n';
    };
    c.out += rule + "\n";
    line(r.columns, false);
    c.out += rule + "\n";
    for (const auto& row : r.rows) line(row, true);
    c.out += rule + "\n";
  });
}

Outcome psql(Call& c, System& s) {
  Client client = parse(c, "psql", "hpUdcPvf", "c");
  Query& q = client.query;
  const std::string where =
      q.host.empty() ? "on socket \"/var/run/postgresql/.s.PGSQL.5432\"" : "at \"" + q.host + "\", port 5432";
  const std::string nowhere =
      "psql: error: connection to server " + where +
      " failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?";
  if (c.args[0] == "pg_isready") {
    q.statement = "SELECT 1";
    const bool ok = s.query(q).reached == Reached::ok;
    c.out = (q.host.empty() ? "/var/run/postgresql" : q.host) + ":5432 - " +
            (ok ? "accepting connections\n" : "no response\n");
    return done(c, ok ? 0 : 2);
  }
  for (const std::string& w : client.words) q.database = q.database.empty() ? w : q.database;
  std::string text;
  for (const std::string& g : client.given) text += g + ";";
  if (client.given.empty()) {
    if (!input(c)) return Outcome::reads;
    text = c.input;
  }
  return runAll(c, s, client, statements(text), nowhere, [&](const QueryReply& r) {
    if (!r.hasRows) {
      c.out += r.text + (r.text.empty() ? "" : "\n");
      return;
    }
    const std::vector<size_t> w = widths(r);
    const auto line = [&](const std::vector<std::string>& row, bool head) {
      for (size_t i = 0; i < w.size(); ++i) {
        const std::string v = cell(row, i);
        const size_t room = w[i] - std::min(w[i], v.size()), left = head ? room / 2 : 0;
        const bool number = !head && !v.empty() && v.find_first_not_of("-0123456789.") == v.npos;
        if (client.bare)
          c.out += (i ? "|" : "") + v;
        else
          c.out +=
              (i ? "| " : " ") +
              (number ? padded(v, int(w[i]))
                      : std::string(left, ' ') + v + (head || i + 1 < w.size() ? std::string(room - left, ' ') : "")) +
              (head || i + 1 < w.size() ? " " : "");
      }
      c.out += '\n';
    };
    if (!client.noNames) line(r.columns, true);
    if (!client.noNames && !client.bare) {
      for (size_t i = 0; i < w.size(); ++i) c.out += (i ? "+" : "") + std::string(w[i] + 2, '-');
      c.out += '\n';
    }
    for (const auto& row : r.rows) line(row, false);
    if (!client.noNames) c.out += "(" + std::to_string(r.rows.size()) + (r.rows.size() == 1 ? " row)\n" : " rows)\n");
    if (!client.bare) c.out += '\n';
  });
}

Outcome redis(Call& c, System& s) {
  Client client = parse(c, "redis-cli", "hpan", "");
  // The words behind the options are one command, whatever they look like.
  std::vector<std::string> list;
  if (client.words.empty()) {
    if (!input(c)) return Outcome::reads;
    for (std::string_view l : lines(c.input)) {
      if (!l.empty()) list.emplace_back(l);
    }
  } else {
    std::string line;
    for (const std::string& w : client.words) {
      const bool quotes = w.empty() || w.find_first_of(" \"") != w.npos;
      line += (line.empty() ? "" : " ") + (quotes ? "\"" + w + "\"" : w);
    }
    list = {line};
  }
  const std::string nowhere = "Could not connect to Redis at " +
                              (client.query.host.empty() ? "127.0.0.1" : client.query.host) +
                              ":6379: Connection refused";
  return runAll(c, s, client, list, nowhere, [&](const QueryReply& r) {
    for (std::string_view l : lines(r.text)) {
      std::string shown(l);
      if (!c.terminal) {  // for other programs, values stand alone
        for (std::string_view prefix : {"(integer) ", "(error) "}) {
          if (shown.substr(0, prefix.size()) == prefix) shown = shown.substr(prefix.size());
        }
        if (shown == "(nil)") shown.clear();
        const size_t item = shown.find(") \"");
        if (item != shown.npos) shown = shown.substr(item + 2);
        if (shown.size() > 1 && shown.front() == '"' && shown.back() == '"') shown = shown.substr(1, shown.size() - 2);
      }
      c.out += shown + "\n";
    }
  });
}

namespace {
/// Those that take a statement and print the store's own text, or rows with bars between.
Outcome simple(Call& c, System& s, Client client, std::vector<std::string> list, const std::string& nowhere) {
  return runAll(c, s, client, list, nowhere, [&](const QueryReply& r) {
    if (!r.hasRows) {
      if (!r.text.empty()) c.out += r.text + "\n";
      return;
    }
    const std::vector<size_t> w = widths(r);
    c.out += '\n';
    for (size_t i = 0; i < w.size(); ++i)
      c.out += (i ? "| " : " ") + padded(r.columns[i], -int(w[i])) + (i + 1 < w.size() ? " " : "");
    c.out += '\n';
    for (size_t i = 0; i < w.size(); ++i) c.out += (i ? "+" : "") + std::string(w[i] + 2, '-');
    c.out += '\n';
    for (const auto& row : r.rows) {
      for (size_t i = 0; i < w.size(); ++i) c.out += (i ? " | " : " ") + padded(cell(row, i), int(w[i]));
      c.out += '\n';
    }
    c.out += "\n(" + std::to_string(r.rows.size()) + " rows)\n";
  });
}
}  // namespace

Outcome mongo(Call& c, System& s) {
  Client client = parse(c, "mongosh", "hpue", "e");
  for (const std::string& w : client.words) {
    const size_t scheme = w.find("://");
    if (scheme != w.npos)
      client.query.host = w.substr(scheme + 3, w.find_first_of(":/", scheme + 3) - scheme - 3);
    else
      client.query.database = w;
  }
  if (client.given.empty()) {
    if (!input(c)) return Outcome::reads;
    for (std::string_view l : lines(c.input)) client.given.emplace_back(l);
  }
  std::vector<std::string> list;
  for (const std::string& g : client.given) {
    for (std::string& st : statements(g)) list.push_back(std::move(st));
  }
  return simple(c, s, client, list,
                "MongoNetworkError: connect ECONNREFUSED " +
                    (client.query.host.empty() ? "127.0.0.1" : client.query.host) + ":27017");
}

Outcome cqlsh(Call& c, System& s) {
  Client client = parse(c, "cqlsh", "upkef", "e");
  if (!client.words.empty()) client.query.host = client.words[0];
  std::string text;
  for (const std::string& g : client.given) text += g + ";";
  if (client.given.empty()) {
    if (!input(c)) return Outcome::reads;
    text = c.input;
  }
  return simple(c, s, client, statements(text),
                "Connection error: ('Unable to connect to any servers', {'" + hostOf(client.query) +
                    ":9042': ConnectionRefusedError(111, \"Connection refused\")})");
}

Outcome zookeeper(Call& c, System& s) {
  Client client;
  client.query.client = "zkCli.sh";
  std::string line;
  for (size_t i = 1; i < c.args.size(); ++i) {
    if (c.args[i] == "-server" && i + 1 < c.args.size()) {
      const std::string& server = c.args[++i];
      client.query.host = server.substr(0, server.find(':'));
    } else {
      line += (line.empty() ? "" : " ") + c.args[i];
    }
  }
  std::vector<std::string> list;
  if (line.empty()) {
    if (!input(c)) return Outcome::reads;
    for (std::string_view l : lines(c.input)) {
      if (!l.empty() && l != "quit") list.emplace_back(l);
    }
  } else {
    list = {line};
  }
  c.out = "Connecting to " + hostOf(client.query) +
          ":2181\n\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n";
  return simple(c, s, client, list,
                "Exception in thread \"main\" org.apache.zookeeper.KeeperException$ConnectionLossException: "
                "KeeperErrorCode = ConnectionLoss");
}

Outcome etcdctl(Call& c, System& s) {
  Client client;
  client.query.client = "etcdctl";
  std::string line;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w.substr(0, 12) == "--endpoints=") {
      std::string host = w.substr(12, w.find(',') - 12);
      host = host.substr(host.find("://") == host.npos ? 0 : host.find("://") + 3);
      client.query.host = host.substr(0, host.find(':'));
    } else if (w[0] != '-' || w == "--prefix" || w == "--print-value-only" || w == "--keys-only") {
      line += (line.empty() ? "" : " ") + w;
    }
  }
  if (line.empty()) return fail(c, "no command given");
  return simple(c, s, client, {line}, "Error: context deadline exceeded");
}

}  // namespace shell::commands
