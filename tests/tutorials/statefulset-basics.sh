# https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/ typed into one terminal: what the first
# of the tutorial's two does runs in the background (&), and `fg` is the look at it. "#=" is what the tutorial promises.
# Creating a StatefulSet
kubectl get pods --watch -l app=nginx &
kubectl apply -f https://k8s.io/examples/application/web/web.yaml
#= service/nginx created
#= statefulset.apps/web created
kubectl get service nginx
#= NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
#= nginx ClusterIP None <none> 80/TCP *
fg
#= NAME READY STATUS RESTARTS AGE
#= web-0 0/1 Pending 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
kubectl get statefulset web
#= NAME READY AGE
#= web 2/2 *
# Pods in a StatefulSet
kubectl get pods -l app=nginx
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
for i in 0 1; do kubectl exec "web-$i" -- sh -c 'hostname'; done
#= web-0
#= web-1
kubectl run -i --tty --image busybox:1.28 dns-test --restart=Never --rm
nslookup web-0.nginx
#= Server: *
#= Address 1: * kube-dns.kube-system.svc.cluster.local
#= Name: web-0.nginx
#= Address 1: *
nslookup web-1.nginx
#= Server: *
#= Address 1: * kube-dns.kube-system.svc.cluster.local
#= Name: web-1.nginx
#= Address 1: *
exit
kubectl get pod --watch -l app=nginx &
kubectl delete pod -l app=nginx
#= pod "web-0" deleted
#= pod "web-1" deleted
fg
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
for i in 0 1; do kubectl exec web-$i -- sh -c 'hostname'; done
#= web-0
#= web-1
kubectl run -i --tty --image busybox:1.28 dns-test --restart=Never --rm
nslookup web-0.nginx
#= Server: *
#= Address 1: * kube-dns.kube-system.svc.cluster.local
#= Name: web-0.nginx
#= Address 1: *
nslookup web-1.nginx
#= Name: web-1.nginx
#= Address 1: *
exit
# Writing to stable storage
kubectl get pvc -l app=nginx
#= NAME STATUS VOLUME CAPACITY * AGE
#= www-web-0 Bound * 1Gi RWO *
#= www-web-1 Bound * 1Gi RWO *
for i in 0 1; do kubectl exec "web-$i" -- sh -c 'echo "$(hostname)" > /usr/share/nginx/html/index.html'; done
for i in 0 1; do kubectl exec -i -t "web-$i" -- curl http://localhost/; done
#= web-0
#= web-1
kubectl get pod --watch -l app=nginx &
kubectl delete pod -l app=nginx
#= pod "web-0" deleted
#= pod "web-1" deleted
fg
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
for i in 0 1; do kubectl exec -i -t "web-$i" -- curl http://localhost/; done
#= web-0
#= web-1
# Scaling a StatefulSet
kubectl get pods --watch -l app=nginx &
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
kubectl scale sts web --replicas=5
#= statefulset.apps/web scaled
fg
#= web-2 0/1 Pending 0 *
#= web-2 0/1 Pending 0 *
#= web-2 0/1 ContainerCreating 0 *
#= web-2 1/1 Running 0 *
#= web-3 0/1 Pending 0 *
#= web-3 0/1 Pending 0 *
#= web-3 0/1 ContainerCreating 0 *
#= web-3 1/1 Running 0 *
#= web-4 0/1 Pending 0 *
#= web-4 0/1 Pending 0 *
#= web-4 0/1 ContainerCreating 0 *
#= web-4 1/1 Running 0 *
kubectl get pod --watch -l app=nginx &
kubectl patch sts web -p '{"spec":{"replicas":3}}'
#= statefulset.apps/web patched
fg
#= web-4 1/1 Terminating 0 *
#= web-4 1/1 Terminating 0 *
#= web-3 1/1 Terminating 0 *
#= web-3 1/1 Terminating 0 *
kubectl get pvc -l app=nginx
#= NAME STATUS VOLUME CAPACITY * AGE
#= www-web-0 Bound * 1Gi RWO *
#= www-web-1 Bound * 1Gi RWO *
#= www-web-2 Bound * 1Gi RWO *
#= www-web-3 Bound * 1Gi RWO *
#= www-web-4 Bound * 1Gi RWO *
# Updating StatefulSets
kubectl patch statefulset web --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value":"registry.k8s.io/nginx-slim:0.24"}]'
#= statefulset.apps/web patched
kubectl get pod -l app=nginx --watch
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
#= web-2 1/1 Running 0 *
#= web-2 1/1 Terminating 0 *
#= web-2 1/1 Terminating 0 *
#= web-2 0/1 Pending 0 *
#= web-2 0/1 Pending 0 *
#= web-2 0/1 ContainerCreating 0 *
#= web-2 1/1 Running 0 *
#= web-1 1/1 Terminating 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
#= web-0 1/1 Terminating 0 *
#= web-0 1/1 Terminating 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
for p in 0 1 2; do kubectl get pod "web-$p" --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo; done
#= registry.k8s.io/nginx-slim:0.24
#= registry.k8s.io/nginx-slim:0.24
#= registry.k8s.io/nginx-slim:0.24
kubectl rollout status sts/web
# Staging an update
kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":3}}}}'
#= statefulset.apps/web patched
kubectl patch statefulset web --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value":"registry.k8s.io/nginx-slim:0.21"}]'
#= statefulset.apps/web patched
kubectl delete pod web-2
#= pod "web-2" deleted
kubectl get pod -l app=nginx --watch
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
#= web-2 0/1 ContainerCreating 0 *
#= web-2 1/1 Running 0 *
kubectl get pod web-2 --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo
#= registry.k8s.io/nginx-slim:0.24
# Rolling out a canary
kubectl get pod -l app=nginx --watch &
kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}}}'
#= statefulset.apps/web patched
fg
#= web-2 0/1 ContainerCreating 0 *
#= web-2 1/1 Running 0 *
kubectl get pod web-2 --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo
#= registry.k8s.io/nginx-slim:0.21
kubectl get pod -l app=nginx --watch &
kubectl delete pod web-1
#= pod "web-1" deleted
fg
#= web-1 0/1 Pending 0 *
#= web-1 0/1 Pending 0 *
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
kubectl get pod web-1 --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo
#= registry.k8s.io/nginx-slim:0.24
# Phased roll outs
kubectl get pod -l app=nginx --watch &
kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}}}'
#= statefulset.apps/web patched
fg
#= web-1 0/1 ContainerCreating 0 *
#= web-1 1/1 Running 0 *
#= web-0 1/1 Terminating 0 *
#= web-0 1/1 Terminating 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
for p in 0 1 2; do kubectl get pod "web-$p" --template '{{range $i, $c := .spec.containers}}{{$c.image}}{{end}}'; echo; done
#= registry.k8s.io/nginx-slim:0.21
#= registry.k8s.io/nginx-slim:0.21
#= registry.k8s.io/nginx-slim:0.21
kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"type":"OnDelete", "rollingUpdate": null}}}'
#= statefulset.apps/web patched
# Deleting StatefulSets
kubectl delete statefulset web --cascade=orphan
#= statefulset.apps "web" deleted
kubectl get pods -l app=nginx
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
#= web-2 1/1 Running 0 *
kubectl delete pod web-0
#= pod "web-0" deleted
kubectl get pods -l app=nginx
#= NAME READY STATUS RESTARTS AGE
#= web-1 1/1 Running 0 *
#= web-2 1/1 Running 0 *
kubectl get pods --watch -l app=nginx &
#= NAME READY STATUS RESTARTS AGE
#= web-1 1/1 Running 0 *
#= web-2 1/1 Running 0 *
kubectl apply -f https://k8s.io/examples/application/web/web.yaml
#= service/nginx unchanged
#= statefulset.apps/web created
fg
#= web-0 0/1 Pending 0 *
#= web-0 0/1 Pending 0 *
#= web-0 0/1 ContainerCreating 0 *
#= web-0 1/1 Running 0 *
#= web-2 1/1 Terminating 0 *
for i in 0 1; do kubectl exec -i -t "web-$i" -- curl http://localhost/; done
#= web-0
#= web-1
kubectl get pods --watch -l app=nginx &
#= NAME READY STATUS RESTARTS AGE
#= web-0 1/1 Running 0 *
#= web-1 1/1 Running 0 *
kubectl delete statefulset web
#= statefulset.apps "web" deleted
fg
#= web-0 1/1 Terminating 0 *
#= web-1 1/1 Terminating 0 *
kubectl delete service nginx
#= service "nginx" deleted
kubectl apply -f https://k8s.io/examples/application/web/web.yaml
#= service/nginx created
#= statefulset.apps/web created
kubectl rollout status sts/web
for i in 0 1; do kubectl exec -i -t "web-$i" -- curl http://localhost/; done
#= web-0
#= web-1
kubectl delete service nginx
#= service "nginx" deleted
kubectl delete statefulset web
#= * "web" deleted
# Pod management policy
kubectl get pod -l app=nginx --watch &
kubectl apply -f https://k8s.io/examples/application/web/web-parallel.yaml
#= service/nginx *
#= statefulset.apps/web *
fg
kubectl get pod -l app=nginx --watch &
kubectl scale statefulset/web --replicas=5
#= statefulset.apps/web scaled
fg
#= web-3 0/1 Pending 0 *
#= web-3 0/1 Pending 0 *
#= web-3 0/1 ContainerCreating 0 *
#= web-3 1/1 Running 0 *
kubectl get pod -l app=nginx --watch &
kubectl delete sts web
fg
#= web-0 1/1 Terminating 0 *
kubectl delete svc nginx
kubectl get pvc
#= NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS * AGE
#= www-web-0 Bound * 1Gi RWO standard *
#= www-web-1 Bound * 1Gi RWO standard *
#= www-web-2 Bound * 1Gi RWO standard *
#= www-web-3 Bound * 1Gi RWO standard *
#= www-web-4 Bound * 1Gi RWO standard *
kubectl get pv
#= NAME CAPACITY ACCESS MODES RECLAIM POLICY STATUS CLAIM STORAGECLASS * REASON AGE
#= pvc-* 1Gi RWO Delete Bound default/www-web-* standard *
#= pvc-* 1Gi RWO Delete Bound default/www-web-* standard *
#= pvc-* 1Gi RWO Delete Bound default/www-web-* standard *
#= pvc-* 1Gi RWO Delete Bound default/www-web-* standard *
#= pvc-* 1Gi RWO Delete Bound default/www-web-* standard *
kubectl delete pvc www-web-0 www-web-1 www-web-2 www-web-3 www-web-4
#= persistentvolumeclaim "www-web-0" deleted
#= persistentvolumeclaim "www-web-1" deleted
#= persistentvolumeclaim "www-web-2" deleted
#= persistentvolumeclaim "www-web-3" deleted
#= persistentvolumeclaim "www-web-4" deleted
kubectl get pvc
#= No resources found in default namespace.
