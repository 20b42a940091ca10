/** A data store image and where it keeps its data. */
export interface DataStoreEntry {
  /** As a person writes it: `PostgreSQL`. */
  readonly name: string;
  /** Last path segments of the image's repository, wherever it is mirrored. */
  readonly images: readonly string[];
  /** Several pods of one StatefulSet form one replicated store (with the store's own configuration). */
  readonly clusters: boolean;
  /** Data directories of the images; the first one is that of the official image. */
  readonly dataPaths: readonly string[];
  /**
   * Images whose directories are other ones than `dataPathsOf` finds, by last path segment; empty where the builds of
   * that name differ.
   */
  readonly ownPaths?: Readonly<Record<string, readonly string[]>>;
  /** `cache`: never persists. `optional`: persists only when it is told to. */
  readonly persists: 'always' | 'optional' | 'cache';
}

/**
 * Known data stores. Sources: the VOLUME and data directory of the official images (Docker Hub documentation of
 * each), of the bitnami images (`/bitnami/<name>`) and of the Confluent images (`/var/lib/<name>/data`).
 */
export const DATA_STORES: readonly DataStoreEntry[] = [
  {
    name: 'PostgreSQL',
    images: ['postgres', 'postgresql', 'postgis', 'timescaledb', 'timescaledb-ha', 'pgvector'],
    clusters: false,
    dataPaths: ['/var/lib/postgresql/data', '/var/lib/postgresql', '/bitnami/postgresql'],
    // OpenShift's builds keep their data in /var/lib/pgsql/data.
    ownPaths: { postgresql: [], 'timescaledb-ha': ['/home/postgres/pgdata'] },
    persists: 'always',
  },
  {
    name: 'PostgreSQL',
    images: ['postgresql-repmgr', 'spilo', 'spilo-15', 'spilo-16', 'spilo-17'],
    clusters: true,
    dataPaths: ['/home/postgres/pgdata', '/bitnami/postgresql', '/var/lib/postgresql'],
    persists: 'always',
  },
  {
    name: 'MySQL',
    images: ['mysql', 'mysql-server', 'percona', 'percona-server'],
    clusters: false,
    dataPaths: ['/var/lib/mysql', '/bitnami/mysql'],
    persists: 'always',
  },
  {
    name: 'MariaDB',
    images: ['mariadb'],
    clusters: false,
    dataPaths: ['/var/lib/mysql', '/bitnami/mariadb'],
    persists: 'always',
  },
  {
    name: 'MariaDB Galera',
    images: ['mariadb-galera', 'percona-xtradb-cluster'],
    clusters: true,
    dataPaths: ['/var/lib/mysql', '/bitnami/mariadb'],
    persists: 'always',
  },
  {
    name: 'MongoDB',
    images: ['mongo', 'mongodb', 'mongodb-community-server', 'mongodb-enterprise-server'],
    clusters: true,
    dataPaths: ['/data/db', '/bitnami/mongodb'],
    // OpenShift's builds keep their data in /var/lib/mongodb/data.
    ownPaths: { mongodb: [] },
    persists: 'always',
  },
  {
    // Its data path is an argument: nothing is claimed of it.
    name: 'DocumentDB',
    images: ['documentdb', 'documentdb-local'],
    clusters: false,
    dataPaths: [],
    persists: 'always',
  },
  {
    name: 'Redis',
    images: ['redis', 'redis-stack', 'redis-stack-server', 'valkey', 'keydb'],
    clusters: false,
    dataPaths: ['/data', '/bitnami/redis/data', '/bitnami/valkey/data'],
    persists: 'optional',
  },
  {
    name: 'Redis Cluster',
    images: ['redis-cluster', 'valkey-cluster'],
    clusters: true,
    dataPaths: ['/bitnami/redis/data', '/bitnami/valkey/data', '/data'],
    persists: 'optional',
  },
  {
    name: 'Dragonfly',
    images: ['dragonfly'],
    clusters: false,
    dataPaths: ['/data'],
    persists: 'optional',
  },
  {
    name: 'Memcached',
    images: ['memcached'],
    clusters: false,
    dataPaths: [],
    persists: 'cache',
  },
  {
    name: 'RabbitMQ',
    images: ['rabbitmq'],
    clusters: true,
    dataPaths: ['/var/lib/rabbitmq', '/bitnami/rabbitmq'],
    persists: 'always',
  },
  {
    name: 'Kafka',
    images: ['kafka', 'cp-kafka', 'cp-server', 'kafka-native'],
    clusters: true,
    dataPaths: ['/var/lib/kafka/data', '/var/lib/kafka', '/bitnami/kafka', '/kafka'],
    ownPaths: {
      kafka: [],
      'kafka-native': [],
      'cp-kafka': ['/var/lib/kafka/data'],
      'cp-server': ['/var/lib/kafka/data'],
    },
    persists: 'always',
  },
  {
    name: 'Redpanda',
    images: ['redpanda'],
    clusters: true,
    dataPaths: ['/var/lib/redpanda/data'],
    persists: 'always',
  },
  {
    name: 'ZooKeeper',
    images: ['zookeeper', 'cp-zookeeper', 'kubernetes-zookeeper'],
    clusters: true,
    dataPaths: ['/data', '/var/lib/zookeeper', '/bitnami/zookeeper'],
    ownPaths: {
      'cp-zookeeper': ['/var/lib/zookeeper/data', '/var/lib/zookeeper/log'],
      'kubernetes-zookeeper': ['/var/lib/zookeeper'],
    },
    persists: 'always',
  },
  {
    name: 'Elasticsearch',
    images: ['elasticsearch', 'elasticsearch-oss'],
    clusters: true,
    dataPaths: ['/usr/share/elasticsearch/data', '/bitnami/elasticsearch/data'],
    persists: 'always',
  },
  {
    name: 'OpenSearch',
    images: ['opensearch'],
    clusters: true,
    dataPaths: ['/usr/share/opensearch/data', '/bitnami/opensearch/data'],
    persists: 'always',
  },
  {
    name: 'Cassandra',
    images: ['cassandra'],
    clusters: true,
    dataPaths: ['/var/lib/cassandra', '/bitnami/cassandra'],
    persists: 'always',
  },
  {
    name: 'ScyllaDB',
    images: ['scylla', 'scylla-enterprise'],
    clusters: true,
    dataPaths: ['/var/lib/scylla'],
    persists: 'always',
  },
  {
    name: 'CockroachDB',
    images: ['cockroach'],
    clusters: true,
    dataPaths: ['/cockroach/cockroach-data'],
    persists: 'always',
  },
  {
    name: 'YugabyteDB',
    images: ['yugabyte'],
    clusters: true,
    dataPaths: ['/mnt/disk0', '/home/yugabyte/yb_data'],
    persists: 'always',
  },
  {
    name: 'TiKV',
    images: ['tikv', 'pd'],
    clusters: true,
    dataPaths: ['/var/lib/tikv', '/var/lib/pd'],
    persists: 'always',
  },
  {
    name: 'etcd',
    images: ['etcd'],
    clusters: true,
    dataPaths: ['/var/lib/etcd', '/etcd-data', '/bitnami/etcd', '/default.etcd'],
    persists: 'always',
  },
  {
    name: 'Consul',
    images: ['consul', 'consul-enterprise'],
    clusters: true,
    dataPaths: ['/consul/data', '/bitnami/consul'],
    persists: 'always',
  },
  {
    name: 'DynamoDB Local',
    images: ['dynamodb-local'],
    clusters: false,
    dataPaths: [],
    persists: 'cache',
  },
  {
    name: 'Vault',
    images: ['vault', 'openbao'],
    // With storage in files, the default of its chart, a second pod is another store.
    clusters: false,
    dataPaths: ['/vault/file', '/vault/data', '/openbao/data'],
    persists: 'optional',
  },
  {
    name: 'NATS',
    images: ['nats', 'nats-streaming'],
    clusters: true,
    dataPaths: ['/data', '/data/jetstream'],
    persists: 'optional',
  },
  {
    name: 'MinIO',
    images: ['minio'],
    clusters: true,
    dataPaths: ['/data', '/export', '/bitnami/minio/data'],
    persists: 'always',
  },
  {
    name: 'InfluxDB',
    images: ['influxdb'],
    clusters: false,
    dataPaths: ['/var/lib/influxdb2', '/var/lib/influxdb', '/bitnami/influxdb'],
    // Versions 1 and 2 differ.
    ownPaths: { influxdb: [] },
    persists: 'always',
  },
  {
    name: 'ClickHouse',
    images: ['clickhouse-server', 'clickhouse'],
    clusters: true,
    dataPaths: ['/var/lib/clickhouse', '/bitnami/clickhouse'],
    persists: 'always',
  },
  {
    name: 'CouchDB',
    images: ['couchdb'],
    clusters: true,
    dataPaths: ['/opt/couchdb/data', '/bitnami/couchdb'],
    persists: 'always',
  },
  {
    name: 'Couchbase',
    images: ['couchbase'],
    clusters: true,
    dataPaths: ['/opt/couchbase/var'],
    persists: 'always',
  },
  {
    name: 'Neo4j',
    images: ['neo4j'],
    clusters: false,
    dataPaths: ['/data', '/bitnami/neo4j'],
    persists: 'always',
  },
  {
    name: 'ArangoDB',
    images: ['arangodb'],
    clusters: false,
    dataPaths: ['/var/lib/arangodb3'],
    persists: 'always',
  },
  {
    name: 'RethinkDB',
    images: ['rethinkdb'],
    clusters: true,
    dataPaths: ['/data'],
    persists: 'always',
  },
  {
    name: 'Solr',
    images: ['solr'],
    clusters: true,
    dataPaths: ['/var/solr', '/bitnami/solr'],
    persists: 'always',
  },
  {
    name: 'SQL Server',
    images: ['mssql-server-linux', 'server'],
    clusters: false,
    dataPaths: ['/var/opt/mssql', '/var/opt/mssql/data'],
    persists: 'always',
  },
  {
    name: 'Pulsar',
    images: ['pulsar', 'pulsar-all', 'bookkeeper'],
    clusters: true,
    dataPaths: ['/pulsar/data'],
    persists: 'always',
  },
  {
    name: 'Prometheus',
    images: ['prometheus'],
    clusters: false,
    dataPaths: ['/prometheus'],
    persists: 'always',
  },
  {
    // Members tell each other of silences; losing these is no loss of data.
    name: 'Alertmanager',
    images: ['alertmanager'],
    clusters: true,
    dataPaths: [],
    persists: 'cache',
  },
  {
    // SQLite, unless a database is configured; dashboards often come from files.
    name: 'Grafana',
    images: ['grafana', 'grafana-oss', 'grafana-enterprise'],
    clusters: false,
    dataPaths: [],
    persists: 'cache',
  },
  {
    name: 'Jaeger',
    images: ['all-in-one'],
    clusters: false,
    dataPaths: [],
    persists: 'cache',
  },
  {
    // Their data paths stand in their configuration.
    name: 'Loki',
    images: ['loki'],
    clusters: false,
    dataPaths: [],
    persists: 'always',
  },
  {
    name: 'Tempo',
    images: ['tempo'],
    clusters: false,
    dataPaths: [],
    persists: 'always',
  },
  {
    name: 'Meilisearch',
    images: ['meilisearch'],
    clusters: false,
    dataPaths: ['/meili_data'],
    persists: 'always',
  },
  {
    name: 'Typesense',
    images: ['typesense'],
    clusters: true,
    dataPaths: ['/data'],
    persists: 'always',
  },
  {
    name: 'Qdrant',
    images: ['qdrant'],
    clusters: true,
    dataPaths: ['/qdrant/storage'],
    persists: 'always',
  },
  {
    name: 'Weaviate',
    images: ['weaviate'],
    clusters: true,
    dataPaths: ['/var/lib/weaviate'],
    persists: 'always',
  },
];

/** Vendors whose images keep the data of every store below `/bitnami`. */
export const BITNAMI: ReadonlySet<string> = new Set(['bitnami', 'bitnamilegacy', 'bitnamisecure']);

/** Images whose last path segment says too little on its own: the whole repository is compared. */
export const DATA_STORE_REPOSITORIES: ReadonlyMap<string, string> = new Map([
  ['server', 'mssql/server'],
  ['pd', 'pingcap/pd'],
  ['all-in-one', 'jaegertracing/all-in-one'],
  ['loki', 'grafana/loki'],
  ['tempo', 'grafana/tempo'],
]);
