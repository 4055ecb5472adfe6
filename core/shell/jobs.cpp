// An interactive shell's lines, jobs, signals, traps.
#include <algorithm>
#include <utility>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"

namespace shell {

using Type = Node::Type;
using Kind = Frame::Kind;

bool Shell::Impl::readLine(std::string& line, bool& open) {
  Stream& in = streams[size_t(io.in)];
  open = false;
  if (in.kind != Stream::Kind::input) return false;
  const size_t end = in.text.find('\n', in.at);
  if (end == in.text.npos && !in.ends) return open = true, false;
  if (in.at >= in.text.size()) return false;
  line = in.text.substr(in.at, std::min(end, in.text.size()) - in.at);
  in.at = std::min(end, in.text.size() - 1) + 1;
  const bool whole = end != in.text.npos;
  if (in.at > 65536) {
    in.text.erase(0, in.at);
    in.at = 0;
  }
  if (!whole) open = false;
  return true;
}

void Shell::Impl::interactive(System& system) {
  Frame& f = frames.back();
  if (f.step == 0 && terminal && !prompt.empty()) system.output(1, f.pending.empty() ? prompt : "> ");
  f.step = 1;
  std::string line;
  bool open = false;
  if (!readLine(line, open)) {
    if (open) {
      state = State::reads;
      return;
    }
    if (!f.pending.empty()) {
      const Parsed p = parse(f.pending);
      f.pending.clear();
      if (!p.error.empty()) say(system, "sh: " + p.error + "\n"), status = 2;
    }
    return pop();
  }
  f.step = 0;
  f.pending += line + "\n";
  if (frames.size() == 1) this->line = line;
  const size_t end = line.find_last_not_of('\\');
  const bool goesOn = (line.size() - (end == line.npos ? 0 : end + 1)) % 2 == 1;  // a backslash at its end
  if (goesOn && f.pending.size() < longestValue) return;
  const Parsed p = parse(f.pending);
  if (p.incomplete && f.pending.size() < longestValue) return;
  f.pending.clear();
  if (!p.error.empty()) {
    say(system, "sh: " + p.error + "\n");
    status = 2;
    if (!terminal) control = Control::exits, level = -1;
    return;
  }
  push(p.node);
}

// ---- jobs, signals

void Shell::Impl::startJob(System& system, NodePtr node) {
  // Jobs that start jobs that start jobs are no way to grow without end.
  if (jobs.size() >= (jobDepth == 0 ? 8u : jobDepth == 1 ? 2u : 0u)) return;
  if (frames.size() > 100) return;
  auto job = std::make_unique<Impl>();
  job->env = env;
  job->streams = streams;
  job->io = io;
  job->streams[size_t(io.in)] = Stream();
  job->streams[size_t(io.in)].kind = Stream::Kind::input;
  job->jobNumber = jobs.empty() ? 1 : jobs.back().impl_->jobNumber + 1;
  job->number = number + job->jobNumber;
  job->exitTrapRan = true;
  job->jobDepth = jobDepth + 1;
  job->allowance = allowance / 2;
  job->push(std::move(node));
  job->line = line.substr(0, line.find_last_not_of(" &;\n") + 1);
  env.variables["!"].value = std::to_string(job->number);
  if (jobDepth == 0 && isInteractive())
    say(system, "[" + std::to_string(job->jobNumber) + "] " + std::to_string(job->number) + "\n");
  jobs.push_back(Shell(std::move(job)));
}

bool Shell::Impl::isInteractive() const { return terminal && !frames.empty() && frames[0].kind == Kind::interactive; }

/// Gives whether the main program may go on because of what the jobs did.
bool Shell::Impl::runJobs(System& system, int steps) {
  for (Shell& j : jobs) j.run(system, steps);
  const bool waits = !frames.empty() && frames.back().kind == Kind::call && call.args[0] == "wait";
  const int wanted = waits && call.args.size() > 1 ? int(integer(call.args[1])) : 0;  // one of them, by its number
  bool runs = false;
  for (const Shell& j : jobs) {
    const bool ended = j.state() == State::ended;
    if (ended && j.impl_->number == wanted) jobStatus = j.exit();
    runs = runs || (!ended && (!wanted || j.impl_->number == wanted));
  }
  const size_t before = jobs.size();
  std::erase_if(jobs, [](const Shell& j) { return j.state() == State::ended; });
  return waits && !runs && jobs.size() != before;
}

void Shell::Impl::jobCommand(System& system, const Words& words) {
  std::vector<Shell>& list = jobs;
  const bool named = words.size() > 1 && words.back()[0] == '%';
  const int wanted = named ? int(integer(words.back().substr(1))) : list.empty() ? 0 : list.back().impl_->jobNumber;
  status = 0;
  if (words[0] == "jobs") {
    for (size_t i = 0; i < list.size(); ++i) {
      write(system, io.out,
            "[" + std::to_string(list[i].impl_->jobNumber) + "]" +
                (i + 1 == list.size()   ? "+"
                 : i + 2 == list.size() ? "-"
                                        : " ") +
                "  " + padded("Running", -24) + list[i].impl_->line + " &\n");
    }
    return;
  }
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Shell& j) { return j.impl_->jobNumber == wanted; });
  if (found == list.end()) {
    say(system, "sh: " + words[0] + ": " + (named ? words.back() : "current") + ": no such job\n");
    status = 1;
    return;
  }
  Shell& job = *found;
  if (words[0] == "kill") {
    job.impl_->interrupt(system);
    list.erase(found);
    return;
  }
  if (words[0] == "fg") write(system, io.out, job.impl_->line + "\n");
  if (words[0] != "bg") start(system, {"wait", std::to_string(job.impl_->number), words[0]});
}

bool Shell::Impl::trap(System&, std::string_view name) {
  const auto it = env.traps.find(name);
  if (it == env.traps.end()) return false;
  const Parsed p = parse(it->second);
  if (!p.node) return false;
  push(p.node);
  return true;
}

/// Whether the command on top is the process itself: between it and the first frame there are only shells that gave
/// their place to what they ran.
bool Shell::Impl::replaced() const {
  if (frames.empty() || frames.back().kind != Kind::call) return false;
  bool gone = false;  // by `exec`: whatever that shell had left to do
  for (size_t i = frames.size() - 1; i-- > 0;) {
    const Frame& f = frames[i];
    const Node* n = f.node.get();
    if (f.kind == Kind::subshell && f.isShell) {
      gone = false;
    } else if (f.kind == Kind::commands && f.exact) {
      gone = gone || (f.lists.size() == 2 && f.lists[1] == Words{"exit"});
    } else if (!gone && (f.kind != Kind::node || (n->type != Type::simple && (n->parts.size() != 1 || n->negated)))) {
      return false;
    }
  }
  return true;
}

void Shell::Impl::interrupt(System& system) {
  if (!frames.empty() && frames.back().kind == Kind::call) {
    call.interrupted = true;
    if (run_)
      run_(call, system);
    else
      system.external(call);
    write(system, io.out, call.out);
    say(system, call.err);
    if (call.args[0] == "wait" && call.args.size() > 2) {  // the key is for the job in the foreground
      for (Shell& j : jobs) {
        if (j.impl_->number == integer(call.args[1])) j.impl_->interrupt(system);
      }
    }
  }
  while (!frames.empty() && frames.back().kind != Kind::interactive) pop();
  if (frames.empty()) jobs.clear();
  if (!frames.empty()) frames.back().pending.clear(), frames.back().step = 0;
  control = Control::none;
  status = 130;
}

}  // namespace shell
