#include "core/decision/rule.hpp"

#include "core/decision/fault_text.hpp"

namespace decision {
namespace {
constexpr RuleInfo table[] = {
#define RULE(id, en, zh, upstream, docs) {#id, en, zh, upstream, docs},
#include "core/decision/rules/all.def"
#undef RULE
};

std::string plain(const api::Value& v, std::string_view name, Language language) {
  if (name == "fault")
    if (std::string words = faultText(v, language); !words.empty()) return words;
  return v.kind() == api::Kind::String ? std::string(v.asString()) : api::toJson(v);
}
}  // namespace

const RuleInfo& info(Rule r) { return table[size_t(r)]; }
std::span<const RuleInfo> rules() { return table; }

bool findRule(std::string_view id, Rule& out) {
  for (size_t i = 0; i < std::size(table); ++i) {
    if (table[i].id == id) return out = Rule(i), true;
  }
  return false;
}

Inputs::Inputs(std::initializer_list<Input> in) : list_(std::make_shared<std::vector<Input>>()) {
  list_->reserve(in.size());
  for (const Input& i : in) list_->emplace_back(i.name, std::move(i.value));
}

void Inputs::add(Input input) {
  if (!list_) {
    list_ = std::make_shared<std::vector<Input>>();
  } else if (list_.use_count() > 1) {
    list_ = std::make_shared<std::vector<Input>>(*list_);
  }
  list_->push_back(std::move(input));
}

std::string sentence(const Why& why, Language language) {
  struct Asked {
    const Inputs& inputs;
    Language language;
  } const asked{why.inputs, language};
  const auto value = [](std::string_view name, const void* of) {
    const Asked& a = *static_cast<const Asked*>(of);
    std::string out;
    for (const Input& input : a.inputs)
      if (input.text() == name) out += plain(input.value, name, a.language);
    return out;
  };
  return filled(language == Language::zh ? info(why.rule).zh : info(why.rule).en, value, &asked);
}

std::string filled(std::string_view text, std::string (*value)(std::string_view, const void*), const void* of) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '{' ? text.find('}', i) : text.npos;
    if (end == text.npos) {
      out += text[i];
      continue;
    }
    const std::string_view asked = text.substr(i + 1, end - i - 1);
    const size_t one = asked.find('|'), many = asked.rfind('|');
    const std::string found = value(asked.substr(0, one), of);
    out += one == asked.npos ? std::string_view(found)
           : found == "1"    ? asked.substr(one + 1, many - one - 1)
                             : asked.substr(many + 1);
    i = end;
  }
  return out;
}

}  // namespace decision
