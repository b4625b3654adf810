import { InputError } from '../../experiment/language/values/input-error.js';
import { sourceLabel } from '../../experiment/language/source.js';
import { readSamples, type Sample } from './prometheus-text.js';

/** The kept labels of a series, each present, empty where the release does not have it. */
export type Labels = Readonly<Record<string, string>>;

/** A series, summed over the labels that are not kept. */
export interface SeriesSum {
  readonly labels: Labels;
  readonly value: number;
  /** Where it first stood in the file. */
  readonly line: number;
}

/** The part of a series' name and labels that a calibration reads. */
interface Kept {
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly string[];
  /** Which series of the name are kept; all where it is absent. */
  readonly where?: (labels: Labels) => boolean;
}

/** Reads and writes of the two kinds of object that are simulated. */
const SIMULATED_RESOURCES = ['secrets', 'configmaps'];

/** True for requests for Secrets and ConfigMaps. */
export function isSimulated({ group, resource }: Labels): boolean {
  return group === '' && SIMULATED_RESOURCES.includes(resource);
}

const durations = (name: string): Record<string, Kept> => {
  const labels = ['verb', 'group', 'resource', 'subresource', 'scope'];
  return {
    [`${name}_bucket`]: { type: 'counter', labels: [...labels, 'le'], where: isSimulated },
    [`${name}_sum`]: { type: 'counter', labels, where: isSimulated },
    [`${name}_count`]: { type: 'counter', labels, where: isSimulated },
  };
};

const requests: Kept = { type: 'counter', labels: ['verb', 'group', 'resource', 'subresource', 'code'] };
const single = (type: Kept['type']): Kept => ({ type, labels: [] });

const longRunning: Kept = { type: 'gauge', labels: ['verb', 'group', 'resource', 'subresource', 'scope'] };

/** Labels that a collector adds: a server itself serves none of them, and one server has one value of each. */
const TARGET_LABELS = [
  'instance',
  'pod',
  'node',
  'cluster',
  'job',
  'replica',
  'prometheus_replica',
  'prometheus',
  'host',
];

/** Everything that is kept of a scrape: none of these labels holds the name of an object. */
const KEPT: Readonly<Record<string, Kept>> = {
  process_cpu_seconds_total: single('counter'),
  process_start_time_seconds: single('gauge'),
  process_resident_memory_bytes: single('gauge'),
  kubernetes_build_info: { type: 'gauge', labels: ['git_version'] },
  apiserver_request_total: requests,
  // Up to 1.13.
  apiserver_request_count: requests,
  apiserver_watch_events_total: single('counter'),
  apiserver_longrunning_requests: longRunning,
  // Up to 1.22.
  apiserver_longrunning_gauge: longRunning,
  apiserver_registered_watchers: single('gauge'),
  apiserver_flowcontrol_nominal_limit_seats: { type: 'gauge', labels: ['priority_level'] },
  // Up to 1.25.
  apiserver_flowcontrol_request_concurrency_limit: { type: 'gauge', labels: ['priority_level'] },
  // Without queue waits and webhooks, from 1.26; the same as slo from 1.23.
  ...durations('apiserver_request_sli_duration_seconds'),
  ...durations('apiserver_request_slo_duration_seconds'),
  ...durations('apiserver_request_duration_seconds'),
  // Microseconds, up to 1.16.
  ...durations('apiserver_request_latencies'),
  // `type` is a Go type, later a resource; from 1.34 on group and resource are labels of their own.
  etcd_request_duration_seconds_count: { type: 'counter', labels: ['operation', 'type', 'group', 'resource'] },
};

/** Metrics that only other components have, to tell what was scraped by mistake. */
const OTHER_COMPONENTS: readonly (readonly [string, string])[] = [
  ['kubelet_', 'a kubelet'],
  ['scheduler_', 'a scheduler'],
  ['etcd_server_', 'etcd'],
  ['node_collector_', 'a controller manager'],
  ['kubeproxy_', 'a kube-proxy'],
  ['coredns_', 'CoreDNS'],
  ['node_cpu_', 'a node exporter'],
];

/** The series of one scrape, or what they grew by between two. */
export class Scrape {
  constructor(
    /** File name, for messages. */
    readonly label: string,
    /** When it was taken, ms since 1970; null where it does not say. */
    readonly takenAtMs: number | null,
    private readonly series: ReadonlyMap<string, ReadonlyMap<string, SeriesSum>>,
  ) {}

  has(name: string): boolean {
    return this.series.has(name);
  }

  /** The series of a name that match. */
  rows(name: string, where: (labels: Labels) => boolean = () => true): readonly SeriesSum[] {
    return [...(this.series.get(name)?.values() ?? [])].filter(({ labels }) => where(labels));
  }

  /** Their sum; 0 where there are none. */
  total(name: string, where?: (labels: Labels) => boolean): number {
    return this.rows(name, where).reduce((sum, { value }) => sum + value, 0);
  }

  /** The value of a series without labels; null where it is absent. */
  value(name: string): number | null {
    return this.rows(name).at(0)?.value ?? null;
  }

  /** The first of the names that the scrape has. */
  firstOf<N extends string>(names: readonly N[]): N | undefined {
    return names.find((name) => this.has(name));
  }

  /** A scrape in which `change` has replaced the counters, series by series; gauges stay. */
  withCounters(change: (name: string, key: string, row: SeriesSum) => SeriesSum): Scrape {
    const changed = [...this.series].map(([name, rows]): [string, ReadonlyMap<string, SeriesSum>] => {
      if (KEPT[name].type === 'gauge') return [name, rows];
      return [name, new Map([...rows].map(([key, row]) => [key, change(name, key, row)]))];
    });
    return new Scrape(this.label, this.takenAtMs, new Map(changed));
  }

  /** The counters, with the key that a series has in every scrape. */
  *counters(): Generator<{ readonly name: string; readonly key: string; readonly row: SeriesSum }> {
    for (const [name, rows] of this.series) {
      if (KEPT[name].type === 'counter') for (const [key, row] of rows) yield { name, key, row };
    }
  }

  row(name: string, key: string): SeriesSum | undefined {
    return this.series.get(name)?.get(key);
  }
}

/**
 * Reads a scrape of a kube-apiserver (`-`: standard input). Throws an InputError with the line where the file is
 * no scrape, is another component's, or holds those of several processes.
 */
export async function readScrape(path: string): Promise<Scrape> {
  const label = sourceLabel(path);
  const reader = new ScrapeReader(label);
  const { openMetrics } = await readSamples(path, (sample) => reader.add(sample));
  return reader.finish(openMetrics);
}

class ScrapeReader {
  private readonly series = new Map<string, Map<string, SeriesSum>>();
  private timestamp: number | null = null;
  private otherComponent: string | undefined;
  private readonly targets = new Map<string, { readonly value: string; readonly line: number }>();
  private readonly seen = new Set<string>();

  constructor(private readonly label: string) {}

  add(sample: Sample): void {
    const { name, value, line } = sample;
    this.otherComponent ??= OTHER_COMPONENTS.find(([prefix]) => name.startsWith(prefix))?.[1];
    if (!Object.hasOwn(KEPT, name)) return;
    const kept = KEPT[name];
    const labels = Object.fromEntries(kept.labels.map((label) => [label, sample.labels.get(label) ?? '']));
    if (kept.where?.(labels) === false) return;
    if (!Number.isFinite(value) || (kept.type === 'counter' && value < 0)) {
      const allowed = kept.type === 'counter' ? 'a number from 0' : 'a number';
      throw new InputError([`${this.label}:${line}: ${name} is none that can be; expected ${allowed}`]);
    }
    if (kept.labels.includes('le') && !/^\+Inf$|^\d/.test(labels['le'])) {
      throw new InputError([`${this.label}:${line}: ${name} has no label le with the bound of a bucket`]);
    }
    this.refuseOthers(sample);
    if (name === 'process_cpu_seconds_total') this.timestamp = sample.timestamp;
    this.sum(name, labels, value, line);
  }

  /** Sums over several servers, or over one scrape twice, would pass as those of one. */
  private refuseOthers({ name, labels, line }: Sample): void {
    for (const label of TARGET_LABELS) {
      const value = labels.get(label) ?? '';
      const first = this.targets.get(label);
      if (first === undefined) this.targets.set(label, { value, line });
      else if (first.value !== value) {
        throw new InputError([
          `${this.label}:${line}: another ${label} than in line ${first.line}: the file holds the series of several ` +
            'servers, as of a federation; needed are those of one server',
        ]);
      }
    }
    const series = `${name}\u0000${[...labels]
      .map((pair) => pair.join('\u0000'))
      .sort()
      .join('\u0000')}`;
    if (this.seen.has(series) && !name.startsWith('process_')) {
      throw new InputError([
        `${this.label}:${line}: a second ${name} with the same labels: the file holds more than one scrape`,
      ]);
    }
    this.seen.add(series);
  }

  private sum(name: string, labels: Labels, value: number, line: number): void {
    let rows = this.series.get(name);
    if (rows === undefined) this.series.set(name, (rows = new Map<string, SeriesSum>()));
    const key = Object.values(labels).join('\u0000');
    const row = rows.get(key);
    if (row !== undefined && name.startsWith('process_')) {
      throw new InputError([
        `${this.label}:${line}: a second ${name} (the first is in line ${row.line}): the file holds more than one ` +
          'scrape, or those of several servers; needed is one of one server',
      ]);
    }
    rows.set(key, row === undefined ? { labels, value, line } : { ...row, value: row.value + value });
  }

  finish(openMetrics: boolean): Scrape {
    const takenAtMs = this.timestamp === null ? null : this.timestamp * (openMetrics ? 1000 : 1);
    const scrape = new Scrape(this.label, takenAtMs, this.series);
    const name = requestsOf(scrape);
    if (name === undefined) {
      const found = this.otherComponent === undefined ? '' : `: these are metrics of ${this.otherComponent}`;
      throw new InputError([
        `${this.label}: has no apiserver_request_total${found}; needed are those of a kube-apiserver, which ` +
          'kubectl get --raw /metrics prints',
      ]);
    }
    if (scrape.rows(name, ({ group, resource }) => group === '' && resource !== '').length === 0) {
      throw new InputError([
        `${this.label}: ${name} counts no request for Pods, Secrets or another resource of Kubernetes itself: these ` +
          'are metrics of an extension API server; needed are those of a kube-apiserver',
      ]);
    }
    return scrape;
  }
}

/** The name under which a release counts its requests. */
export function requestsOf(scrape: Scrape): 'apiserver_request_total' | 'apiserver_request_count' | undefined {
  return scrape.firstOf(['apiserver_request_total', 'apiserver_request_count'] as const);
}
