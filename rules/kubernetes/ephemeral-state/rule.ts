import { defineRule } from '../../../src/rule.ts';

const CLIENT = /\b(psql|pg_dump\w*|pg_restore|mysqldump|mongodump|redis-cli|mongosh?|sleep|tail)\b/;
const SERVER = /\b(postgres|mysqld\w*|mariadbd|mongod|redis-server|entrypoint|\w*-server|start)\b/;

const inside = (child: string, parent: string) =>
  `${child}/`.replace(/\/+$/, '/').startsWith(`${parent}/`.replace(/\/+$/, '/'));

export default defineRule({
  id: 'ephemeral-state',
  title: 'A data store keeps its data in the pod, where they are lost with it.',
  cause: 'data store without a persistent volume',
  subject: 'container',
  levels: { lost: 'warning' },
  productionOnly: true,
  runbook: 'indicator-data-loss',
  bearsOn: ['loses-data-with-the-pod'],
  fix: 'Mount a persistent volume at the data directory of the store',

  *check(container) {
    const { dataStore, workload, volumeMounts } = container;
    const { kind } = workload;
    const { floor } = workload.replicas;
    if (kind === 'Job' || kind === 'CronJob') return;
    if (floor.state === 'known' && floor.value === 0) return;
    if (dataStore === undefined || dataStore.dataPaths.length === 0) return;

    // The image may be there for its client only: a sidecar that dumps, a shell that waits.
    for (const words of [container.command, container.args]) {
      const line = words.state === 'known' ? words.value.join(' ') : '';
      if (CLIENT.test(line) && !SERVER.test(line)) return;
    }
    // A persistent volume anywhere may be the data directory: arguments and variables move it.
    const keeps = (type: string) => type !== 'emptyDir' && type !== 'configuration';
    if (volumeMounts.some(({ volume }) => volume !== undefined && keeps(volume.type))) return;
    const unseen = volumeMounts.find(({ volume }) => volume === undefined);
    if (unseen !== undefined) {
      yield { undecided: `the volume mounted at ${unseen.mountPath} is unknown`, at: unseen.at };
      return;
    }

    const mount = volumeMounts.find(({ mountPath }) =>
      dataStore.dataPaths.some((path) => inside(path, mountPath) || inside(mountPath, path)),
    );
    const where = mount === undefined ? 'in the container' : 'in an emptyDir';
    // No path is named where images of the store differ: a wrong one would be believed.
    const path = mount?.mountPath ?? dataStore.dataPath;
    const directory = path === undefined ? '' : ` (${path})`;
    const related =
      mount?.volume === undefined ? [] : [{ at: mount.volume.at, message: 'the emptyDir' }];
    yield {
      at: mount?.at ?? container.at,
      settings:
        workload.settings.get('volumeClaimTemplates') ?? workload.settings.get('volumes') ?? [],
      message: `${container.label} keeps the data of ${dataStore.name}${directory} ${where}; a persistent volume is wanted, because the data go with the pod`,
      related,
      fix: `Give ${dataStore.name} a volume that outlives the pod${kind === 'StatefulSet' ? '' : ', as a StatefulSet'} (with securityContext.fsGroup where its image runs as another user, and a subPath where it wants an empty directory):
kind: StatefulSet
spec:
  template:
    spec:
      containers:
        - name: ${container.name}
          volumeMounts:
            - name: data
              mountPath: ${path ?? `DIRECTORY # where this image of ${dataStore.name} keeps its data`}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi`,
    };
  },
});
