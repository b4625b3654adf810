import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { calibrate, type CalibrateOptions } from '../../../src/import/calibrate/calibrate.js';
import { inputError, TestFolder } from '../kubernetes.js';
import { cpu, histogram, requests, scrapeText, startedAt, type Series } from './scrapes.js';

const LISTS = requests('LIST', 10, { resource: 'pods' });

describe('scrapes that cannot be calibrated by', () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await TestFolder.create();
  });
  afterEach(() => folder.remove());

  /** The error of a calibration by scrapes `a.prom`, `b.prom`, without the folder. It leaves no file behind. */
  async function refusal(
    scrapes: readonly (readonly Series[])[],
    settings: Partial<CalibrateOptions> = {},
  ): Promise<string> {
    const names = ['a.prom', 'b.prom'].slice(0, scrapes.length);
    const paths = await Promise.all(scrapes.map((series, index) => folder.write(names[index], scrapeText(series))));
    const message = await inputError(() => calibrate({ scrapes: paths, out: folder.file('out.yaml'), ...settings }));
    expect(await readdir(folder.path)).to.have.members(names);
    return message.replaceAll(`${folder.path}/`, '');
  }

  it('are those of another component, which is named', async () => {
    const kubelet = { name: 'kubelet_node_name', labels: { node: 'hush' }, value: 1 };
    const message = await refusal([[kubelet, cpu(1)]]);
    expect(message).to.equal(
      'a.prom: has no apiserver_request_total: these are metrics of a kubelet; needed are those of a kube-apiserver, ' +
        'which kubectl get --raw /metrics prints',
    );
    expect(await refusal([[cpu(1)]])).to.include('a.prom: has no apiserver_request_total; needed are those of');
  });

  it('are those of an extension API server', async () => {
    const extension = requests('GET', 5, { group: 'metrics.k8s.io', resource: 'pods' });
    expect(await refusal([[extension]])).to.include('these are metrics of an extension API server');
  });

  it('hold more than one server', async () => {
    expect(await refusal([[LISTS, cpu(1), cpu(2)]])).to.include(
      'a.prom:3: a second process_cpu_seconds_total (the first is in line 2)',
    );
    expect(await refusal([[LISTS, LISTS]])).to.include(
      'a.prom:2: a second apiserver_request_total with the same labels',
    );
  });

  it('are of a federation, which adds labels of the servers: limits and requests would be those of all', async () => {
    const seats = (labels: Readonly<Record<string, string>>) => ({
      name: 'apiserver_flowcontrol_nominal_limit_seats',
      labels: { priority_level: 'system', ...labels },
      value: 100,
    });
    for (const label of ['instance', 'pod', 'node', 'cluster', 'replica', 'prometheus_replica']) {
      expect(await refusal([[LISTS, seats({ [label]: 'a' }), seats({ [label]: 'b' })]])).to.include(
        `: another ${label} than in line 1: the file holds the series of several servers`,
      );
    }
  });

  it('count what cannot be counted', async () => {
    expect(await refusal([[LISTS, cpu(-1)]])).to.include(
      'a.prom:2: process_cpu_seconds_total is none that can be; expected a number from 0',
    );
    expect(await refusal([[requests('GET', NaN)]])).to.include('a.prom:1: apiserver_request_total is none that can be');
    const bucket = histogram('apiserver_request_duration_seconds', { verb: 'PUT' }, { often: 1 });
    expect(await refusal([[LISTS, ...bucket]])).to.include(
      'a.prom:2: apiserver_request_duration_seconds_bucket has no label le',
    );
  });

  it('are of two processes', async () => {
    expect(
      await refusal(
        [
          [LISTS, startedAt(100)],
          [LISTS, startedAt(900)],
        ],
        { intervalSeconds: 60 },
      ),
    ).to.equal(
      'b.prom:2: process_start_time_seconds is another one than in line 2 of a.prom: the server was restarted, or a ' +
        'load balancer led to another one; both scrapes have to be of one server, without a restart in between',
    );
  });

  it('are in the wrong order', async () => {
    const message = await refusal(
      [
        [LISTS, cpu(9)],
        [LISTS, cpu(5)],
      ],
      { intervalSeconds: 60 },
    );
    expect(message).to.include('b.prom:2: this series of process_cpu_seconds_total is less than in a.prom');
    expect(message).to.include('give the earlier scrape first');
    const timed = await refusal([
      [LISTS, cpu(5, 2000)],
      [LISTS, cpu(5, 1000)],
    ]);
    expect(timed).to.include(
      'b.prom: its timestamps are not later than those of a.prom: give the earlier scrape first',
    );
  });

  it('hold whatever: no message repeats a number of theirs', async () => {
    const pin = 73_190_264;
    const untimed: readonly (readonly Series[])[][] = [
      [[LISTS, cpu(-pin)]],
      [[LISTS, { name: 'apiserver_watch_events_total', value: -pin }]],
      [
        [LISTS, startedAt(pin)],
        [LISTS, startedAt(1)],
      ],
      [
        [LISTS, cpu(pin)],
        [LISTS, cpu(pin - 1)],
      ],
      [[LISTS, requests(`${pin}`, pin)], [LISTS]],
    ];
    const timed: readonly (readonly Series[])[][] = [
      [
        [LISTS, cpu(1, pin)],
        [LISTS, cpu(2, pin)],
      ],
      // Later than any date that there is.
      [
        [LISTS, cpu(1, pin * 1e12)],
        [LISTS, cpu(2, pin * 1e12)],
      ],
    ];
    const interval = (scrapes: readonly unknown[]): Partial<CalibrateOptions> =>
      scrapes.length === 1 ? {} : { intervalSeconds: 60 };
    for (const scrapes of untimed) expect(await refusal(scrapes, interval(scrapes))).to.not.match(/7319/);
    for (const scrapes of timed) {
      expect(await refusal(scrapes))
        .to.include('give the earlier scrape first')
        .and.not.match(/7319|\d{4}-\d\d/);
    }
  });

  it('lose series between them', async () => {
    expect(await refusal([[LISTS, requests('GET', 1)], [LISTS]], { intervalSeconds: 60 })).to.include(
      'a.prom:2: b.prom does not have this series of apiserver_request_total',
    );
  });

  it('do not tell how far they are apart', async () => {
    expect(
      await refusal([
        [LISTS, cpu(1)],
        [LISTS, cpu(2)],
      ]),
    ).to.equal('a.prom: has no timestamps: say with --interval how far the scrapes are apart, such as --interval 60s');
  });

  it('used more cores than the server is said to have', async () => {
    const scrapes = [
      [LISTS, cpu(1)],
      [LISTS, cpu(301)],
    ];
    expect(await refusal(scrapes, { intervalSeconds: 60, cores: 4 })).to.include(
      'b.prom: the server used 300 s of CPU in 60 s, more than 4 cores have',
    );
  });

  it('are the file that is to be written, or one file twice', async () => {
    const path = await folder.write('a.prom', scrapeText([LISTS]));
    expect(await inputError(() => calibrate({ scrapes: [path], out: path, force: true }))).to.include(
      'is one of the scrapes',
    );
    expect(await inputError(() => calibrate({ scrapes: [path, path], out: folder.file('o') }))).to.include(
      'is given twice',
    );
    expect(await inputError(() => calibrate({ scrapes: ['-', '-'], out: folder.file('o') }))).to.include(
      'standard input (-): is given twice',
    );
  });

  it('would replace a file that exists', async () => {
    const [path, out] = [await folder.write('a.prom', scrapeText([LISTS])), await folder.write('out.yaml', 'mine')];
    expect(await inputError(() => calibrate({ scrapes: [path], out }))).to.include('exists already; --force replaces');
    await calibrate({ scrapes: [path], out, force: true });
  });
});
