# https://kubernetes.io/docs/tutorials/stateful-application/zookeeper/ on the four nodes of zookeeper.yaml
# Creating a ZooKeeper ensemble
kubectl apply -f https://k8s.io/examples/application/zookeeper/zookeeper.yaml
#= service/zk-hs created
#= service/zk-cs created
#= poddisruptionbudget.policy/zk-pdb created
#= statefulset.apps/zk created
kubectl get pods -w -l app=zk
#= NAME READY STATUS RESTARTS AGE
#= zk-0 0/1 Pending 0 *
#= zk-0 0/1 Pending 0 *
#= zk-0 0/1 ContainerCreating 0 *
#= zk-0 0/1 Running 0 *
#= zk-0 1/1 Running 0 *
#= zk-1 0/1 Pending 0 *
#= zk-1 0/1 Pending 0 *
#= zk-1 0/1 ContainerCreating 0 *
#= zk-1 0/1 Running 0 *
#= zk-1 1/1 Running 0 *
#= zk-2 0/1 Pending 0 *
#= zk-2 0/1 Pending 0 *
#= zk-2 0/1 ContainerCreating 0 *
#= zk-2 0/1 Running 0 *
#= zk-2 1/1 Running 0 *
# Facilitating leader election
for i in 0 1 2; do kubectl exec zk-$i -- hostname; done
#= zk-0
#= zk-1
#= zk-2
for i in 0 1 2; do echo "myid zk-$i";kubectl exec zk-$i -- cat /var/lib/zookeeper/data/myid; done
#= myid zk-0
#= 1
#= myid zk-1
#= 2
#= myid zk-2
#= 3
for i in 0 1 2; do kubectl exec zk-$i -- hostname -f; done
#= zk-0.zk-hs.default.svc.cluster.local
#= zk-1.zk-hs.default.svc.cluster.local
#= zk-2.zk-hs.default.svc.cluster.local
kubectl exec zk-0 -- cat /opt/zookeeper/conf/zoo.cfg
#= clientPort=2181
#= dataDir=/var/lib/zookeeper/data
#= dataLogDir=/var/lib/zookeeper/*log
#= tickTime=2000
#= initLimit=10
#= syncLimit=*
#= maxClientCnxns=60
#= minSessionTimeout=*4000
#= maxSessionTimeout=*40000
#= autopurge.snapRetainCount=3
#= autopurge.purgeInterval=*
#= server.1=zk-0.zk-hs.default.svc.cluster.local:2888:3888
#= server.2=zk-1.zk-hs.default.svc.cluster.local:2888:3888
#= server.3=zk-2.zk-hs.default.svc.cluster.local:2888:3888
# Sanity testing the ensemble
kubectl exec zk-0 -- zkCli.sh create /hello world
#= WATCHER::
#=
#= WatchedEvent state:SyncConnected type:None path:null
#= Created /hello
kubectl exec zk-1 -- zkCli.sh get /hello
#= WATCHER::
#= WatchedEvent state:SyncConnected type:None path:null
#= world
#= cZxid = 0x100000002
#= ctime = * UTC *
#= mZxid = 0x100000002
#= mtime = * UTC *
#= pZxid = 0x100000002
#= cversion = 0
#= dataVersion = 0
#= aclVersion = 0
#= ephemeralOwner = 0x0
#= dataLength = 5
#= numChildren = 0
# Providing durable storage
kubectl delete statefulset zk
#= statefulset.apps "zk" deleted
kubectl get pods -w -l app=zk
#= zk-0 1/1 Terminating 0 *
#= zk-1 1/1 Terminating 0 *
#= zk-2 1/1 Terminating 0 *
kubectl apply -f https://k8s.io/examples/application/zookeeper/zookeeper.yaml
kubectl get pods -w -l app=zk
#= zk-0 1/1 Running 0 *
#= zk-1 1/1 Running 0 *
#= zk-2 0/1 Pending 0 *
#= zk-2 0/1 ContainerCreating 0 *
#= zk-2 0/1 Running 0 *
#= zk-2 1/1 Running 0 *
kubectl exec zk-2 -- zkCli.sh get /hello
#= world
#= cZxid = 0x100000002
kubectl get pvc -l app=zk
#= NAME STATUS VOLUME CAPACITY * AGE
#= datadir-zk-0 Bound * RWO *
#= datadir-zk-1 Bound * RWO *
#= datadir-zk-2 Bound * RWO *
# Ensuring consistent configuration
kubectl get sts zk -o yaml | grep -A 2 command:
kubectl exec zk-0 -- cat /usr/etc/zookeeper/log4j.properties
#= zookeeper.root.logger=CONSOLE
#= zookeeper.console.threshold=INFO
#= log4j.rootLogger=${zookeeper.root.logger}
#= log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
#= log4j.appender.CONSOLE.Threshold=${zookeeper.console.threshold}
#= log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
#= log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n
kubectl logs zk-0 --tail 20
#= * [myid:1] - INFO [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@827] - Processing ruok command from /127.0.0.1:*
#= * [myid:1] - INFO [Thread-*:NIOServerCnxn@1008] - Closed socket connection for client /127.0.0.1:* (no session established for client)
#= * [myid:1] - INFO [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxnFactory@192] - Accepted socket connection from /127.0.0.1:*
kubectl exec zk-0 -- ps -elf
#= F S UID PID PPID C PRI NI ADDR SZ WCHAN STIME TTY TIME CMD
#= 4 S zookeep+ 1 0 0 80 0 - 1127 - * ? * *
kubectl exec -ti zk-0 -- ls -ld /var/lib/zookeeper/data
#= drwxr-sr-x 3 zookeeper zookeeper 4096 * /var/lib/zookeeper/data
# Updating the ensemble
kubectl patch sts zk --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/resources/requests/cpu", "value":"0.3"}]'
#= statefulset.apps/zk patched
kubectl rollout status sts/zk
#= waiting for statefulset rolling update to complete 0 pods at revision zk-*...
#= Waiting for 1 pods to be ready...
#= Waiting for 1 pods to be ready...
#= waiting for statefulset rolling update to complete 1 pods at revision zk-*...
#= Waiting for 1 pods to be ready...
#= Waiting for 1 pods to be ready...
#= waiting for statefulset rolling update to complete 2 pods at revision zk-*...
#= Waiting for 1 pods to be ready...
#= Waiting for 1 pods to be ready...
#= statefulset rolling update complete 3 pods at revision zk-*...
kubectl rollout history sts/zk
#= *zk*
#= REVISION*
#= 1*
#= 2*
kubectl rollout undo sts/zk
#= statefulset.apps/zk rolled back
kubectl rollout status sts/zk
# Handling process failure
kubectl exec zk-0 -- ps -ef
#= UID PID PPID C STIME TTY TIME CMD
#= zookeep+ 1 0 0 * ? * *
kubectl get pod -w -l app=zk &
#= NAME READY STATUS RESTARTS AGE
#= zk-0 1/1 Running 0 *
#= zk-1 1/1 Running 0 *
#= zk-2 1/1 Running 0 *
kubectl exec zk-0 -- pkill java
fg
#= zk-0 0/1 Error 0 *
#= zk-0 0/1 Running 1 *
#= zk-0 1/1 Running 1 *
# Testing for liveness
kubectl get pod -w -l app=zk &
kubectl exec zk-0 -- rm /usr/bin/zookeeper-ready
fg
#= zk-0 0/1 Running *
#= zk-0 1/1 Running *
# Tolerating node failure
for i in 0 1 2; do kubectl get pod zk-$i --template {{.spec.nodeName}}; echo ""; done
# Surviving maintenance
kubectl get nodes
kubectl get pdb zk-pdb
#= NAME MIN*AVAILABLE MAX*UNAVAILABLE ALLOWED*DISRUPTIONS AGE
#= zk-pdb N/A 1 1 *
kubectl get pods -w -l app=zk &
for i in 0 1 2; do kubectl get pod zk-$i --template {{.spec.nodeName}}; echo ""; done
first=$(kubectl get pod zk-0 --template {{.spec.nodeName}}) second=$(kubectl get pod zk-1 --template {{.spec.nodeName}})
kubectl drain $(kubectl get pod zk-0 --template {{.spec.nodeName}}) --ignore-daemonsets --force --delete-emptydir-data
#= node* cordoned
#= pod*zk-0*
#= node* drained
fg
#= zk-0 0/1 Pending 0 *
#= zk-0 0/1 Pending 0 *
#= zk-0 0/1 ContainerCreating 0 *
#= zk-0 0/1 Running 0 *
#= zk-0 1/1 Running 0 *
kubectl drain $(kubectl get pod zk-1 --template {{.spec.nodeName}}) --ignore-daemonsets --force --delete-emptydir-data
#= node* cordoned
#= pod*zk-1*
#= node* drained
kubectl get pods -w -l app=zk
#= zk-1 0/1 Pending 0 *
timeout 12 kubectl drain $(kubectl get pod zk-2 --template {{.spec.nodeName}}) --ignore-daemonsets --force --delete-emptydir-data || true
#= node* cordoned
#= *Cannot evict pod as it would violate the pod's disruption budget.
kubectl exec zk-0 -- zkCli.sh get /hello
#= WatchedEvent state:SyncConnected type:None path:null
#= world
#= dataLength = 5
kubectl uncordon $first
#= node* uncordoned
kubectl get pods -w -l app=zk
#= zk-1 0/1 ContainerCreating 0 *
#= zk-1 0/1 Running 0 *
#= zk-1 1/1 Running 0 *
kubectl drain $(kubectl get pod zk-2 --template {{.spec.nodeName}}) --ignore-daemonsets --force --delete-emptydir-data
#= node* already cordoned
#= pod*zk-2*
#= node* drained
kubectl uncordon $second
#= node* uncordoned
kubectl rollout status sts/zk
