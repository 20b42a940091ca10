/** How a container shows that it is a data store although its image goes by another name. */

export interface StoreEvidence {
  /** Name of the entry in `DATA_STORES`. */
  readonly store: string;
  /** Ports that its clients use by default. */
  readonly ports: readonly number[];
  /** A word of the image's name (`my-postgres-14`); `store` for stores whose name says nothing else. */
  readonly word: RegExp;
  /** Variables that only the server's image reads. */
  readonly variable: RegExp;
  /** Directories that only the server mounts. */
  readonly directory: RegExp;
}

/** Default ports and server variables of the official images (Docker Hub documentation of each). */
export const STORE_EVIDENCE: readonly StoreEvidence[] = [
  {
    store: 'PostgreSQL',
    ports: [5432],
    word: /^(?:postgres(?:ql)?|pgsql|postgis|timescale(?:db)?)\d*$/,
    variable: /^(?:POSTGRES_(?:USER|PASSWORD|DB|INITDB_ARGS|HOST_AUTH_METHOD)|PGDATA)$/,
    directory: /^\/var\/lib\/(?:postgresql|pgsql)(?:\/|$)/,
  },
  {
    store: 'MySQL',
    ports: [3306],
    word: /^(?:mysql|percona|pxc)\d*$/,
    variable: /^MYSQL_(?:ROOT_PASSWORD|ALLOW_EMPTY_PASSWORD|RANDOM_ROOT_PASSWORD|DATABASE)$/,
    directory: /^\/var\/lib\/mysql(?:\/|$)/,
  },
  {
    store: 'MariaDB',
    ports: [3306],
    word: /^mariadb\d*$/,
    variable: /^MARIADB_(?:ROOT_PASSWORD|ALLOW_EMPTY_ROOT_PASSWORD|DATABASE)$/,
    directory: /^\/var\/lib\/mariadb(?:\/|$)/,
  },
  {
    store: 'MongoDB',
    ports: [27017],
    word: /^mongo(?:db)?\d*$/,
    variable: /^MONGO_INITDB_/,
    directory: /^\/data\/db(?:\/|$)/,
  },
  {
    store: 'Redis',
    ports: [6379],
    word: /^(?:redis|valkey)\d*$/,
    variable: /^REDIS_REPLICATION_MODE$/,
    directory: /^\/var\/lib\/redis(?:\/|$)/,
  },
  {
    store: 'RabbitMQ',
    ports: [5672],
    word: /^rabbitmq\d*$/,
    variable: /^RABBITMQ_(?:DEFAULT_USER|ERLANG_COOKIE|NODENAME)$/,
    directory: /^\/var\/lib\/rabbitmq(?:\/|$)/,
  },
  {
    store: 'Kafka',
    ports: [9092],
    word: /^kafka\d*$/,
    variable: /^(?:KAFKA_(?:ADVERTISED_LISTENERS|ZOOKEEPER_CONNECT|BROKER_ID|NODE_ID)|KAFKA_CFG_)/,
    directory: /^\/var\/lib\/kafka(?:\/|$)/,
  },
  {
    store: 'Elasticsearch',
    ports: [9200],
    word: /^elasticsearch\d*$/,
    variable: /^(?:discovery\.type|ES_JAVA_OPTS)$/,
    directory: /^\/usr\/share\/elasticsearch\/data(?:\/|$)/,
  },
  {
    store: 'Cassandra',
    ports: [9042],
    word: /^cassandra\d*$/,
    variable: /^CASSANDRA_(?:SEEDS|CLUSTER_NAME)$/,
    directory: /^\/var\/lib\/cassandra(?:\/|$)/,
  },
  {
    store: 'InfluxDB',
    ports: [8086],
    word: /^influxdb\d*$/,
    variable: /^INFLUXDB_|^DOCKER_INFLUXDB_INIT_/,
    directory: /^\/var\/lib\/influxdb/,
  },
  {
    store: 'Grafana',
    ports: [3000],
    word: /^grafana$/,
    variable: /^GF_/,
    directory: /^\/var\/lib\/grafana(?:\/|$)/,
  },
];
