#pragma once
// The grammar of the shell: text to a tree of commands. Words stay as they were written; expand.hpp takes them apart
// when they are used.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

struct Redirect {
  int stream = -1;  ///< the number before the operator; -1 where there is none
  std::string op;   ///< "<", ">", ">>", "<<", "<<<", ">&", "<&", "&>"
  std::string word;
  std::string body;      ///< of a here-document
  bool literal = false;  ///< its delimiter was quoted: nothing in the body is expanded
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Node {
  enum class Type : uint8_t {
    simple,    ///< words: assignments first
    pipeline,  ///< parts
    both,      ///< parts[0] && parts[1]
    either,    ///< parts[0] || parts[1]
    list,      ///< parts one after the other
    ifElse,    ///< parts: condition, then, condition, then, …, else
    whileLoop,
    untilLoop,  ///< parts: condition, body
    forLoop,    ///< words: the variable, "in" if given, then the values; parts: body
    caseOf,     ///< words: the subject; patterns[i] belong to parts[i]
    group,
    subshell,
    function,  ///< words: the name; parts: body
    test,      ///< words: what stands between [[ and ]]
  } type = Type::list;
  bool negated = false;     ///< "! pipeline"
  bool background = false;  ///< ended by "&"
  std::vector<std::string> words;
  std::vector<std::shared_ptr<Redirect>> redirects;
  std::vector<NodePtr> parts;
  std::vector<std::vector<std::string>> patterns;
};

struct Parsed {
  NodePtr node;             ///< null where the text holds no command or is wrong
  std::string error;        ///< `syntax error: unexpected "fi"`
  bool incomplete = false;  ///< more lines are needed: an open quote, "for" without "done", a here-document
};
Parsed parse(std::string_view text);

/// The end of the quoted or substituted part that begins at `at` with ', ", `, $(, $(( or ${; npos where it is open.
size_t endOfPart(std::string_view text, size_t at, int depth = 0);

}  // namespace shell
