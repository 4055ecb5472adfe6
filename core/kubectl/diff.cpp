// kubectl diff: what apply would change, as `diff -u -N` prints it. Models kubectl pkg/cmd/diff.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/apply.hpp"
#include "core/kubectl/prune.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {
namespace {

using apiserver::PatchType;
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;

struct Line {
  char mark;  ///< ' ', '-' or '+'
  const std::string* text;
};

/// The lines of both with what became of them: a longest common subsequence.
std::vector<Line> compareLines(const Strings& a, const Strings& b) {
  const size_t n = a.size(), m = b.size(), width = m + 1;
  if ((n + 1) * width > (size_t(1) << 22)) {  // too long for the table of lengths: everything counts as replaced
    std::vector<Line> all;
    for (const std::string& line : a) all.push_back({'-', &line});
    for (const std::string& line : b) all.push_back({'+', &line});
    return a == b ? std::vector<Line>() : all;
  }
  std::vector<uint32_t> common((n + 1) * width, 0);
  for (size_t i = n; i-- > 0;) {
    for (size_t j = m; j-- > 0;) {
      common[i * width + j] = a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                                           : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::vector<Line> out;
  for (size_t i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && a[i] == b[j]) {
      out.push_back({' ', &a[i]}), ++i, ++j;
    } else if (i < n && (j == m || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      out.push_back({'-', &a[i++]});
    } else {
      out.push_back({'+', &b[j++]});
    }
  }
  return out;
}

std::string hunkRange(size_t from, size_t count) {
  return std::to_string(count ? from + 1 : from) + (count == 1 ? "" : "," + std::to_string(count));
}

/// Hunks with three lines of context.
std::string unified(const Strings& a, const Strings& b) {
  std::vector<Line> lines = compareLines(a, b);
  std::string out;
  size_t atA = 0, atB = 0;
  for (size_t i = 0; i < lines.size();) {
    if (lines[i].mark == ' ') {
      ++i, ++atA, ++atB;
      continue;
    }
    size_t before = std::min<size_t>(3, i), start = i - before, end = i, quiet = 0;
    for (size_t j = i; j < lines.size() && quiet <= 6; ++j) {
      quiet = lines[j].mark == ' ' ? quiet + 1 : 0;
      if (!quiet) end = j + 1;
    }
    size_t stop = std::min(end + 3, lines.size()), countA = 0, countB = 0;
    std::string body;
    for (size_t j = start; j < stop; ++j) {
      countA += lines[j].mark != '+';
      countB += lines[j].mark != '-';
      body += lines[j].mark + *lines[j].text + "\n";
    }
    out += "@@ -" + hunkRange(atA - before, countA) + " +" + hunkRange(atB - before, countB) + " @@\n" + body;
    atA += countA - before;
    atB += countB - before;
    i = stop;
  }
  return out;
}

Strings yamlLines(const Value& object) {
  if (object.isNull()) return {};
  Strings lines = split(manifest::toYaml(object), '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// What a Secret holds is not shown, only what differs. Models the Masker of pkg/cmd/diff.
void mask(Value& live, Value& after) {
  const Value before = live[api::key::data], now = after[api::key::data];
  const auto hide = [](Value& object, const Value& mine, const Value& other, const char* differing) {
    for (size_t i = 0; i < mine.size(); ++i) {
      const Value* theirs = other.find(mine.keyAt(i));
      const bool differs = theirs && !(*theirs == mine.values()[i]);
      object.set({api::key::data, mine.keyAt(i)}, differs ? differing : "***");
    }
  };
  hide(live, before, now, "*** (before)");
  hide(after, now, before, "*** (after)");
}

/// By the names of the files that the objects are compared in.
using Differences = std::vector<std::pair<std::string, std::string>>;

void addDifference(const Info& info, const Value& live, const Value& after, Differences& out) {
  const std::string text = unified(yamlLines(live), yamlLines(after));
  if (text.empty()) return;
  const std::string group(info.mapping->group);
  const std::string file = (group.empty() ? "" : group + ".") + std::string(info.mapping->version) + "." +
                           std::string(info.mapping->kind) + "." + info.ns + "." + info.name;
  const std::string a = "/tmp/LIVE/" + file, b = "/tmp/MERGED/" + file;
  out.emplace_back(file, "diff -u -N " + a + " " + b + "\n--- " + a + "\n+++ " + b + "\n" + text);
}

/// The object as it would be after apply, by a dry run.
Error merged(Invocation& in, const Info& info, const Value& live, Value& out) {
  bool create = live.isNull();
  Request r = in.request(create && !in.is("server-side") ? Verb::create : Verb::patch, *info.mapping, info.ns,
                         create && !in.is("server-side") ? std::string() : info.name);
  r.dryRun = true;
  Value modified = info.object;
  if (in.is("server-side")) {
    r.patchType = PatchType::apply;
    r.body = modified;
    r.force = in.is("force-conflicts");
    if (!in.flags.changed("field-manager")) r.fieldManager = "kubectl";
  } else {
    // The annotation of apply is not part of what is compared.
    modified = withoutLastApplied(std::move(modified));
    r.body = create ? modified : applyPatch(modified, live);
    r.patchType = create ? PatchType::none : PatchType::strategic;
    if (!create && r.body.size() == 0) {
      out = live;
      return {};
    }
  }
  Response reply = in.send(std::move(r));
  if (reply.isConflict() && in.is("server-side")) {
    in.complain("W0101 00:00:00.000000       1 diff.go:723] Object (" + std::string(info.mapping->group) + "/" +
                std::string(info.mapping->version) + ", Kind=" + std::string(info.mapping->kind) + ": " + info.name +
                ") keeps changing, diffing without lock\n");
  }
  if (!reply.ok()) return fromResponse(reply);
  out = reply.body;
  return {};
}

Error diffOne(Invocation& in, const Info& info, Differences& out) {
  Response reply = in.fetch(*info.mapping, info.ns, info.name);
  if (!reply.ok() && !reply.isNotFound()) return fromResponse(reply);
  Value live = reply.ok() ? reply.body : Value(), after;
  Error e = merged(in, info, live, after);
  if (e) return e;
  if (info.mapping->kind == "Secret" && !in.is("show-secrets")) mask(live, after);
  if (!in.is("show-managed-fields")) {
    drop(live, "metadata.managedFields");
    drop(after, "metadata.managedFields");
  }
  addDifference(info, live, after, out);
  return {};
}

Error diffAll(Invocation& in) {
  if (!in.args.empty()) return in.usage("Unexpected args: [" + join(in.args, " ") + "]");
  if (in.flags.list("filename").empty() && in.get("kustomize").empty()) return plain("must specify one of -f and -k");
  std::vector<const Mapping*> kinds;
  if (in.is("prune")) {
    if (Error e = pruneKinds(in, kinds)) return e;
  }
  Selection found = selectFiles(in, true);
  if (found.error) return found.error;
  Differences differences;
  for (const Info& info : found.infos) {
    Error e = diffOne(in, info, differences);
    if (e) found.visits.push_back(std::move(e));
  }
  if (Error error = found.outcome()) return error;
  if (in.is("prune")) {
    std::vector<Info> surplus;
    if (Error e = prunable(in, kinds, found.infos, surplus)) return e;
    for (const Info& info : surplus) addDifference(info, info.object, {}, differences);
  }
  api::sort(differences, [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [file, text] : differences) in.print(text);
  return differences.empty() ? Error() : silent();
}
}  // namespace

// Exit code 1 says that something differs, so what goes wrong has another one.
Error diff(Invocation& in) {
  Error error = diffAll(in);
  if (error && error.type != Error::Type::exit) error.code = 2;
  return error;
}

}  // namespace kubectl
