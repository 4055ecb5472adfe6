// A container's image is pulled, or is not to be had. Models pkg/kubelet/images/image_manager.go.
#include <algorithm>

#include "core/decision/rules.hpp"
#include "core/node/container_run.hpp"
#include "core/node/images.hpp"

namespace node {
using decision::Rule;
using State = ContainerRun::State;

bool ContainerWork::pull() {
  const std::string image(spec_.image());
  if (isMissingImage(image) || !parseImageName(image).valid || spec_.imagePullPolicy() == "Never") return false;
  if (machine_.images.find(image) != machine_.images.end() && spec_.imagePullPolicy() != "Always") return false;
  event("Normal", "Pulling", "Pulling image " + quoted(image));
  w_.pulling = image;
  return true;
}

void ContainerWork::pulled() {
  const std::string image(spec_.image());
  if (isMissingImage(image) || !parseImageName(image).valid) return;
  if (spec_.imagePullPolicy() == "Never") {
    machine_.images.insert(image);
  } else if (machine_.images.insert(image).second || spec_.imagePullPolicy() == "Always") {
    event("Normal", "Pulled",
          "Successfully pulled image " + quoted(image) +
              " in 1.2s (1.2s including waiting). Image size: 50000000 bytes.");
    return;
  }
  event("Normal", "Pulled", "Container image " + quoted(image) + " already present on machine");
}

/// True: there is no such image, which is now in the container's state.
bool ContainerWork::imageIsMissing() {
  const std::string image(spec_.image());
  const ImageName name = parseImageName(image);
  if (!name.valid) {
    c_.state = State::waiting;
    c_.reason = "InvalidImageName";
    c_.message = "Failed to apply default image tag " + quoted(image) + ": couldn't parse image name " + quoted(image) +
                 ": invalid reference format";
    event("Warning", "InspectFailed", c_.message);
    event("Warning", "Failed", "Error: InvalidImageName");
    c_.restartAt = now_ + retryTime;
    setWhy(Rule::WaitForMissingImage);
    return true;
  }
  if (!isMissingImage(image)) return false;
  const std::string reference = quoted(name.repository + name.tag);
  const std::string cause = "failed to pull and unpack image " + reference + ": failed to resolve reference " +
                            reference + ": " + name.repository + name.tag + ": not found";
  event("Normal", "Pulling", "Pulling image " + quoted(image));
  event("Warning", "Failed", "Failed to pull image " + quoted(image) + ": rpc error: code = NotFound desc = " + cause);
  event("Warning", "Failed", "Error: ErrImagePull");
  c_.state = State::waiting;
  c_.reason = "ErrImagePull";
  c_.message = "rpc error: code = NotFound desc = " + cause;
  c_.pullBackOff = c_.pullBackOff ? std::min(2 * c_.pullBackOff, maxBackOff) : initialBackOff;
  c_.showBackOffAt = now_ + relistTime;
  c_.restartAt = now_ + c_.pullBackOff;
  setWhy(Rule::WaitForMissingImage);
  return true;
}

}  // namespace node
