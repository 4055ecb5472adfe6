// MongoDB's documents: a collection is a file of one document a line.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/node/statements.hpp"

namespace node {
using namespace statements;
using shell::Errno;
using shell::QueryReply;

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
