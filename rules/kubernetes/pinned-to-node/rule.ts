import { defineRule, type Workload } from '../../../src/rule.ts';

/** Directories of the node itself: sockets, logs, devices. What is read there is not the workload's data. */
const SYSTEM =
  /^\/($|(dev|etc|proc|sys|run|boot|lib\/modules|usr|var\/(log|run|lib\/(kubelet|docker|containerd|cni|calico|cilium)))(\/|$))/;

function* pins(workload: Workload) {
  const { nodeName } = workload;
  if (nodeName.state === 'known' && nodeName.value !== '')
    yield { at: nodeName.at, what: `nodeName ${nodeName.value}` };
  for (const container of workload.containers) {
    for (const { hostPort } of container.ports)
      if (hostPort.state === 'known' && hostPort.value > 0)
        yield { at: hostPort.at, what: `hostPort ${hostPort.value}` };
    for (const { volume, readOnly, at } of container.volumeMounts)
      if (volume?.type === 'hostPath' && !readOnly && !SYSTEM.test(volume.hostPath ?? '/dev'))
        yield { at, what: `data on the hostPath ${volume.hostPath}` };
  }
}

export default defineRule({
  id: 'pinned-to-node',
  title: 'A workload with several replicas is bound to single nodes.',
  cause: 'pinned to a node',
  subject: 'workload',
  levels: { pinned: 'warning' },
  productionOnly: true,
  runbook: 'pod-1-replicas',
  bearsOn: ['bound-to-a-node'],
  fix: 'Let the scheduler choose: a Service instead of hostPort, a persistent volume instead of hostPath, affinity instead of nodeName',

  *check(workload) {
    const { floor } = workload.replicas;
    if (!workload.scalable || floor.state !== 'known' || floor.value < 2) return;
    const [first, ...others] = pins(workload);
    if (first === undefined) return;
    yield {
      at: first.at,
      message: `${workload.label} has ${floor.value} replicas and ${first.what}; pods that can run on any node are wanted, so that they move when a node is lost`,
      related: others.map(({ at, what }) => ({ at, message: `also ${what}` })),
    };
  },
});
