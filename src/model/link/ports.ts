/** What the name of a port says of its users. */

const SCRAPED = /(?:^|-)(?:metrics?|prom(?:etheus)?|monitoring|exporter)(?:-|$)/i;

/** True for the name of a port that only a monitoring system reads: `metrics`, `http-metrics`. */
export function isScraped(name: string | undefined): boolean {
  return name !== undefined && SCRAPED.test(name);
}
