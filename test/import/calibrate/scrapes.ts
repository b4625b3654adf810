/** A series of a scrape to be written. */
export interface Series {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp?: number;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** A series as an exporter writes it. */
export function seriesLine({ name, labels = {}, value, timestamp }: Series): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${text.replace(/[\\"\n]/g, (character) => ESCAPES[character])}"`,
  );
  const number = value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number}${timestamp === undefined ? '' : ` ${timestamp}`}\n`;
}

export function scrapeText(series: readonly Series[]): string {
  return series.map(seriesLine).join('');
}

/** Answered requests. */
export function requests(verb: string, value: number, labels: Readonly<Record<string, string>> = {}): Series {
  const standard = { group: '', resource: 'secrets', subresource: '', code: '200' };
  return { name: 'apiserver_request_total', labels: { verb, ...standard, ...labels }, value };
}

export function cpu(value: number, timestamp?: number): Series {
  return { name: 'process_cpu_seconds_total', value, ...(timestamp !== undefined && { timestamp }) };
}

export function startedAt(value: number): Series {
  return { name: 'process_start_time_seconds', value };
}

export function memory(value: number): Series {
  return { name: 'process_resident_memory_bytes', value };
}

export function watchesOpen(value: number): Series {
  return { name: 'apiserver_longrunning_requests', labels: { verb: 'WATCH', resource: 'secrets' }, value };
}

export function etcdGets(value: number): Series {
  return { name: 'etcd_request_duration_seconds_count', labels: { operation: 'get', type: 'secrets' }, value };
}

/** A histogram from its cumulative counts by upper bound, the last of which holds all. */
export function histogram(
  family: string,
  labels: Readonly<Record<string, string>>,
  cumulative: Readonly<Record<string, number>>,
  sum = 0,
): Series[] {
  const all = { group: '', resource: 'secrets', subresource: '', ...labels };
  const counts = Object.entries(cumulative);
  return [
    ...counts.map(([le, value]) => ({ name: `${family}_bucket`, labels: { ...all, le }, value })),
    { name: `${family}_sum`, labels: all, value: sum },
    { name: `${family}_count`, labels: all, value: Math.max(...counts.map(([, value]) => value)) },
  ];
}
