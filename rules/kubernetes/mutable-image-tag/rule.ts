import { type Container, defineRule, type ImageReference } from '../../../src/rule.ts';

/**
 * Text that stands for an image that something fills in: a bare `IMAGE_NAME` (no image name has upper case letters),
 * `auto` (Istio's injector), `ko://...`, or an image of the machine's own registry (`localhost/`, `kind-registry:5000/`).
 */
const isStandIn = ({ text, repository }: ImageReference) =>
  !/^[a-z0-9]/.test(repository) ||
  /[A-Z]/.test(repository) ||
  text === 'auto' ||
  /:\/\//.test(text) ||
  /^(?:(?:localhost|127\.0\.0\.1)[:/]|[a-z0-9-]+:\d+\/)/.test(text);

/** OpenShift writes the digest of an image stream into these pods. */
const isTriggered = ({ annotations, workload }: Container) =>
  workload.kind === 'DeploymentConfig' || annotations.has('image.openshift.io/triggers');

/** The image was put on the node by hand: a local cluster, where the tag is what was built last. */
const isNeverPulled = ({ imagePullPolicy }: Container) =>
  imagePullPolicy.state === 'known' && imagePullPolicy.value === 'Never';

export default defineRule({
  id: 'mutable-image-tag',
  title: 'An image has no tag or one that moves, so a restarted pod may run another version.',
  cause: 'mutable image tag',
  subject: 'image',
  levels: { mutable: 'warning' },
  productionOnly: true,
  runbook: 'prevention-4-resource-planning',
  bearsOn: ['unknown-version-after-restart'],
  fix: 'Name the version that was tested, or its digest:\nimage: shop/orders:2.4.1',
  options: {
    tags: {
      type: 'strings',
      default: ['latest'],
      description: 'Tags that move. An image without a tag has the tag latest.',
    },
  },

  *check(image, { options }) {
    const { reference, containers, replacedBy } = image;
    if (reference.digest !== undefined || replacedBy !== undefined) return;
    const tag = reference.tag ?? 'latest';
    if (!options.tags.includes(tag) || containers.every(isNeverPulled)) return;
    if (isStandIn(reference) || containers.every(isTriggered)) {
      yield { undecided: `something else may fill in ${image.label}`, at: image.at };
      return;
    }
    const [, ...others] = containers;
    const problem = reference.tag === undefined ? 'has no tag' : 'has a tag that moves';
    const name =
      reference.tag === undefined ? reference.text : reference.text.slice(0, -tag.length - 1);
    yield {
      at: image.at,
      settings: image.settings,
      message: `${image.label} ${problem}; a fixed version is wanted, because a restarted pod may run another one than its neighbours`,
      related: others.map((container) => ({ at: container.at, message: container.label })),
      fix: `Name the version that was tested, or its digest:\nimage: ${name}:VERSION`,
    };
  },
});
