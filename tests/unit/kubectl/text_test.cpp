#include <catch2/catch_test_macros.hpp>

#include "core/kubectl/completion.hpp"
#include "core/kubectl/document.hpp"
#include "core/kubectl/flags.hpp"
#include "core/kubectl/jsonpath.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/text.hpp"
#include "core/kubectl/three_way.hpp"
#include "core/manifest/manifest.hpp"

using namespace kubectl;

namespace {

Value json(std::string_view text) {
  std::string error;
  Value v = manifest::parseJson(text, error);
  INFO(error);
  REQUIRE(error.empty());
  return v;
}

std::string path(std::string_view text, const Value& data, bool missing = true) {
  JsonPath p;
  p.allowMissingKeys(missing);
  std::string out, error = p.parse(text);
  if (error.empty()) error = p.execute(data, out);
  return error.empty() ? out : "error: " + error;
}

std::string shell(std::string_view line) {
  Strings words;
  std::string error;
  return shellWords(line, words, error) ? join(words, "|") : "error: " + error;
}

std::string flagError(std::string_view line) {
  Flags flags;
  flags.declare("namespace,n:s output,o:s replicas:i=0 watch,w:b=true all:b timeout:d dry-run:s?unchanged=none f,f:a");
  Strings words, args;
  std::string error;
  shellWords(line, words, error);
  int dash = 0;
  return flags.parse(words, 0, args, dash);
}

std::string threeWay(std::string_view last, std::string_view modified, std::string_view current) {
  return api::toJson(threeWayPatch(json(last), json(modified), json(current), api::findType("Pod")));
}

}  // namespace

TEST_CASE("kubectl: a line is split as a shell does") {
  CHECK(shell("get pods -l 'app in (a, b)'") == "get|pods|-l|app in (a, b)");
  CHECK(shell(R"(patch p -p "{\"a\":\"b c\"}" x\ y)") == "patch|p|-p|{\"a\":\"b c\"}|x y");
  CHECK(shell("run '' # no more") == "run|");
  CHECK(shell("echo 'a") == "error: unexpected EOF while looking for matching `''");
}

TEST_CASE("kubectl: flags complain as pflag does") {
  CHECK(flagError("pods -n default --all=false -wo yaml").empty());
  CHECK(flagError("--nothing") == "unknown flag: --nothing");
  CHECK(flagError("-x") == "unknown shorthand flag: 'x' in -x");
  CHECK(flagError("-n") == "flag needs an argument: 'n' in -n");
  CHECK(flagError("--namespace") == "flag needs an argument: --namespace");
  CHECK(flagError("--replicas=many") ==
        "invalid argument \"many\" for \"--replicas\" flag: strconv.ParseInt: parsing \"many\": invalid syntax");
  CHECK(flagError("--watch=x") ==
        "invalid argument \"x\" for \"-w, --watch\" flag: strconv.ParseBool: parsing \"x\": invalid syntax");
  CHECK(flagError("--timeout=5") ==
        "invalid argument \"5\" for \"--timeout\" flag: time: missing unit in duration \"5\"");
}

TEST_CASE("kubectl: columns are as wide as their widest cell, and remember it") {
  TabWriter w = TabWriter::forTables();
  std::string out;
  w.write("NAME\tREADY\tAGE\nweb-0\t1/1\t5s\n");
  w.flush(out);
  CHECK(out == "NAME    READY   AGE\nweb-0   1/1     5s\n");
  out.clear();
  w.write("a\tb\tc\n");
  w.flush(out);
  CHECK(out == "a       b       c\n");
}

TEST_CASE("kubectl: JSONPath") {
  Value v = json(R"({"items":[{"name":"a","n":1,"labels":{"x.y/z":"l"}},{"name":"b","n":2}],"kind":"List"})");
  CHECK(path("{.kind} {.items[*].name}", v) == "List a b");
  CHECK(path("{range .items[*]}{.name}={.n}{\"\\n\"}{end}", v) == "a=1\nb=2\n");
  CHECK(path("{.items[?(@.n==2)].name}", v) == "b");
  CHECK(path("{.items[-1:].name}", v) == "b");
  CHECK(path("{.items[0].labels.x\\.y/z}", v) == "l");
  CHECK(path("{.items[0].labels}", v) == "{\"x.y/z\":\"l\"}");
  CHECK(path("{.nothing}", v).empty());
  CHECK(path("{.nothing}", v, false) == "error: nothing is not found");
  CHECK(path("{.items[}", v) == "error: unterminated array");
  CHECK(path("{.items[5].name}", v) == "error: array index out of bounds: index 5, length 2");
  CHECK(path("{..name}", v) == "a b");
}

TEST_CASE("kubectl: go-template") {
  Value v = json(R"({"items":[{"name":"a","n":1},{"name":"b","n":2}]})");
  std::string out;
  CHECK(goTemplate("{{range $i, $x := .items}}{{if eq $x.n 2}}{{$i}}:{{.name | printf \"%q\"}}{{end}}{{end}}", v, out)
            .empty());
  CHECK(out == "1:\"b\"");
  out.clear();
  CHECK(goTemplate("{{.nothing}} {{len .items}}", v, out).empty());
  CHECK(out == "<no value> 2");
  CHECK(goTemplate("{{nothing}}", v, out) == "function \"nothing\" not defined");
}

TEST_CASE("kubectl: ages") {
  CHECK(humanDuration(59000) == "59s");
  CHECK(humanDuration(125000) == "2m5s");
  CHECK(humanDuration(3600000LL * 30) == "30h");
  CHECK(humanDuration(3600000LL * 24 * 3) == "3d");
  CHECK(rfc1123("2027-01-01T00:00:00Z") == "Fri, 01 Jan 2027 00:00:00 +0000");
  CHECK(base64("secret") == "c2VjcmV0");
  CHECK(unbase64("c2VjcmV0") == "secret");
}

TEST_CASE("kubectl: apply's patch changes what the user changed, and nothing that others added") {
  CHECK(threeWay(R"({"metadata":{"labels":{"a":"1","b":"2"}}})", R"({"metadata":{"labels":{"a":"1"}}})",
                 R"({"metadata":{"labels":{"a":"1","b":"2","c":"3"}}})") == R"({"metadata":{"labels":{"b":null}}})");
  CHECK(threeWay(R"({"spec":{"containers":[{"name":"x","image":"1"}]}})",
                 R"({"spec":{"containers":[{"name":"x","image":"2"}]}})",
                 R"({"spec":{"containers":[{"name":"x","image":"1","imagePullPolicy":"Always"}]}})") ==
        R"({"spec":{"$setElementOrder/containers":[{"name":"x"}],"containers":[{"image":"2","name":"x"}]}})");
  CHECK(threeWay(R"({"spec":{"containers":[{"name":"x"},{"name":"y"}]}})", R"({"spec":{"containers":[{"name":"y"}]}})",
                 R"({"spec":{"containers":[{"name":"x"},{"name":"y"}]}})") ==
        R"({"spec":{"$setElementOrder/containers":[{"name":"y"}],"containers":[{"$patch":"delete","name":"x"}]}})");
}

namespace {

/// A cluster with nothing but a few pods.
class Pods final : public kubectl::Host {
 public:
  apiserver::Response send(apiserver::Request r) override {
    apiserver::Response reply;
    reply.body = json(r.resource == api::Resource::pods && r.verb == apiserver::Verb::list
                          ? R"({"items":[{"metadata":{"name":"web-0"}},{"metadata":{"name":"web-1"}}]})"
                          : R"({"items":[]})");
    return reply;
  }
  api::Millis now() const override { return api::clusterEpoch; }
  bool advance(api::Millis) override { return false; }
  bool readFile(const std::string&, std::string&) override { return false; }
  bool readOnly() const override { return false; }
};

std::string completed(std::string_view line) {
  Pods host;
  return join(complete(host, line), " ");
}

}  // namespace

TEST_CASE("kubectl: a line is completed with commands, flags, types and names") {
  CHECK(completed("rollo") == "rollout");
  CHECK(completed("rollout re") == "restart resume");
  CHECK(completed("get statef") == "statefulsets");
  CHECK(completed("get pods,serv") == "pods,serviceaccounts pods,services");
  CHECK(completed("delete pod web-1") == "web-1");
  CHECK(completed("describe pod/") == "pod/web-0 pod/web-1");
  CHECK(completed("logs ") == "web-0 web-1");
  CHECK(completed("get pods --show-l") == "--show-labels");
  CHECK(completed("get 'x").empty());
}

TEST_CASE("kubectl: what the cluster does not know, and what nobody can type by accident") {
  Pods host;
  CHECK(run(host, "gte pods").err == "error: unknown command \"gte\" for \"kubectl\"\n\nDid you mean this?\n\tget\n");
  CHECK(run(host, "get podz").err == "error: the server doesn't have a resource type \"podz\"\n");
  CHECK(run(host, "get pods -o jsonpath='{.items[*].metadata.name}'").out == "web-0 web-1");
  CHECK(run(host, "get pods -o name").out == "pod/web-0\npod/web-1\n");
  CHECK(run(host, "get 'x").exit == 2);
}
