// Pipelines, loops, case, [[ ]], lists of commands.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

// ---- compound commands

void Shell::Impl::pipeline(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  const size_t i = size_t(f.step), count = n.parts.size();
  if (i > 0 && status != 0) f.status = status;
  if (f.consumer >= 0) return finishConsumer(system);
  if (i > 0 && i < count) f.pending = std::move(streams[size_t(io.out)].text);
  io = f.io;
  if (i == count) return endPipeline();
  streams.resize(f.streams);
  if (i > 0) io.in = addStream(stream(Stream::Kind::input, std::exchange(f.pending, {})));
  if (i + 1 < count) io.out = addStream(stream(Stream::Kind::buffer));
  ++f.step;
  const NodePtr part = n.parts[i];
  const bool testing = f.testing || n.negated || i + 1 < count;
  if (count == 1) return push(part, testing);
  pushSubshell(part);
  frames.back().testing = testing;
}

void Shell::Impl::endPipeline() {
  const Frame& f = frames.back();
  if (env.pipeFail && status == 0) status = f.status;
  if (f.node->negated)
    status = status == 0;
  else
    markFailure();
  pop();
}

void Shell::Impl::loop() {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 0) {
    f.step = 1;
    return push(n.parts[0], true);
  }
  if (f.step == 1) {
    if ((status == 0) != (n.type == Type::whileLoop)) return finish(f.status);
    f.step = 2;
    return push(n.parts[1], f.testing);
  }
  f.status = status;
  f.step = 0;
}

void Shell::Impl::forLoop(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 0) {
    Expansion x = expansion(system);
    Words fields;
    if (n.words.size() == 1) fields.assign(env.args.begin() + (env.args.empty() ? 0 : 1), env.args.end());
    for (size_t i = 2; i < n.words.size() && !x.stopped; ++i) x.fields(n.words[i], fields);
    if (isHeldUp(system, x)) return;
    x.commit();
    f.fields = std::move(fields);
    std::reverse(f.fields.begin(), f.fields.end());
    status = 0;
    f.step = 1;
  }
  if (f.fields.empty()) return pop();
  set(n.words[0], f.fields.back());
  f.fields.pop_back();
  push(n.parts[0], f.testing);
}

void Shell::Impl::caseOf(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 1) return pop();
  Expansion x = expansion(system);
  const std::string subject = x.single(n.words[0]);
  NodePtr chosen;
  for (size_t i = 0; i < n.parts.size() && !chosen && !x.stopped; ++i) {
    for (const std::string& p : n.patterns[i]) {
      if (globMatches(x.pattern(p), subject) && !x.stopped) {
        chosen = n.parts[i];
        break;
      }
    }
  }
  if (isHeldUp(system, x)) return;
  x.commit();
  f.step = 1;
  status = 0;
  push(chosen, f.testing);
}

/// [[ … ]]: its words become those of test(1), but for == with a pattern and =~.
void Shell::Impl::test(System& system) {
  Frame& f = frames.back();
  const Node& n = *f.node;
  if (f.step == 1) {
    markFailure();
    return pop();
  }
  Expansion x = expansion(system);
  Words words{"[["};
  for (size_t i = 0; i < n.words.size() && !x.stopped; ++i) {
    const std::string& before = i ? n.words[i - 1] : "";
    if (before == "=~")
      words.push_back(regexOf(x.pattern(n.words[i])));
    else if (before == "==" || before == "=" || before == "!=")
      words.push_back(x.pattern(n.words[i]));
    else
      words.push_back(x.single(n.words[i]));
  }
  if (isHeldUp(system, x)) return;
  x.commit();
  f.step = 1;
  builtin(system, words);
}

void Shell::Impl::commands(System& system) {
  Frame& f = frames.back();
  if (f.step > 0 && (f.exact || status != 0)) f.status = f.exact || status == 127 ? status : 123;
  if (size_t(f.step) >= f.lists.size()) return finish(f.status);
  Words words = f.lists[size_t(f.step++)];
  if (words.empty()) return;
  if (!builtin(system, words)) start(system, std::move(words));
}

}  // namespace shell
