// The manifests that the documentation's tutorials apply by their addresses: the same objects, in our own words. The
// class "fast" of Cassandra's names the provisioner of this cluster, as its tutorial asks for.
#include "core/console/console.hpp"

namespace console {
namespace {

struct Known {
  std::string_view path, text;
};

#define WEB(POLICY, IMAGE)                                                                                           \
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: nginx\n  labels:\n    app: nginx\nspec:\n  ports:\n  - port: "  \
  "80\n"                                                                                                             \
  "    name: web\n  clusterIP: None\n  selector:\n    app: nginx\n---\napiVersion: apps/v1\nkind: StatefulSet\n"     \
  "metadata:\n  name: web\nspec:\n  serviceName: \"nginx\"\n" POLICY                                                 \
  "  replicas: 2\n  selector:\n    matchLabels:\n      app: nginx\n  template:\n    metadata:\n      labels:\n"      \
  "        app: nginx\n    spec:\n      containers:\n      - name: nginx\n        image: " IMAGE                     \
  "\n        ports:\n        - containerPort: 80\n          name: web\n        volumeMounts:\n        - name: www\n" \
  "          mountPath: /usr/share/nginx/html\n  volumeClaimTemplates:\n  - metadata:\n      name: www\n    spec:\n" \
  "      accessModes: [ \"ReadWriteOnce\" ]\n      resources:\n        requests:\n          storage: 1Gi\n"

constexpr Known known[] = {
    {"application/web/web.yaml", WEB("", "registry.k8s.io/nginx-slim:0.21")},
    {"application/web/web-parallel.yaml",
     WEB("  podManagementPolicy: \"Parallel\"\n", "registry.k8s.io/nginx-slim:0.24")},
    {"application/cassandra/cassandra-service.yaml",
     "apiVersion: v1\nkind: Service\nmetadata: {name: cassandra, labels: {app: cassandra}}\nspec:\n"
     "  clusterIP: None\n  selector: {app: cassandra}\n  ports: [{port: 9042}]\n"},
    {"application/cassandra/cassandra-statefulset.yaml",
     "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: cassandra, labels: {app: cassandra}}\nspec:\n"
     "  serviceName: cassandra\n  replicas: 3\n  selector: {matchLabels: {app: cassandra}}\n  template:\n"
     "    metadata: {labels: {app: cassandra}}\n    spec:\n      terminationGracePeriodSeconds: 500\n"
     "      containers:\n      - name: cassandra\n        image: gcr.io/google-samples/cassandra:v13\n"
     "        imagePullPolicy: Always\n"
     "        ports: [{containerPort: 7000, name: intra-node}, {containerPort: 7001, name: tls-intra-node}, {conta"
     "inerPort: 7199, name: jmx}, {containerPort: 9042, name: cql}]\n"
     "        resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {cpu: 500m, memory: 1Gi}}\n"
     "        securityContext: {capabilities: {add: [IPC_LOCK]}}\n"
     "        lifecycle: {preStop: {exec: {command: [/bin/sh, -c, nodetool drain]}}}\n        env:\n"
     "        - {name: MAX_HEAP_SIZE, value: 512M}\n        - {name: HEAP_NEWSIZE, value: 100M}\n"
     "        - {name: CASSANDRA_SEEDS, value: cassandra-0.cassandra.default.svc.cluster.local}\n"
     "        - {name: CASSANDRA_CLUSTER_NAME, value: K8Demo}\n        - {name: CASSANDRA_DC, value: DC1-K8Demo}\n"
     "        - {name: CASSANDRA_RACK, value: Rack1-K8Demo}\n"
     "        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n        readinessProbe:\n"
     "          exec: {command: [/bin/bash, -c, /ready-probe.sh]}\n          initialDelaySeconds: 15\n"
     "          timeoutSeconds: 5\n        volumeMounts: [{name: cassandra-data, mountPath: /cassandra_data}]\n"
     "  volumeClaimTemplates:\n  - metadata: {name: cassandra-data}\n"
     "    spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}\n"
     "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n"
     "provisioner: simulated.example.com/disk\nparameters: {type: pd-ssd}\n"},
    {"application/zookeeper/zookeeper.yaml",
     "apiVersion: v1\nkind: Service\nmetadata: {name: zk-hs, labels: {app: zk}}\nspec:\n  clusterIP: None\n"
     "  selector: {app: zk}\n  ports: [{name: server, port: 2888}, {name: leader-election, port: 3888}]\n---\n"
     "apiVersion: v1\nkind: Service\nmetadata: {name: zk-cs, labels: {app: zk}}\nspec:\n  selector: {app: zk}\n"
     "  ports: [{name: client, port: 2181}]\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\n"
     "metadata: {name: zk-pdb}\nspec:\n  selector: {matchLabels: {app: zk}}\n  maxUnavailable: 1\n---\n"
     "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: zk}\nspec:\n  serviceName: zk-hs\n  replicas: 3\n"
     "  selector: {matchLabels: {app: zk}}\n  updateStrategy: {type: RollingUpdate}\n"
     "  podManagementPolicy: OrderedReady\n  template:\n    metadata: {labels: {app: zk}}\n    spec:\n"
     "      affinity:\n        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n"
     "          - labelSelector: {matchExpressions: [{key: app, operator: In, values: [zk]}]}\n"
     "            topologyKey: kubernetes.io/hostname\n      containers:\n      - name: kubernetes-zookeeper\n"
     "        image: registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10\n        imagePullPolicy: Always\n"
     "        resources: {requests: {memory: 1Gi, cpu: \"0.5\"}}\n"
     "        ports: [{name: client, containerPort: 2181}, {name: server, containerPort: 2888}, {name: leader-elec"
     "tion, containerPort: 3888}]\n        command:\n        - sh\n        - -c\n"
     "        - \"start-zookeeper --servers=3 --data_dir=/var/lib/zookeeper/data --data_log_dir=/var/lib/zookeeper"
     "/data/log --conf_dir=/opt/zookeeper/conf --client_port=2181 --election_port=3888 --server_port=2888 --tick_t"
     "ime=2000 --init_limit=10 --sync_limit=5 --heap=512M --max_client_cnxns=60 --snap_retain_count=3 --purge_inte"
     "rval=12 --max_session_timeout=40000 --min_session_timeout=4000 --log_level=INFO\"\n"
     "        readinessProbe: &ready\n          exec: {command: [sh, -c, zookeeper-ready 2181]}\n"
     "          initialDelaySeconds: 10\n          timeoutSeconds: 5\n        livenessProbe: *ready\n"
     "        volumeMounts: [{name: datadir, mountPath: /var/lib/zookeeper}]\n"
     "      securityContext: {runAsUser: 1000, fsGroup: 1000}\n  volumeClaimTemplates:\n"
     "  - metadata: {name: datadir}\n"
     "    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n"},
    {"application/mysql/mysql-configmap.yaml",
     "apiVersion: v1\nkind: ConfigMap\n"
     "metadata: {name: mysql, labels: {app: mysql, app.kubernetes.io/name: mysql}}\ndata:\n  primary.cnf: |\n"
     "    # Only the primary reads this.\n    [mysqld]\n    log-bin\n  replica.cnf: |\n"
     "    # Only replicas read this.\n    [mysqld]\n    super-read-only\n"},
    {"application/mysql/mysql-services.yaml",
     "apiVersion: v1\nkind: Service\n"
     "metadata: {name: mysql, labels: {app: mysql, app.kubernetes.io/name: mysql}}\nspec:\n  clusterIP: None\n"
     "  selector: {app: mysql}\n  ports: [{name: mysql, port: 3306}]\n---\napiVersion: v1\nkind: Service\n"
     "metadata: {name: mysql-read, labels: {app: mysql, app.kubernetes.io/name: mysql, readonly: \"true\"}}\n"
     "spec:\n  selector: {app: mysql}\n  ports: [{name: mysql, port: 3306}]\n"},
    {"application/mysql/mysql-statefulset.yaml",
     "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: mysql}\nspec:\n  serviceName: mysql\n"
     "  replicas: 3\n  selector: {matchLabels: {app: mysql, app.kubernetes.io/name: mysql}}\n  template:\n"
     "    metadata: {labels: {app: mysql, app.kubernetes.io/name: mysql}}\n    spec:\n      initContainers:\n"
     "      - name: init-mysql\n        image: mysql:5.7\n        command:\n        - bash\n        - -c\n"
     "        - |\n          set -ex\n          [[ $(hostname) =~ -([0-9]+)$ ]] || exit 1\n"
     "          ordinal=${BASH_REMATCH[1]}\n"
     "          printf '[mysqld]\\nserver-id=%d\\n' $((100 + ordinal)) > /mnt/conf.d/server-id.cnf\n"
     "          if [[ $ordinal -eq 0 ]]; then role=primary; else role=replica; fi\n"
     "          cp /mnt/config-map/$role.cnf /mnt/conf.d/\n        volumeMounts:\n"
     "        - {name: conf, mountPath: /mnt/conf.d}\n        - {name: config-map, mountPath: /mnt/config-map}\n"
     "      - name: clone-mysql\n        image: gcr.io/google-samples/xtrabackup:1.0\n        command:\n"
     "        - bash\n        - -c\n        - |\n          set -ex\n"
     "          [[ -d /var/lib/mysql/mysql ]] && exit 0\n          [[ $(hostname) =~ -([0-9]+)$ ]] || exit 1\n"
     "          ordinal=${BASH_REMATCH[1]}\n          [[ $ordinal -eq 0 ]] && exit 0\n"
     "          ncat --recv-only mysql-$((ordinal - 1)).mysql 3307 | xbstream -x -C /var/lib/mysql\n"
     "          xtrabackup --prepare --target-dir=/var/lib/mysql\n        volumeMounts: &data\n"
     "        - {name: data, mountPath: /var/lib/mysql, subPath: mysql}\n"
     "        - {name: conf, mountPath: /etc/mysql/conf.d}\n      containers:\n      - name: mysql\n"
     "        image: mysql:5.7\n        env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: \"1\"}]\n"
     "        ports: [{name: mysql, containerPort: 3306}]\n        volumeMounts: *data\n"
     "        resources: {requests: {cpu: 500m, memory: 1Gi}}\n        livenessProbe:\n"
     "          exec: {command: [mysqladmin, ping]}\n          initialDelaySeconds: 30\n"
     "          periodSeconds: 10\n          timeoutSeconds: 5\n        readinessProbe:\n"
     "          exec: {command: [mysql, -h, 127.0.0.1, -e, SELECT 1]}\n          initialDelaySeconds: 5\n"
     "          periodSeconds: 2\n          timeoutSeconds: 1\n      - name: xtrabackup\n"
     "        image: gcr.io/google-samples/xtrabackup:1.0\n"
     "        ports: [{name: xtrabackup, containerPort: 3307}]\n        command:\n        - bash\n        - -c\n"
     "        - |\n          set -ex\n          cd /var/lib/mysql\n          change=change_master_to.sql.in\n"
     "          if [[ -s xtrabackup_slave_info ]]; then\n"
     "            sed 's/;$//' xtrabackup_slave_info > $change\n"
     "          elif [[ -f xtrabackup_binlog_info ]]; then\n"
     "            read -r file position < xtrabackup_binlog_info\n"
     "            echo \"CHANGE MASTER TO MASTER_LOG_FILE='$file', MASTER_LOG_POS=$position\" > $change\n"
     "          fi\n          rm -f xtrabackup_slave_info xtrabackup_binlog_info\n"
     "          if [[ -f $change ]]; then\n"
     "            until mysql -h 127.0.0.1 -e \"SELECT 1\"; do sleep 1; done\n"
     "            mysql -h 127.0.0.1 -e \"$(<$change), MASTER_HOST='mysql-0.mysql', MASTER_USER='root', MASTER_PAS"
     "SWORD='', MASTER_CONNECT_RETRY=10; START SLAVE;\"\n            mv $change change_master_to.sql.orig\n"
     "          fi\n"
     "          exec ncat --listen --keep-open --send-only --max-conns=1 3307 -c \"xtrabackup --backup --slave-inf"
     "o --stream=xbstream --host=127.0.0.1 --user=root\"\n        volumeMounts: *data\n"
     "        resources: {requests: {cpu: 100m, memory: 100Mi}}\n      volumes:\n"
     "      - {name: conf, emptyDir: {}}\n      - {name: config-map, configMap: {name: mysql}}\n"
     "  volumeClaimTemplates:\n  - metadata: {name: data}\n"
     "    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n"},
};

}  // namespace

std::string_view documentationManifest(std::string_view url) {
  for (std::string_view base :
       {"https://k8s.io/examples/", "https://kubernetes.io/examples/", "http://k8s.io/examples/"}) {
    if (url.substr(0, base.size()) != base) continue;
    for (const Known& k : known) {
      if (k.path == url.substr(base.size())) return k.text;
    }
  }
  return {};
}

}  // namespace console
