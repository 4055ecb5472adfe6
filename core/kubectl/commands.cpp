// The table of commands: names, flags, help lines. What they do is in the files named after them.
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

constexpr std::string_view getFlags =
    "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b raw:s watch,w:b watch-only:b "
    "output-watch-events:b ignore-not-found:b field-selector:s all-namespaces,A:b server-print:b=true filename,f:a "
    "kustomize,k:s recursive,R:b chunk-size:l=500 selector,l:s subresource:s no-headers:b label-columns,L:a "
    "sort-by:s show-kind:b show-labels:b";
constexpr std::string_view createFlags =
    "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b save-config:b "
    "dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create";
constexpr std::string_view changeFlags =
    "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
    "recursive,R:b all:b all-namespaces,A:b selector,l:s field-selector:s dry-run:s?unchanged=none local:b overwrite:b "
    "list:b resource-version:s field-manager:s";
constexpr std::string_view rolloutFlags =
    "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
    "recursive,R:b selector,l:s field-manager:s=kubectl-rollout ";
constexpr std::string_view drainFlags =
    "selector,l:s dry-run:s?unchanged=none force:b ignore-daemonsets:b delete-emptydir-data:b grace-period:i=-1 "
    "timeout:d=0s pod-selector:s disable-eviction:b skip-wait-for-delete-timeout:i=0 chunk-size:l=500";

constexpr Command table[] = {
    {"create",
     "filename,f:a kustomize,k:s recursive,R:b edit:b raw:s windows-line-endings:b selector,l:s output,o:s template:s "
     "allow-missing-template-keys:b=true show-managed-fields:b save-config:b dry-run:s?unchanged=none "
     "validate:s?strict=strict field-manager:s=kubectl-create",
     create, "Create a resource from a file or from stdin", "kubectl create -f FILENAME [options]"},
    {"create clusterrole",
     "verb:a resource:a resource-name:a non-resource-url:a aggregation-rule:s output,o:s dry-run:s?unchanged=none",
     nullptr, "Create a cluster role"},
    {"create clusterrolebinding", "clusterrole:s user:a group:a serviceaccount:a output,o:s dry-run:s?unchanged=none",
     nullptr, "Create a cluster role binding for a particular cluster role"},
    {"create configmap",
     "from-literal:r from-file:a from-env-file:a append-hash:b output,o:s template:s "
     "allow-missing-template-keys:b=true show-managed-fields:b save-config:b dry-run:s?unchanged=none "
     "validate:s?strict=strict field-manager:s=kubectl-create",
     createConfigMap, "Create a config map from a local file, directory or literal value"},
    {"create cronjob", "image:s schedule:s restart:s output,o:s dry-run:s?unchanged=none", nullptr,
     "Create a cron job with the specified name"},
    {"create deployment",
     "image:a replicas,r:j=1 port:j=-1 output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b "
     "save-config:b dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createDeployment, "Create a deployment with the specified name",
     "kubectl create deployment NAME --image=image -- [COMMAND] [args...] [options]", "image"},
    {"create ingress", "class:s rule:a annotation:a default-backend:s output,o:s dry-run:s?unchanged=none", nullptr,
     "Create an ingress with the specified name"},
    {"create job", "image:s from:s output,o:s dry-run:s?unchanged=none", nullptr,
     "Create a job with the specified name"},
    {"create namespace", createFlags, createNamespace, "Create a namespace with the specified name"},
    {"create poddisruptionbudget",
     "selector:s min-available:s max-unavailable:s output,o:s template:s allow-missing-template-keys:b=true "
     "show-managed-fields:b save-config:b dry-run:s?unchanged=none validate:s?strict=strict "
     "field-manager:s=kubectl-create",
     createPodDisruptionBudget, "Create a pod disruption budget with the specified name"},
    {"create priorityclass",
     "value:j=0 global-default:b description:s preemption-policy:s=PreemptLowerPriority output,o:s template:s "
     "allow-missing-template-keys:b=true show-managed-fields:b save-config:b dry-run:s?unchanged=none "
     "validate:s?strict=strict field-manager:s=kubectl-create",
     createPriorityClass, "Create a priority class with the specified name"},
    {"create quota", "hard:s scopes:s output,o:s dry-run:s?unchanged=none", nullptr,
     "Create a quota with the specified name"},
    {"create role", "verb:a resource:a resource-name:a output,o:s dry-run:s?unchanged=none", nullptr,
     "Create a role with single rule"},
    {"create rolebinding", "clusterrole:s role:s user:a group:a serviceaccount:a output,o:s dry-run:s?unchanged=none",
     nullptr, "Create a role binding for a particular role or cluster role"},
    {"create secret", "", createSecretGroup, "Create a secret using a specified subcommand",
     "kubectl create secret (docker-registry | generic | tls) [options]"},
    {"create secret docker-registry",
     "docker-username:s docker-password:s docker-email:s docker-server:s from-file:a append-hash:b output,o:s "
     "template:s "
     "allow-missing-template-keys:b=true show-managed-fields:b save-config:b dry-run:s?unchanged=none "
     "validate:s?strict=strict field-manager:s=kubectl-create",
     createDockerSecret, "Create a secret for use with a Docker registry"},
    {"create secret generic",
     "from-literal:r from-file:a from-env-file:a type:s append-hash:b output,o:s template:s "
     "allow-missing-template-keys:b=true show-managed-fields:b save-config:b dry-run:s?unchanged=none "
     "validate:s?strict=strict field-manager:s=kubectl-create",
     createSecret, "Create a secret from a local file, directory, or literal value"},
    {"create secret tls",
     "cert:s key:s append-hash:b output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b "
     "save-config:b dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createTlsSecret, "Create a TLS secret"},
    {"create service", "", createServiceGroup, "Create a service using a specified subcommand"},
    {"create service clusterip",
     "tcp:a clusterip:s output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b save-config:b "
     "dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createServiceClusterIP, "Create a ClusterIP service"},
    {"create service externalname",
     "external-name:s tcp:a output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b "
     "save-config:b dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createServiceExternalName,
     "Create an ExternalName service",
     {},
     "external-name"},
    {"create service loadbalancer",
     "tcp:a output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b save-config:b "
     "dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createServiceLoadBalancer, "Create a LoadBalancer service"},
    {"create service nodeport",
     "tcp:a node-port:i=0 output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b "
     "save-config:b dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-create",
     createServiceNodePort, "Create a NodePort service"},
    {"create serviceaccount", createFlags, createServiceAccount, "Create a service account with the specified name"},
    {"create token",
     "audience:a duration:d bound-object-kind:s bound-object-name:s bound-object-uid:s output,o:s "
     "dry-run:s?unchanged=none",
     nullptr, "Request a service account token"},
    {"expose",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b protocol:s port:s type:s load-balancer-ip:s selector:s labels,l:s external-ip:s target-port:s "
     "name:s session-affinity:s cluster-ip:s dry-run:s?unchanged=none save-config:b override-type:s overrides:s "
     "field-manager:s=kubectl-expose",
     expose, "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service"},
    {"run",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b annotations:r image:s "
     "image-pull-policy:s rm:b overrides:s override-type:s env:r port:s labels,l:s stdin,i:b tty,t:b attach:b "
     "leave-stdin-open:b pod-running-timeout:d=1m restart:s=Always expose:b quiet,q:b command:b privileged:b "
     "force:b now:b grace-period:i=-1 timeout:d=0s cascade:s?background=background wait:b "
     "dry-run:s?unchanged=none save-config:b field-manager:s=kubectl-run",
     runPod, "Run a particular image on the cluster",
     "kubectl run NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] "
     "[--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]",
     "image"},
    {"set", "", setGroup, "Set specific features on objects", "kubectl set SUBCOMMAND [options]"},
    {"set env",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b containers,c:s=* from:s prefix:s env,e:r keys:a list:b resolve:b selector,l:s local:b all:b "
     "overwrite:b=true dry-run:s?unchanged=none field-manager:s=kubectl-set",
     setEnv, "Update environment variables on a pod template"},
    {"set image",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b all:b selector,l:s local:b dry-run:s?unchanged=none field-manager:s=kubectl-set",
     setImage, "Update the image of a pod template"},
    {"set resources",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b all:b selector,l:s containers,c:s=* local:b dry-run:s?unchanged=none limits:s requests:s "
     "field-manager:s=kubectl-set",
     setResources, "Update resource requests/limits on objects with pod templates"},
    {"set selector", changeFlags, setSelector, "Set the selector on a resource"},
    {"set serviceaccount", changeFlags, setServiceAccount, "Update the service account of a resource"},
    {"set subject",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b all:b selector,l:s local:b dry-run:s?unchanged=none user:r group:r serviceaccount:r "
     "field-manager:s=kubectl-set",
     setSubject, "Update the user, group, or service account in a role binding or cluster role binding"},
    {"explain", "recursive:b api-version:s output,o:s=plaintext", explain, "Get documentation for a resource"},
    {"get", getFlags, get, "Display one or many resources"},
    {"edit",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b validate:s?strict=strict save-config:b windows-line-endings:b output-patch:b "
     "field-manager:s=kubectl-edit subresource:s",
     edit, "Edit a resource on the server"},
    {"delete",
     "filename,f:a kustomize,k:s recursive,R:b selector,l:s field-selector:s all:b all-namespaces,A:b force:b "
     "cascade:s?background=background now:b grace-period:i=-1 timeout:d=0s ignore-not-found:b wait:b=true output,o:s "
     "raw:s interactive,i:b dry-run:s?unchanged=none",
     remove, "Delete resources by file names, stdin, resources and names, or by resources and label selector"},
    {"rollout", "", rolloutGroup, "Manage the rollout of a resource", "kubectl rollout SUBCOMMAND [options]"},
    {"rollout history",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b selector,l:s revision:l=0",
     rolloutHistory, "View rollout history"},
    {"rollout pause", rolloutFlags, rolloutPause, "Mark the provided resource as paused"},
    {"rollout restart", rolloutFlags, rolloutRestart, "Restart a resource"},
    {"rollout resume", rolloutFlags, rolloutResume, "Resume a paused resource"},
    {"rollout status", "filename,f:a kustomize,k:s recursive,R:b selector,l:s watch,w:b=true revision:l=0 timeout:d=0s",
     rolloutStatus, "Show the status of the rollout"},
    {"rollout undo",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b selector,l:s to-revision:l=0 dry-run:s?unchanged=none field-manager:s=kubectl-rollout",
     rolloutUndo, "Undo a previous rollout"},
    {"scale",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b all:b resource-version:s current-replicas:i=-1 replicas:i=0 timeout:d=0s selector,l:s "
     "dry-run:s?unchanged=none",
     scale, "Set a new size for a deployment, replica set, or replication controller", "", "replicas"},
    {"autoscale",
     "output,o:s filename,f:a kustomize,k:s recursive,R:b min:j=-1 max:j=-1 cpu:s memory:s cpu-percent:j=-1 name:s "
     "dry-run:s?unchanged=none save-config:b field-manager:s=kubectl-autoscale",
     nullptr, "Auto-scale a deployment, replica set, stateful set, or replication controller", "", "max"},
    {"certificate", "", nullptr, "Modify certificate resources"},
    {"cluster-info", "", clusterInfo, "Display cluster information"},
    {"top", "", topGroup, "Display resource (CPU/memory) usage"},
    {"top pods", "all-namespaces,A:b selector,l:s containers:b sort-by:s no-headers:b", top,
     "Display resource (CPU/memory) usage of pods"},
    {"top nodes", "selector,l:s sort-by:s no-headers:b", top, "Display resource (CPU/memory) usage of nodes"},
    {"cordon", "selector,l:s dry-run:s?unchanged=none", cordon, "Mark node as unschedulable"},
    {"uncordon", "selector,l:s dry-run:s?unchanged=none", uncordon, "Mark node as schedulable"},
    {"drain", drainFlags, drain, "Drain node in preparation for maintenance"},
    {"taint",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b dry-run:s?unchanged=none "
     "validate:s?strict=strict selector,l:s overwrite:b all:b field-manager:s=kubectl-taint",
     taint, "Update the taints on one or more nodes"},
    {"describe",
     "filename,f:a kustomize,k:s recursive,R:b selector,l:s all-namespaces,A:b show-events:b=true chunk-size:l=500",
     describe, "Show details of a specific resource or group of resources"},
    {"logs",
     "all-containers:b all-pods:b follow,f:b previous,p:b container,c:s selector,l:s since:d=0s since-time:s "
     "tail:l=-1 timestamps:b prefix:b limit-bytes:l=0 ignore-errors:b max-log-requests:i=5 "
     "pod-running-timeout:d=20s",
     logs, "Print the logs for a container in a pod"},
    {"attach", "container,c:s stdin,i:b tty,t:b quiet,q:b pod-running-timeout:d=1m", attach,
     "Attach to a running container"},
    {"exec", "container,c:s stdin,i:b tty,t:b quiet,q:b filename,f:a pod-running-timeout:d=1m", exec,
     "Execute a command in a container"},
    {"port-forward", "address:a pod-running-timeout:d=1m", portForward, "Forward one or more local ports to a pod"},
    {"proxy", "port,p:i=8001", nullptr, "Run a proxy to the Kubernetes API server"},
    {"cp", "container,c:s no-preserve:b retries:i=0", cp, "Copy files and directories to and from containers"},
    {"auth", "", authGroup, "Inspect authorization"},
    {"auth can-i", "all-namespaces,A:b quiet,q:b list:b subresource:s no-headers:b", authCanI,
     "Check whether an action is allowed"},
    {"auth reconcile", "", nullptr,
     "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects"},
    {"auth whoami", "output,o:s", authWhoAmI, "Experimental: Check self subject attributes"},
    {"debug", "", nullptr, "Create debugging sessions for troubleshooting workloads and nodes"},
    {"events",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b watch,w:b all-namespaces,A:b "
     "for:s types:a no-headers:b chunk-size:l=500",
     events, "List events"},
    {"diff",
     "server-side:b force-conflicts:b field-manager:s=kubectl-client-side-apply filename,f:a kustomize,k:s "
     "recursive,R:b selector,l:s prune:b prune-allowlist:r concurrency:i=1 show-managed-fields:b show-secrets:b",
     diff, "Diff the live version against a would-be applied version"},
    {"apply",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b cascade:s?background=background force:b grace-period:i=-1 timeout:d=0s wait:b selector,l:s all:b "
     "prune:b prune-allowlist:r overwrite:b=true openapi-patch:b=true server-side:b force-conflicts:b "
     "dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-client-side-apply subresource:s",
     apply, "Apply a configuration to a resource by file name or stdin", "kubectl apply (-f FILENAME | -k DIRECTORY)"},
    {"apply set-last-applied",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a "
     "create-annotation:b dry-run:s?unchanged=none",
     setLastAppliedOf,
     "Set the last-applied-configuration annotation on a live object to match the contents of a file"},
    {"apply view-last-applied", "output,o:s=yaml all:b filename,f:a kustomize,k:s recursive,R:b selector,l:s",
     viewLastApplied, "View the latest last-applied-configuration annotations of a resource/object"},
    {"patch",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b patch,p:s patch-file:s "
     "type:s=strategic dry-run:s?unchanged=none filename,f:a kustomize,k:s recursive,R:b local:b subresource:s "
     "field-manager:s=kubectl-patch",
     patch, "Update fields of a resource"},
    {"replace",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a kustomize,k:s "
     "recursive,R:b cascade:s?background=background force:b grace-period:i=-1 timeout:d=0s wait:b save-config:b raw:s "
     "dry-run:s?unchanged=none validate:s?strict=strict field-manager:s=kubectl-replace subresource:s",
     replace, "Replace a resource by file name or stdin"},
    {"wait",
     "output,o:s template:s allow-missing-template-keys:b=true show-managed-fields:b filename,f:a recursive,R:b "
     "selector,l:s field-selector:s all:b all-namespaces,A:b local:b timeout:d=30s for:r",
     wait, "Wait for a specific condition on one or many resources"},
    {"kustomize", "", nullptr, "Build a kustomization target from a directory or URL"},
    {"label", changeFlags, label, "Update the labels on a resource"},
    {"annotate", changeFlags, annotate, "Update the annotations on a resource"},
    {"completion", "", completion,
     "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)"},
    {"api-resources", "no-headers:b output,o:s api-group:s namespaced:b=true verbs:a sort-by:s cached:b categories:a",
     apiResources, "Print the supported API resources on the server"},
    {"api-versions", "", apiVersions,
     "Print the supported API versions on the server, in the form of \"group/version\""},
    {"config", "", configGroup, "Modify kubeconfig files"},
    {"config current-context", "", configCurrentContext, "Display the current-context"},
    {"config get-contexts", "output,o:s no-headers:b", configGetContexts, "Describe one or many contexts"},
    {"config use-context", "", configUseContext, "Set the current-context in a kubeconfig file"},
    {"config view", "minify:b raw:b output,o:s", configView, "Display merged kubeconfig settings"},
    {"kuberc", "", nullptr, "Manage kuberc configuration files"},
    {"plugin", "", pluginGroup, "Provides utilities for interacting with plugins"},
    {"plugin list", "name-only:b", pluginList, "List all visible plugin executables on a user's PATH"},
    {"version", "client:b output,o:s", version, "Print the client and server version information"},
    {"options", "", nullptr, ""},
};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace kubectl
