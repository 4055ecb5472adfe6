// Pipelines whose programs run at the same time. A pipeline begins with its first program alone, into a buffer; where
// that waits (`kubectl get pods -w`, `tail -f`), the others become a consumer, a shell of its own that is given what
// there is, line by line, and says what it makes of it. When the consumer ends (`head -3`), so does the program before
// it. Also here: what ends a program from outside, `timeout`.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

/// The programs behind the one that runs, as a shell that reads what that says.
void Shell::Impl::beginConsumer(size_t pipeline) {
  Frame& f = frames[pipeline];
  auto made = std::make_unique<Impl>();
  made->env = frames[pipeline + 1].saved ? *frames[pipeline + 1].saved : env;
  made->streams = {stream(Stream::Kind::input), streams[size_t(f.io.out)], streams[size_t(f.io.err)]};
  made->streams[0].ends = false;
  for (size_t i = 1; i < 3; ++i) {  // what goes into a pipe or a variable is handed on by drain()
    if (made->streams[i].kind == Stream::Kind::buffer) made->streams[i] = stream(Stream::Kind::buffer);
  }
  made->exitTrapRan = true;
  made->jobDepth = jobDepth + 1;
  made->allowance = consumers.empty() ? allowance - 1 : (allowance - 1) / 4;
  auto rest = std::make_shared<Node>();
  rest->type = Type::pipeline;
  rest->parts.assign(f.node->parts.begin() + f.step, f.node->parts.end());
  made->push(std::move(rest));
  f.consumer = int(consumers.size());
  consumers.push_back(Shell(std::move(made)));
}

void Shell::Impl::drain(System& system, Shell& consumer, const Io& to) {
  for (int i = 1; i < 3; ++i) {
    Stream& s = consumer.impl_->streams[size_t(i)];
    if (s.kind == Stream::Kind::buffer) write(system, i == 1 ? to.out : to.err, std::exchange(s.text, {}));
  }
}

/// Whether a frame is a pipeline whose program has others behind it.
bool Shell::Impl::flows(size_t i) const {
  const Frame& f = frames[i];
  return f.kind == Kind::node && f.node->type == Type::pipeline && i + 1 < frames.size() && f.step > 0 &&
         size_t(f.step) < f.node->parts.size();
}

/// Pipelines in pipelines in loops may not grow without end: beyond this, programs run one after the other.
bool Shell::Impl::mayFlow() const { return allowance > 0 && consumers.size() < 4; }

/// Gives the consumers what was said. True: one of them has ended, and what it read from was stopped.
bool Shell::Impl::feed(System& system) {
  for (size_t i = 0; i < frames.size() && mayFlow(); ++i) {  // the outer ones first: an inner pipeline's goes with it
    if (flows(i) && frames[i].consumer < 0) beginConsumer(i);
  }
  for (size_t i = frames.size(); i-- > 0;) {
    const Frame& f = frames[i];
    if (f.consumer < 0 || !flows(i)) continue;
    Shell& consumer = consumers[size_t(f.consumer)];
    consumer.input(std::exchange(streams[size_t(frames[i + 1].io.out)].text, {}));
    const State now = consumer.run(system, 500);
    drain(system, consumer, f.io);
    if (now != State::ended) continue;
    unwind(system, i);
    status = 141;
    return true;
  }
  return false;
}

/// The first program has ended: the others get the rest, and go on to their end.
void Shell::Impl::finishConsumer(System& system) {
  Frame& f = frames.back();
  Shell& consumer = consumers[size_t(f.consumer)];
  if (io.out != f.io.out) consumer.input(std::exchange(streams[size_t(io.out)].text, {}));
  consumer.closeInput();
  const State now = consumer.run(system, 500);
  drain(system, consumer, f.io);
  if (now == State::waits || now == State::reads) return void(state = State::waits);
  if (now != State::ended) return;
  status = consumer.exit();
  io = f.io;
  endPipeline();
}

/// Ends the program that runs and all above a frame.
void Shell::Impl::unwind(System& system, size_t frame) {
  if (frames.back().kind == Kind::call) {
    call.interrupted = true;
    if (run_)
      run_(call, system);
    else
      system.external(call);
  }
  while (frames.size() > frame + 1) pop();
}

/// Ends what `timeout` does not let go on.
void Shell::Impl::expire(System& system) {
  for (size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].deadline || frames[i].deadline > system.now()) continue;
    unwind(system, i);
    return finish(system.toolset() == "gnu" ? 124 : 143);
  }
}

api::Millis Shell::Impl::wakeAt() const {
  api::Millis at = INT64_MAX;
  if (state == State::waits && !frames.empty() && frames.back().kind == Kind::call && call.wakeAt) at = call.wakeAt;
  for (const Frame& f : frames) {
    if (f.deadline) at = std::min(at, f.deadline);
  }
  for (const auto* list : {&jobs, &consumers}) {
    for (const Shell& s : *list) at = std::min(at, s.wakeAt());
  }
  return at;
}

/// A program that makes of each line what it makes of it: it is run on the whole lines that are there, from the first,
/// and what it says beyond the last time is said now. True where it has ended.
bool Shell::Impl::runOnLines(System& system, Stream& in) {
  const size_t end = in.text.rfind('\n');
  const std::string_view lines = end == in.text.npos || end < in.at
                                     ? std::string_view()
                                     : std::string_view(in.text).substr(in.at, end + 1 - in.at);
  if (lines.size() == seenInput) return false;
  seenInput = lines.size();
  Call part = call;
  part.input = lines;
  part.inputEnds = part.partial = true;
  run_(part, system);
  write(system, io.out, std::string_view(part.out).substr(std::min(call.shown, part.out.size())));
  call.shown = std::max(call.shown, part.out.size());
  if (!part.satisfied && part.exit < 2) return false;
  say(system, part.err);
  in.at = end == in.text.npos ? in.at : end + 1;
  finish(part.exit);
  return true;
}

}  // namespace shell
