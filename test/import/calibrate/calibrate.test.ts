import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { measuredFor } from '../../../src/cluster/model/measured-costs.js';
import { NEWEST_RELEASE } from '../../../src/cluster/model/releases.js';
import { loadExperiment } from '../../../src/experiment/language/load-experiment.js';
import { calibrate, type Calibration, type CalibrateOptions } from '../../../src/import/calibrate/calibrate.js';
import type { Finding } from '../../../src/import/calibrate/findings.js';
import { TestFolder } from '../kubernetes.js';
import {
  cpu,
  etcdGets,
  histogram,
  memory,
  requests,
  scrapeText,
  startedAt,
  watchesOpen,
  type Series,
} from './scrapes.js';

let folder: TestFolder;

beforeEach(async () => {
  folder = await TestFolder.create();
});

afterEach(() => folder.remove());

type Settings = Omit<CalibrateOptions, 'scrapes' | 'out'>;

/** Calibrates by one scrape, or by two that are a minute apart. */
async function calibrated(scrapes: readonly (readonly Series[])[], settings: Settings = {}): Promise<Calibration> {
  const paths = await Promise.all(scrapes.map((series, index) => folder.write(`${index}.prom`, scrapeText(series))));
  const interval = paths.length === 2 ? { intervalSeconds: 60 } : {};
  return calibrate({ scrapes: paths, out: folder.file('out.yaml'), force: true, ...interval, ...settings });
}

function finding({ findings }: Calibration, field: string): Finding {
  const found = findings.find((each) => each.field === field);
  if (found === undefined) throw new Error(`nothing was said of ${field}`);
  return found;
}

const POD_LIST = requests('LIST', 0, { resource: 'pods' });
const { costs, startup } = measuredFor(NEWEST_RELEASE);
const { getFromCache, getQuorum, list, write, watch, watchGone, tokenRequest, rejected, event } = costs;

describe('cpuScale', () => {
  const SCALE = 0.35;

  /** A server that did `n` times a set of requests, each at its price on a machine of that scale. */
  function server(n: number): Series[] {
    const ns =
      1000 * list.at1KiB +
      300 * getQuorum.at1KiB +
      200 * getFromCache.at1KiB +
      // Questions store nothing.
      70 * getFromCache.at1KiB +
      400 * write.at1KiB +
      50 * tokenRequest +
      30 * rejected +
      20 * watchGone +
      // 600 that ended, and 100 more that are open.
      700 * watch +
      9000 * event.at1KiB;
    return [
      requests('LIST', 1000 * n, { resource: 'pods' }),
      requests('GET', 500 * n),
      etcdGets(300 * n),
      requests('PUT', 250 * n, { group: 'coordination.k8s.io', resource: 'leases' }),
      requests('PATCH', 150 * n, { resource: 'nodes', subresource: 'status' }),
      requests('POST', 50 * n, { resource: 'serviceaccounts', subresource: 'token' }),
      requests('POST', 70 * n, { group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }),
      requests('LIST', 20 * n, { code: '429' }),
      requests('GET', 10 * n, { code: '403' }),
      requests('WATCH', 600 * n),
      requests('WATCH', 20 * n, { code: '410' }),
      watchesOpen(100 * n),
      { name: 'apiserver_watch_events_total', labels: { kind: 'Pod' }, value: 9000 * n },
      cpu((ns * SCALE * n) / 1e9),
    ];
  }

  it('is the CPU that was used over what the cost table predicts for the requests and events between', async () => {
    const calibration = await calibrated([server(5), server(15)]);
    expect(finding(calibration, 'apiServer.cpuScale').value).to.equal(SCALE);
    expect(calibration.measured).to.include({ seconds: 60, requests: 26_700, events: 90_000, watchesOpen: 1500 });
  });

  it("counts a process's start where it is judged by its whole life", async () => {
    const startS = (startup.serveCpuUs + startup.readyCpuUs) / 1e6;
    const series = server(20).map((each) =>
      each.name === 'process_cpu_seconds_total' ? cpu(each.value + startS * SCALE) : each,
    );
    expect(finding(await calibrated([series]), 'apiServer.cpuScale').value).to.equal(SCALE);
  });

  it('goes by the release that the server tells', async () => {
    const build = (release: string): Series => ({
      name: 'kubernetes_build_info',
      labels: { git_version: `v${release}.3` },
      value: 1,
    });
    for (const release of ['1.20', '1.37']) {
      const price = measuredFor(release).costs.getQuorum.at1KiB;
      const gets = (n: number): Series[] => [POD_LIST, build(release), requests('GET', n), cpu((n * price) / 1e9)];
      expect(finding(await calibrated([gets(1000), gets(9000)]), 'apiServer.cpuScale').value).to.equal(1);
    }
  });

  it('prices all GETs as quorum reads where no series tells them apart', async () => {
    const gets = (n: number): Series[] => [POD_LIST, requests('GET', n), cpu((n * getQuorum.at1KiB) / 1e9)];
    expect(finding(await calibrated([gets(1000), gets(9000)]), 'apiServer.cpuScale').value).to.equal(1);
  });

  it('stays where there is too little to judge by, and says why', async () => {
    const scale = async (...scrapes: readonly (readonly Series[])[]): Promise<string> => {
      const { value, note } = finding(await calibrated(scrapes), 'apiServer.cpuScale');
      expect(value).to.be.null;
      return note;
    };
    expect(await scale([POD_LIST])).to.include('process_cpu_seconds_total is absent');
    expect(await scale([POD_LIST, cpu(5)], [POD_LIST, cpu(5.5)])).to.include('only 0.5 s of CPU were used');
    expect(await scale([POD_LIST, cpu(5)], [POD_LIST, cpu(9)])).to.include('no request or event was counted');
    const one = requests('LIST', 1);
    expect(await scale([POD_LIST, cpu(5)], [POD_LIST, one, cpu(9)])).to.include('a scale may be from 0.001 to 1000');
  });
});

describe('watchMemoryBytes', () => {
  const at = (watches: number, bytes: number): Series[] => [POD_LIST, watchesOpen(watches), memory(bytes)];
  const MIB = 2 ** 20;

  it('is what each watch added to the resident memory between two scrapes', async () => {
    const calibration = await calibrated([at(1000, 500 * MIB), at(11_000, 500 * MIB + 10_000 * 65_536)]);
    expect(finding(calibration, 'apiServer.costs.watchMemoryBytes').value).to.equal(65_536);
  });

  it('counts a WATCH of one object also where 1.21 and 1.22 call it a GET, and no log that is followed', async () => {
    const gauge = (verb: string, scope: string, subresource: string, value: number): Series => ({
      name: 'apiserver_longrunning_gauge',
      labels: { verb, scope, subresource, group: '', resource: subresource === '' ? 'configmaps' : 'pods' },
      value,
    });
    const scrape = (watches: number, bytes: number): Series[] => [
      POD_LIST,
      gauge('WATCH', 'cluster', '', 100),
      gauge('GET', 'resource', '', watches),
      gauge('GET', 'resource', 'log', 7),
      memory(bytes),
    ];
    const calibration = await calibrated([scrape(0, 1e9), scrape(20_000, 3e9)]);
    expect(calibration.measured.watchesOpen).to.equal(20_100);
    expect(finding(calibration, 'apiServer.costs.watchMemoryBytes').value).to.equal(100_000);
  });

  const kept: readonly (readonly [string, readonly (readonly Series[])[], string])[] = [
    ['one scrape', [at(1000, MIB)], 'needs two scrapes'],
    [
      'too few watches',
      [at(1000, 4000 * MIB), at(1500, 4050 * MIB)],
      'from 1,000 to 1,500 watches: it takes 5,184 more',
    ],
    ['fewer watches', [at(9000, 900 * MIB), at(1000, 800 * MIB)], 'from 9,000 to 1,000 watches'],
    ['memory that fell', [at(0, 900 * MIB), at(9000, 800 * MIB)], 'something else moved the memory'],
    [
      'no count of watches',
      [
        [POD_LIST, memory(1)],
        [POD_LIST, memory(2)],
      ],
      'no series tells how many watches',
    ],
    [
      'no memory',
      [
        [POD_LIST, watchesOpen(1)],
        [POD_LIST, watchesOpen(2)],
      ],
      'process_resident_memory_bytes is absent',
    ],
  ];
  for (const [what, scrapes, note] of kept) {
    it(`stays with ${what}`, async () => {
      const found = finding(await calibrated(scrapes), 'apiServer.costs.watchMemoryBytes');
      expect(found.value).to.be.null;
      expect(found.note).to.include(note);
    });
  }
});

describe('latencies', () => {
  const WHOLE = 'apiserver_request_duration_seconds';
  const BUCKETS = { '0.005': 0, '0.025': 750, '0.05': 1000, '+Inf': 1000 };
  /** Of these buckets: 750 requests between 5 and 25 ms, 250 between 25 and 50. */
  const LAW = { p50: '18.3ms', p99: '49ms' };

  it('of LISTs are those of single objects, where the release tells them from the rest', async () => {
    const slow = { '0.005': 0, '0.025': 0, '0.05': 0, '+Inf': 5000 };
    const calibration = await calibrated([
      [
        POD_LIST,
        ...histogram(WHOLE, { verb: 'LIST', scope: 'cluster' }, slow),
        ...histogram(WHOLE, { verb: 'LIST', scope: 'resource' }, BUCKETS),
      ],
    ]);
    expect(finding(calibration, 'apiServer.list').value).to.deep.equal(LAW);
    const older = await calibrated([[POD_LIST, ...histogram(WHOLE, { verb: 'LIST', scope: 'namespace' }, BUCKETS)]]);
    expect(finding(older, 'apiServer.list').value).to.deep.equal(LAW);
    expect(finding(older, 'apiServer.list').note).to.include('those of whole namespaces too');
  });

  it('of reads have no waits in queues, those of writes have their webhooks', async () => {
    const sli = 'apiserver_request_sli_duration_seconds';
    const calibration = await calibrated([
      [
        POD_LIST,
        ...['LIST', 'PUT'].flatMap((verb) => histogram(WHOLE, { verb }, { '0.005': 0, '0.1': 1000, '+Inf': 1000 })),
        ...['LIST', 'PUT'].flatMap((verb) => histogram(sli, { verb }, BUCKETS)),
      ],
    ]);
    expect(finding(calibration, 'apiServer.list')).to.deep.include({ value: LAW, from: [`${sli}_bucket`] });
    expect(finding(calibration, 'apiServer.write')).to.deep.include({ from: [`${WHOLE}_bucket`] });
    expect(finding(calibration, 'apiServer.write').value).to.deep.equal({ p50: '52.5ms', p99: '99.1ms' });
  });

  it('of PUT, PATCH and APPLY of Secrets and ConfigMaps are one law; of other resources none', async () => {
    const half = { '0.005': 0, '0.025': 375, '0.05': 500, '+Inf': 500 };
    const calibration = await calibrated([
      [
        POD_LIST,
        ...histogram(WHOLE, { verb: 'PUT' }, half),
        ...histogram(WHOLE, { verb: 'PATCH', resource: 'configmaps' }, half),
        ...histogram(WHOLE, { verb: 'PUT', resource: 'leases', group: 'coordination.k8s.io' }, { '+Inf': 9999 }),
      ],
    ]);
    expect(finding(calibration, 'apiServer.write').value).to.deep.equal(LAW);
  });

  it('are read in microseconds from old releases', async () => {
    const old = { '5000': 0, '25000': 750, '50000': 1000, '+Inf': 1000 };
    const count = { name: 'apiserver_request_count', labels: { resource: 'pods', verb: 'LIST' }, value: 1 };
    const calibration = await calibrated([[count, ...histogram('apiserver_request_latencies', { verb: 'PUT' }, old)]]);
    expect(finding(calibration, 'apiServer.write').value).to.deep.equal(LAW);
  });

  it('between two scrapes are those of the requests in between', async () => {
    const before = { '0.005': 7000, '0.025': 7000, '0.05': 7000, '+Inf': 7000 };
    const after = { '0.005': 7000, '0.025': 7750, '0.05': 8000, '+Inf': 8000 };
    const at = (counts: Readonly<Record<string, number>>): Series[] => [
      POD_LIST,
      ...histogram(WHOLE, { verb: 'PUT' }, counts),
    ];
    expect(finding(await calibrated([at(before), at(after)]), 'apiServer.write').value).to.deep.equal(LAW);
  });

  it('take a hundred requests', async () => {
    const few = { '0.005': 0, '0.025': 99, '+Inf': 99 };
    const { value, note } = finding(
      await calibrated([[POD_LIST, ...histogram(WHOLE, { verb: 'PUT' }, few)]]),
      'apiServer.write',
    );
    expect(value).to.be.null;
    expect(note).to.include('only 99; the 99th percentile takes 100');
  });

  describe('of GETs', () => {
    /** 1,000 GETs and some writes, with what etcd was asked for. */
    async function gets(fromEtcd: number, writes: number): Promise<Calibration> {
      const served = [requests('GET', 1000), requests('PUT', writes), etcdGets(fromEtcd)];
      return calibrated([[...served, ...histogram(WHOLE, { verb: 'GET' }, BUCKETS)]]);
    }

    it('are those of the watch cache where etcd answered none', async () => {
      const calibration = await gets(8, 500);
      expect(finding(calibration, 'apiServer.getFromCache').value).to.deep.equal(LAW);
      expect(finding(calibration, 'apiServer.getQuorum').value).to.be.null;
    });

    it('are those of quorum reads where etcd answered all', async () => {
      const calibration = await gets(1005, 5);
      expect(finding(calibration, 'apiServer.getQuorum').value).to.deep.equal(LAW);
      expect(finding(calibration, 'apiServer.getFromCache').value).to.be.null;
    });

    it('stay where the server answered both, or where that is not known', async () => {
      const mixed = await gets(700, 200);
      for (const field of ['apiServer.getFromCache', 'apiServer.getQuorum']) {
        expect(finding(mixed, field).value).to.be.null;
        expect(finding(mixed, field).note).to.include('etcd answered 50 % to 70 % of the GETs');
      }
      const unknown = await calibrated([[requests('GET', 1000), ...histogram(WHOLE, { verb: 'GET' }, BUCKETS)]]);
      expect(finding(unknown, 'apiServer.getQuorum').note).to.include('etcd_request_duration_seconds_count is absent');
    });
  });
});

describe('seats', () => {
  const limits = (name: string, ...values: readonly number[]): Series[] => [
    POD_LIST,
    ...values.map((value, index) => ({ name, labels: { priority_level: `level-${index}` }, value })),
  ];
  const inflight = async (series: readonly Series[]): Promise<readonly unknown[]> => {
    const calibration = await calibrated([series]);
    return ['maxRequestsInflight', 'maxMutatingRequestsInflight'].map(
      (field) => finding(calibration, `apiServer.${field}`).value,
    );
  };

  it('are the sum of what the priority levels have, each of which was rounded up', async () => {
    const nominal = 'apiserver_flowcontrol_nominal_limit_seats';
    expect(await inflight(limits(nominal, 13, 0, 49, 25, 98, 74, 98, 245))).to.deep.equal([400, 200]);
    expect(await inflight(limits(nominal, 2000, 2401))).to.deep.equal([2934, 1466]);
    expect(await inflight(limits('apiserver_flowcontrol_request_concurrency_limit', 601, 602))).to.deep.equal([
      802, 401,
    ]);
  });

  it('stay where flow control is off', async () => {
    expect(await inflight([POD_LIST])).to.deep.equal([null, null]);
    expect(await inflight(limits('apiserver_flowcontrol_nominal_limit_seats', 0))).to.deep.equal([null, null]);
  });
});

describe('the file that a calibration writes', () => {
  const EXPERIMENT = new URL('../../../../experiments/one-node.yaml', import.meta.url).pathname;
  const FIXTURE = new URL('../../../../test/fixtures/import/apiserver-1.30.prom', import.meta.url).pathname;

  it('is laid over an experiment, whose other fields stay', async () => {
    const out = folder.file('out.yaml');
    const { findings } = await calibrate({ scrapes: [FIXTURE], out, cores: 4 });
    const [plain, overlaid] = [await loadExperiment([EXPERIMENT]), await loadExperiment([EXPERIMENT, out])];
    expect(overlaid.spec.apiServer).to.deep.equal({
      ...plain.spec.apiServer,
      capacity: 4,
      cpuScale: 1.6,
      list: { p50: '1.04ms', p99: '3.9ms' },
      write: { p50: '14.2ms', p99: '55.6ms' },
    });
    expect({ ...overlaid.spec, apiServer: null }).to.deep.equal({ ...plain.spec, apiServer: null });
    expect(findings.filter(({ value }) => value === null).map(({ field }) => field)).to.deep.equal([
      'apiServer.getFromCache',
      'apiServer.getQuorum',
      'apiServer.costs.watchMemoryBytes',
      'apiServer.watch',
      'apiServer.dispatch',
      'etcd.watch',
      'network.roundTrip',
    ]);
  });

  it('changes nothing where nothing could be determined', async () => {
    await calibrated([[POD_LIST]]);
    const overlaid = await loadExperiment([EXPERIMENT, folder.file('out.yaml')]);
    expect(overlaid.hash).to.equal((await loadExperiment([EXPERIMENT])).hash);
  });

  it('has the reason of each number above it, and no text of a label', async () => {
    const grown = (n: number): Series[] => [
      requests('LIST', 1000 * n, { resource: 'hush' }),
      POD_LIST,
      watchesOpen(10_000 * n),
      memory(2 ** 30 * n),
      cpu(n * 1.08),
      { name: 'apiserver_flowcontrol_nominal_limit_seats', labels: { priority_level: 'hush' }, value: 600 },
    ];
    await calibrated([grown(1), grown(2)], { cores: 2 });
    const text = await readFile(folder.file('out.yaml'), 'utf8');
    expect(text).to.not.include('hush');
    const reason = /process_cpu_seconds_total, apiserver_request_total,[^:]*: 1.08 s of CPU; 1,000 requests, 10,000/;
    expect(text.replace(/\n *# /g, ' ')).to.match(reason);
    expect(text).to.include(
      [
        '    costs:',
        '      # process_resident_memory_bytes, apiserver_longrunning_requests: 1,024 MiB more from 10,000 to 20,000 watches.',
        '      watchMemoryBytes: 107374',
      ].join('\n'),
    );
    expect(text).to.match(/^# apiServer.dispatch \(default p50 2ms, p99 10ms\): no series measures/m);
    for (const line of text.split('\n')) expect(line.length).to.be.at.most(120);
  });
});

describe('the time between two scrapes', () => {
  const at = (seconds: number, timestamp?: number): Series[] => [
    requests('LIST', 1000 * seconds, { resource: 'pods' }),
    startedAt(5000),
    cpu(seconds, timestamp),
  ];

  it('is told by their timestamps', async () => {
    const scrapes = [at(1, 9_000_000), at(2, 9_030_500)];
    const paths = await Promise.all(scrapes.map((series, index) => folder.write(`${index}`, scrapeText(series))));
    const timed = await calibrate({ scrapes: paths, out: folder.file('out.yaml') });
    expect(timed.measured.seconds).to.equal(30.5);
    const alone = await calibrate({ scrapes: [paths[0]], out: folder.file('alone.yaml') });
    expect(alone.measured.seconds).to.equal(4000);
  });

  it('is told by timestamps in seconds in OpenMetrics', async () => {
    const path = await folder.write('open', `${scrapeText(at(1, 9000))}# EOF\n`);
    expect((await calibrate({ scrapes: [path], out: folder.file('out.yaml') })).measured.seconds).to.equal(4000);
  });

  it('is not known for a single scrape without timestamps', async () => {
    expect((await calibrated([at(5)])).measured.seconds).to.be.null;
  });
});
