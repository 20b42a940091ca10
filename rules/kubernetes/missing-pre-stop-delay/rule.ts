import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'missing-pre-stop-delay',
  title: 'Nothing delays the end of a pod until the load balancers have taken it out.',
  cause: 'no preStop delay',
  subject: 'workload',
  levels: { server: 'strict' },
  runbook: 'pod-3-graceful-shutdown',
  bearsOn: ['loses-requests-on-sigterm'],
  fix: 'Wait until the endpoints are updated before SIGTERM is sent (Kubernetes 1.30 and later; before, exec sleep):\nlifecycle:\n  preStop:\n    sleep:\n      seconds: 5',
  options: {
    seconds: { type: 'integer', minimum: 1, default: 5, description: 'Seconds that --fix writes.' },
  },

  *check(workload) {
    const [service] = workload.trafficServices;
    const { floor } = workload.replicas;
    if (service === undefined || (floor.state === 'known' && floor.value === 0)) return;
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;
    // Clients of a data store hold their connections: an endpoint that is gone changes nothing.
    const own = workload.containers.filter((c) => !c.nativeSidecar && c.dataStore === undefined);
    const targeted = own.filter(({ servicePorts }) =>
      servicePorts.items.some(({ scraped }) => !scraped),
    );
    const serving = targeted.length > 0 ? targeted : own;

    const lacking = serving.filter(({ preStop }) =>
      preStop.state === 'known' ? !preStop.value : preStop.state === 'absent',
    );
    const unknown = serving.find(({ preStop }) => preStop.state === 'unknown');
    // One container that waits is enough when no port says which one serves.
    if (targeted.length === 0 && lacking.length < serving.length) return;
    const [first] = lacking;
    if (first === undefined) {
      if (unknown?.preStop.state === 'unknown')
        yield { undecided: unknown.preStop.why, at: unknown.at };
      return;
    }
    yield {
      at: first.at,
      settings: first.settings.get('lifecycle') ?? [],
      message: `${lacking.length === 1 ? first.label : `container ${lacking.map((c) => c.name).join(', ')} of ${workload.label}`} has no preStop; a delay of some seconds is wanted, because traffic still arrives while the pod stops`,
      related: [{ at: service.nameAt, message: 'the Service that sends it traffic' }],
    };
  },
});
