#pragma once
// Checks a manifest's text without a server, for an editor: what the API server would say to a creation, at its line,
// with sentences in English and Chinese and, where one is obvious, what was probably meant.
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct Finding {
  int line = 1, column = 1, endColumn = 2;  ///< from 1, columns in bytes of UTF-8
  std::string message;                      ///< English; the server's own words where it would refuse
  std::string messageZh;
  std::string path;        ///< "spec.replica"; "" where it is about the text
  std::string suggestion;  ///< what could stand there instead: "replicas", "1Gi"; "" where nothing is obvious
};

/// At most 20, in the order of lines; empty where the text is good. Never throws, ends quickly whatever the text is.
std::vector<Finding> checkManifest(std::string_view text);

}  // namespace apiserver
