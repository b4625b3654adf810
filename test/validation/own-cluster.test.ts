import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { loadExperiment } from '../../src/experiment/language/load-experiment.js';
import { compareWithMeasurement, type DelayOrigin, readMeasurement } from '../../src/validation/own-cluster.js';
import { TemporaryFiles } from '../experiment/temporary-files.js';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../experiments/validation/example/${name}`, import.meta.url));

/** Compares the example's delays with its experiment, or with a wrong one. */
async function compare(
  by: readonly string[],
  replications: number,
  set: readonly string[] = [],
  from: DelayOrigin = 'acknowledged',
) {
  const measurement = await readMeasurement(example('delays.csv'), by);
  const experiment = await loadExperiment([example('cluster.yaml')], { samples: 'all', replications, set });
  return compareWithMeasurement(measurement, experiment, { from, allowance: 0.02 });
}

describe('the delays of one’s own cluster', function () {
  this.timeout(30_000);
  let right: Awaited<ReturnType<typeof compare>>;
  before(async () => {
    right = await compare(['class'], 40);
  });

  it('are compared class by class with the experiment that describes the cluster', () => {
    const { columns, rows, misses } = right;
    expect(misses).to.equal(0);
    expect(columns.slice(0, 2)).to.deep.equal(['class', 'statistic']);
    expect([...new Set(rows.map(([group]) => group))]).to.have.members(['own', 'shared']);
    expect(rows).to.have.lengthOf(12);
  });

  it('reject an experiment with twice the TTL, or with another strategy', async () => {
    for (const wrong of ['kubelet.nodeTTL=120s', 'kubelet.configMapAndSecretChangeDetectionStrategy=Watch']) {
      expect((await compare(['class'], 20, [wrong])).misses, wrong).to.be.above(0);
    }
  });

  it('are longer from when the write was sent than from when it was committed', async () => {
    const mean = async (from: DelayOrigin): Promise<number> => {
      // The same runs, whose writes take 2 s: the difference is no matter of chance.
      const { columns, rows } = await compare([], 20, ['apiServer.write=2s'], from);
      return Number(rows[0][columns.indexOf('simulated')]);
    };
    expect((await mean('sent')) - (await mean('committed'))).to.be.closeTo(2, 0.1);
  });

  it('are compared with as many simulated ones, drawn at random, where fewer were measured', async () => {
    const measurement = await readMeasurement(example('delays.csv'), ['class']);
    const few = {
      ...measurement,
      groups: measurement.groups.map((each) => ({ ...each, delays: each.delays.slice(0, 40) })),
    };
    const experiment = await loadExperiment([example('cluster.yaml')], { samples: 'all', replications: 40 });
    const wide = await compareWithMeasurement(few, experiment, { from: 'acknowledged', allowance: 0.02 });
    const width = ({ columns, rows }: typeof wide): number =>
      Number(rows[0][columns.indexOf('central99_high')]) - Number(rows[0][columns.indexOf('central99_low')]);
    // 40 delays instead of 640 vary more; those of one update share entries, so not by the factor 4.
    expect(width(wide) / width(right)).to.be.above(1.5);
  });

  it('are refused with the line and what is allowed where the file is wrong', async () => {
    const files = new TemporaryFiles();
    after(() => files.remove());
    const refused = async (text: string, by: readonly string[] = []): Promise<string> => {
      return readMeasurement(files.write('delays.csv', text), by).then(
        () => 'read',
        (error: unknown) => String(error),
      );
    };
    const rows = '1\n2\n3\n4\n';
    expect(await refused(`delay\n${rows}5\n`)).to.match(/has no column delay_s \(it has 1 columns\)/);
    expect(await refused(`delay_s\n${rows}soon\n`)).to.match(/delays\.csv:6: delay_s: expected seconds/);
    expect(await refused(`delay_s\n${rows}`)).to.match(/4 delays; at least 5/);
    expect(await refused('delay_s\n')).to.match(/no rows/);
    expect(await refused(`delay_s,a\n1,2\n3\n`)).to.match(/not a CSV file/);
    expect(await refused(`delay_s,a\n1,x\n2,x\n3,x\n4,x\n5,x\n6,y\n`, ['a'])).to.match(
      /1 delays in one of the groups that --by makes/,
    );
  });
});
