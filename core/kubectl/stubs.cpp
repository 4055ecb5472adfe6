#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
std::string goTemplate(std::string_view, const Value&, std::string&) { return "not yet"; }
Error diff(Invocation&) { return plain("not yet"); }
Error explain(Invocation&) { return plain("not yet"); }
}  // namespace kubectl
