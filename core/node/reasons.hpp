#pragma once
// The reasons that what runs in containers gives.
#include "core/decision/rules.hpp"

namespace node::reason {

using decision::Rule;
inline constexpr Rule FilesWritten = Rule::RecordWritten, FilesWrittenToContainer = Rule::RecordWrittenToContainer,
                      PodStartedAsSleep = Rule::PodStarted, ContainerUnhealthy = Rule::PodBecameUnready,
                      ContainerOutOfMemory = Rule::ContainerExited, ContainerStartFailed = Rule::ContainerExited,
                      WaitForContainerConfig = Rule::PodPrepared, WaitForMissingImage = Rule::WaitForImage,
                      WaitForVolumeSource = Rule::WaitForVolumeMount, WaitForInitContainer = Rule::WaitForProbe;

}  // namespace node::reason
