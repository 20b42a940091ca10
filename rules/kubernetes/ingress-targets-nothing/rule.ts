import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'ingress-targets-nothing',
  title: 'A route sends traffic to a Service or a port that does not exist.',
  cause: 'route to nowhere',
  subject: 'backend',
  levels: { service: 'error', port: 'error' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['unreachable'],
  fix: 'Name a Service of the same namespace and one of its ports',

  *check(backend) {
    const { route, serviceName, port, service, nearMiss } = backend;
    if (serviceName.state !== 'known') {
      if (serviceName.state === 'unknown') yield { undecided: serviceName.why, at: serviceName.at };
      return;
    }
    // The AWS load balancer controller reads such a backend from an annotation.
    if (port.state === 'known' && port.value === 'use-annotation') return;

    if (service === undefined) {
      if (backend.mayBeUnseen && nearMiss === undefined) {
        yield { undecided: 'the Service may be made elsewhere', at: serviceName.at };
        return;
      }
      yield {
        at: serviceName.at,
        as: 'service',
        message: `${route.label} sends traffic to Service ${serviceName.value}, which does not exist here; an existing one is wanted, because its requests get 503`,
        related: nearMiss === undefined ? [] : [nearMiss],
        ...(nearMiss === undefined ? {} : { fix: `Correct the name: ${nearMiss.message}` }),
        key: serviceName.value,
      };
      return;
    }
    const { portExists } = backend;
    if (portExists.state !== 'known' || portExists.value || port.state !== 'known') return;
    const ports = service.ports.map((p) =>
      [p.port.state === 'known' ? `${p.port.value}` : '?', ...(p.name ? [`(${p.name})`] : [])].join(
        ' ',
      ),
    );
    yield {
      at: backend.portAt,
      as: 'port',
      message: `${route.label} sends traffic to port ${port.value} of ${service.label}, which has ${ports.length > 0 ? ports.join(', ') : 'no port'}; one of its ports is wanted`,
      related: [{ at: service.nameAt, message: 'the Service' }],
      fix: `Use a port of ${service.label}: ${ports.join(', ')}`,
      key: `${serviceName.value}:${port.value}`,
    };
  },
});
