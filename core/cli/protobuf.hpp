#pragma once
// Kubernetes' protobuf form of requests, which client-go's typed clients send (kubectl create, drain, auth can-i):
// turned into the JSON that the API server reads. Answers are JSON, which every client accepts. NOT MODELLED: writing
// protobuf.
#include <string>
#include <string_view>

namespace cli {

/// The JSON of a body of the type application/vnd.kubernetes.protobuf; false where it is none. Of a kind that the
/// schema does not know, kind and version alone.
bool jsonOfProtobuf(std::string_view body, std::string& json);

}  // namespace cli
