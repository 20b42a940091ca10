import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

const config = new KubeConfig();
config.loadFromCluster();

export const client = config.makeApiClient(CoreV1Api);

