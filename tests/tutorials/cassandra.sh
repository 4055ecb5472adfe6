# https://kubernetes.io/docs/tutorials/stateful-application/cassandra/
# Creating a headless Service for Cassandra
kubectl apply -f https://k8s.io/examples/application/cassandra/cassandra-service.yaml
kubectl get svc cassandra
#= NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
#= cassandra ClusterIP None <none> 9042/TCP *
# Using a StatefulSet to create a Cassandra ring
kubectl apply -f https://k8s.io/examples/application/cassandra/cassandra-statefulset.yaml
kubectl get statefulset cassandra
#= NAME * AGE
#= cassandra 0/3 *
sleep 25
kubectl get pods -l="app=cassandra"
#= NAME READY STATUS RESTARTS AGE
#= cassandra-0 1/1 Running 0 *
#= cassandra-1 0/1 * 0 *
kubectl wait pod -l app=cassandra --for=condition=Ready --timeout=2m > /dev/null; sleep 60
kubectl get pods -l="app=cassandra"
#= NAME READY STATUS RESTARTS AGE
#= cassandra-0 1/1 Running 0 *
#= cassandra-1 1/1 Running 0 *
#= cassandra-2 1/1 Running 0 *
kubectl exec -it cassandra-0 -- nodetool status
#= Datacenter: DC1-K8Demo
#= ======================
#= Status=Up/Down
#= |/ State=Normal/Leaving/Joining/Moving
#= -- Address Load Tokens Owns (effective) Host ID Rack
#= UN * KiB 32 *% *-*-*-*-* Rack1-K8Demo
#= UN * KiB 32 *% *-*-*-*-* Rack1-K8Demo
#= UN * KiB 32 *% *-*-*-*-* Rack1-K8Demo
# What the ring stores is on all its members.
kubectl exec cassandra-0 -- cqlsh -e "CREATE KEYSPACE demo; CREATE TABLE demo.notes (id int PRIMARY KEY, text text)"
kubectl exec cassandra-0 -- cqlsh -e "INSERT INTO demo.notes (id, text) VALUES (1, 'hello')"
kubectl exec cassandra-2 -- cqlsh -e "SELECT * FROM demo.notes"
# Modifying the Cassandra StatefulSet: the editor is sed.
KUBE_EDITOR="sed -i 's/replicas: 3/replicas: 4/'" kubectl edit statefulset cassandra
sleep 60
kubectl get statefulset cassandra
#= NAME * AGE
#= cassandra 4/4 *
kubectl exec -it cassandra-0 -- nodetool status
kubectl exec cassandra-3 -- cqlsh -e "SELECT * FROM demo.notes"
# Cleaning up
grace=$(kubectl get pod cassandra-0 -o=jsonpath='{.spec.terminationGracePeriodSeconds}') \
  && kubectl delete statefulset -l app=cassandra \
  && echo "Sleeping ${grace} seconds" 1>&2 \
  && sleep $grace \
  && kubectl delete persistentvolumeclaim -l app=cassandra
kubectl delete service -l app=cassandra
