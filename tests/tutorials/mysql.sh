# https://kubernetes.io/docs/tasks/run-application/run-replicated-stateful-application/
# Deploy MySQL
kubectl apply -f https://k8s.io/examples/application/mysql/mysql-configmap.yaml
kubectl apply -f https://k8s.io/examples/application/mysql/mysql-services.yaml
kubectl apply -f https://k8s.io/examples/application/mysql/mysql-statefulset.yaml
kubectl get pods -l app=mysql --watch
#= NAME READY STATUS RESTARTS AGE
#= mysql-0 2/2 Running 0 *
#= mysql-1 2/2 Running 0 *
#= mysql-2 2/2 Running 0 *
kubectl exec mysql-2 -c mysql -- cat /etc/mysql/conf.d/server-id.cnf
kubectl exec mysql-2 -c mysql -- ls /etc/mysql/conf.d /var/lib/mysql
kubectl logs mysql-2 -c clone-mysql
# Sending client traffic
kubectl run mysql-client --image=mysql:5.7 -i --rm --restart=Never --\
  mysql -h mysql-0.mysql <<EOF
CREATE DATABASE test;
CREATE TABLE test.messages (message VARCHAR(250));
INSERT INTO test.messages VALUES ('hello');
EOF
kubectl run mysql-client --image=mysql:5.7 -i -t --rm --restart=Never --\
  mysql -h mysql-read -e "SELECT * FROM test.messages"
#= +---------+
#= | message |
#= +---------+
#= | hello |
#= +---------+
#= pod "mysql-client" deleted
kubectl run mysql-client-loop --image=mysql:5.7 -i -t --rm --restart=Never --\
  bash -ic "while sleep 1; do mysql -h mysql-read -e 'SELECT @@server_id,NOW()'; done" &
sleep 7
#= +-------------+---------------------+
#= | @@server_id | NOW() |
#= +-------------+---------------------+
#= | 10* | *-*-* *:*:* |
#= +-------------+---------------------+
# Break the readiness probe
kubectl exec mysql-2 -c mysql -- mv /usr/bin/mysql /usr/bin/mysql.off
sleep 8
kubectl get pod mysql-2
#= NAME READY STATUS RESTARTS AGE
#= mysql-2 1/2 Running 0 *
sleep 3
kubectl exec mysql-2 -c mysql -- mv /usr/bin/mysql.off /usr/bin/mysql
sleep 5
kubectl get pod mysql-2
# Delete Pods
kubectl delete pod mysql-2
sleep 12
kubectl get pod mysql-2
# Drain a node
kubectl get pod mysql-2 -o wide
#= NAME READY STATUS RESTARTS AGE IP NODE*
#= mysql-2 2/2 Running 0 * node-*
node=$(kubectl get pod mysql-2 --template {{.spec.nodeName}})
kill %1
kubectl get pod mysql-2 -o wide --watch &
kubectl drain $node --force --delete-emptydir-data --ignore-daemonsets
#= mysql-2 2/2 Terminating 0 * node-*
fg
#= mysql-2 0/2 Pending 0 * <none> node-*
#= mysql-2 0/2 Init:0/2 0 * <none> node-*
#= mysql-2 0/2 Init:1/2 0 * node-*
#= mysql-2 0/2 PodInitializing 0 * node-*
#= mysql-2 1/2 Running 0 * node-*
#= mysql-2 2/2 Running 0 * node-*
kubectl uncordon $node
# Scaling the number of replicas
kubectl scale statefulset mysql  --replicas=5
kubectl get pods -l app=mysql --watch
kubectl run mysql-client --image=mysql:5.7 -i -t --rm --restart=Never --\
  mysql -h mysql-3.mysql -e "SELECT * FROM test.messages"
#= +---------+
#= | message |
#= +---------+
#= | hello |
#= +---------+
kubectl scale statefulset mysql --replicas=3
kubectl get pvc -l app=mysql
#= NAME STATUS VOLUME CAPACITY * AGE
#= data-mysql-0 Bound * 10Gi RWO *
#= data-mysql-1 Bound * 10Gi RWO *
#= data-mysql-2 Bound * 10Gi RWO *
#= data-mysql-3 Bound * 10Gi RWO *
#= data-mysql-4 Bound * 10Gi RWO *
kubectl delete pvc data-mysql-3
kubectl delete pvc data-mysql-4
# Cleaning up
kubectl delete pod mysql-client-loop --now
kubectl delete statefulset mysql
sleep 35
kubectl get pods -l app=mysql
#= No resources found*
kubectl delete configmap,service,pvc -l app=mysql
