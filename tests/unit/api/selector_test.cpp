#include "core/api/selector.hpp"

#include <catch2/catch_test_macros.hpp>

#include "core/api/names.hpp"

using namespace api;

namespace {
Value labels(std::vector<std::pair<const char*, const char*>> all) {
  std::vector<std::pair<Key, Value>> members;
  for (const auto& [k, v] : all) members.emplace_back(Key(std::string_view(k)), v);
  return Value::object(std::move(members));
}
bool matches(const char* text, const Value& l) {
  Selector s;
  REQUIRE(parseSelector(text, s) == "");
  return s.matches(l);
}
}  // namespace

TEST_CASE("text selectors match as kubectl -l does") {
  const Value web = labels({{"app", "web"}, {"tier", "front"}, {"n", "5"}});
  CHECK(matches("", web));
  CHECK(matches("app=web", web));
  CHECK(matches("app==web, tier in (front,back)", web));
  CHECK(matches("app!=db,!gone", web));
  CHECK(matches("app", web));
  CHECK(matches("n>4,n<6", web));
  CHECK(matches("gone notin (x)", web));
  CHECK_FALSE(matches("tier notin (front)", web));
  CHECK_FALSE(matches("app=", web));
  CHECK_FALSE(matches("gone", web));
}

TEST_CASE("text selectors print canonically and complain in the real words") {
  Selector s;
  REQUIRE(parseSelector("tier in (b,a),app=web,!x", s) == "");
  CHECK(toString(s) == "app=web,tier in (a,b),!x");
  CHECK(parseSelector("a b", s) == "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
  CHECK(parseSelector("a=b,", s) == "found '', expected: identifier after ','");
  CHECK(parseSelector("x in (a", s) == "unable to parse requirement: found '', expected: ',' or ')'");
  CHECK(parseSelector("=x", s) == "found '=', expected: !, identifier, or 'end of string'");
}

TEST_CASE("label selectors as documents") {
  const Value web = labels({{"app", "web"}});
  Value selector = Value::object({});
  CHECK(labelSelectorMatches(selector, web));
  CHECK_FALSE(labelSelectorMatches(Value(), web));
  selector.set({key::matchLabels, Key("app")}, "web");
  CHECK(labelSelectorMatches(selector, web));
  CHECK(formatLabelSelector(selector) == "app=web");
  Value expression = Value::object({{key::key, "tier"}, {key::operator_, "DoesNotExist"}});
  selector.set({key::matchExpressions}, Value::array({expression}));
  CHECK(labelSelectorMatches(selector, web));
  CHECK(labelSelector(selector).matches(web));
  CHECK_FALSE(labelSelectorMatches(selector, labels({{"app", "web"}, {"tier", "x"}})));
}

TEST_CASE("field selectors") {
  std::vector<FieldTerm> terms;
  CHECK(parseFieldSelector("status.phase!=Running,spec.nodeName=n\\,1", terms) == "");
  REQUIRE(terms.size() == 2);
  CHECK(terms[0].field == "spec.nodeName");
  CHECK(terms[0].value == "n,1");
  CHECK_FALSE(terms[1].equal);
  CHECK(parseFieldSelector("nonsense", terms) == "invalid selector: 'nonsense'; can't understand 'nonsense'");
}

TEST_CASE("names") {
  CHECK(isDNS1123Label("web-0").empty());
  CHECK(isDNS1123Label("a.b") == Complaints{"must not contain dots"});
  CHECK(isDNS1123Subdomain("-x")[0].find("(e.g. 'example.com', regex used") != std::string::npos);
  CHECK(isQualifiedName("example.com/a").empty());
  CHECK(isQualifiedName("/a") == Complaints{"prefix part must be non-empty"});
  CHECK(isValidLabelValue("").empty());
  CHECK(goodLabelValue("a_b.c"));
  CHECK_FALSE(goodLabelKey("a b"));
  CHECK(isValidPortName("a--b") == Complaints{"must not contain consecutive hyphens"});
  CHECK(isValidIPv4OrIPv6("fd00::1").empty());
  CHECK_FALSE(isValidIPv4OrIPv6("1.2.3.256").empty());
  CHECK(quote("a\"b\n") == "\"a\\\"b\\n\"");
}
