/** Charts that something installs, with the place that says so. */
import type { ChartInstallation } from '../../facts.ts';

/** An installation and where it is written. */
export interface PlacedInstallation extends Omit<ChartInstallation, 'values'> {
  /** The file that says it. */
  readonly path: string;
  /** Values in place: a map of that file, or the text of one. */
  readonly values?: ChartInstallation['values'];
  readonly valuesText?: string;
  /** It is meant to bring the chart to a cluster that matters, whatever its environment is called. */
  readonly isDeployed: boolean;
}
