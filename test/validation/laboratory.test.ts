import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/experiment/language/values/input-error.js';
import { measuredGroup } from '../../src/validation/group-data.js';
import { type Laboratory, openLaboratory, shippedLaboratories } from '../../src/validation/laboratory.js';
import { groupInput } from '../../src/validation/laboratory-cluster.js';

/** A laboratory of two pods, with what its log could trip over. */
const FILES: Readonly<Record<string, string>> = {
  'laboratory.json': JSON.stringify({
    kubernetes: '1.34.4',
    machine: { cores: 2 },
    plan: { objectBytes: 700, kubeAPIQPS: 50, kubeAPIBurst: 100 },
  }),
  'groups.csv': `group,configMapAndSecretChangeDetectionStrategy,syncFrequency,nodeTTL,volumes
a,Watch,60s,unset,shared own immutable projected`,
  'pods.csv': `group,node,pod,created_at_s,started_at_s,sent_at_s,deleted_at_s
a,a-01,p-a-01-0,1,2,-2.5,
a,a-01,p-a-01-0-r1,30,31,30.25,`,
  'updates.csv': `sent_at_s,acknowledged_at_s,object,version,kind,error
100,100.1,shared,1,Secret,
101,101.1,own-a-01-0,1,Secret,
102,102.1,own-a-01-0,2,Secret,timeout
103,103.1,imm-a-01,1,Secret,`,
  'projections.csv': `group,node,pod,object,version,acknowledged_at_s,projected_at_s,delay_s
a,a-01,p-a-01-0,shared,1,100.1,140.1,40
a,a-01,p-a-01-0,kube-root-ca.crt,1,100.1,110.1,10`,
  'requests.csv': `received_at_s,duration_s,group,node,verb,object,resource_version,timeout_s,status
0.1,0.01,a,a-01,watch,own-a-01-0,set,400,403
0.2,0.2,a,a-01,watch,imm-a-01,,400,200
1,299,a,a-01,watch,shared,set,400,200
2,500,a,a-01,watch,own-a-01-0,set,400,200
110,0.01,a,a-01,get,shared,0,,200`,
  'events.csv': 'at_s,event\n150,endOfRounds\n400,endOfRounds',
  'starts.csv': `group,node,pod,object,version,projected_at_s
a,a-01,p-a-01-0,imm-a-01,0,3
a,a-01,p-a-01-0-r1,imm-a-01,0,130`,
};

describe('a laboratory', () => {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  /** The laboratory's folder, with some files changed; undefined: without that file. */
  const folderWith = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
    const folder = mkdtempSync(join(tmpdir(), 'laboratory-'));
    folders.push(folder);
    for (const [name, text] of Object.entries({ ...FILES, ...changes }))
      if (text !== undefined) writeFileSync(join(folder, name), text);
    return folder;
  };
  const open = (changes?: Readonly<Record<string, string | undefined>>): Laboratory =>
    openLaboratory(folderWith(changes));
  const refusalOf = (changes: Readonly<Record<string, string | undefined>>): string => {
    try {
      const laboratory = open(changes);
      laboratory.groups.forEach((group) => measuredGroup(laboratory, group));
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return '';
  };

  it('is read off its folder: release, groups, and the ends of rounds and log', () => {
    const { release, groups, originS, endOfRoundsS, endOfLogS } = open();
    expect({ release, originS, endOfRoundsS, endOfLogS }).to.deep.equal({
      release: '1.34',
      originS: 3,
      endOfRoundsS: 400,
      endOfLogS: 400,
    });
    expect(groups.map(({ group, volumes }) => [group, volumes.length])).to.deep.equal([['a', 4]]);
  });

  it('without WATCH rows and without events lasts as long as its requests', () => {
    const { endOfRoundsS, endOfLogS } = open({
      'events.csv': undefined,
      'requests.csv': `received_at_s,duration_s,group,node,verb,object,resource_version,status
7,1,a,a-01,get,shared,,200`,
    });
    expect([endOfRoundsS, endOfLogS]).to.deep.equal([7, 7]);
  });

  it('counts as lives of watches those that were answered and have ended by the end of the log', () => {
    const laboratory = open();
    const { start, rounds } = measuredGroup(laboratory, laboratory.groups[0]);
    expect(start.forbiddenWatches).to.equal(1);
    expect(start.immutableWatchLives).to.deep.equal([0.2]);
    expect(rounds.watchLives).to.deep.equal([299]);
    expect(rounds.delays).to.deep.equal({ shared: [40], 'kube-root-ca.crt': [10] });
    // The second pod started when its immutable Secret had been made anew.
    expect(rounds.startedStale).to.equal(1);
  });

  it('is simulated with its pods as they were created, and with the updates that were acknowledged', () => {
    const laboratory = open();
    const input = groupInput(laboratory, laboratory.groups[0], 'rounds');
    if (input.cluster.type !== 'imported') throw new Error('not a topology');
    expect(input.cluster.file.pods.map(({ startsAfterSeconds }) => startsAfterSeconds)).to.deep.equal([0.5, 33.25]);
    expect(input.cluster.file.objects.map(({ name }) => name)).to.deep.equal([
      'shared',
      'own-a-01-0',
      'imm-a-01',
      'kube-root-ca.crt',
    ]);
    const actions = input.timeline.map((each) => [each.action, 'target' in each ? each.target : '', each.firstUs]);
    expect(actions).to.deep.equal([
      ['update', 'default/shared', 103e6],
      ['update', 'default/own-a-01-0', 104e6],
      ['recreate', 'default/imm-a-01', 106e6],
    ]);
    expect(input.durationUs).to.equal(403e6);
  });

  it('has the law of its latencies, whatever their tail', () => {
    const gets = Array.from({ length: 60 }, (_, i) => `${i},${i === 59 ? 80 : 0.002},a,a-01,get,shared,0,,200`);
    const laboratory = open({
      'requests.csv': `received_at_s,duration_s,group,node,verb,object,resource_version,timeout_s,status\n${gets.join('\n')}`,
    });
    const { getFromCache } = groupInput(laboratory, laboratory.groups[0], 'start').apiServer;
    expect(getFromCache.p50Us).to.equal(2000);
    expect(getFromCache.measuredUs?.at(-1)).to.equal(80e6);
  });

  it('is refused where its folder lacks what is needed, with the file and what is wrong', () => {
    expect(refusalOf({})).to.equal('');
    expect(refusalOf({ 'laboratory.json': undefined })).to.match(/laboratory\.json: no such file/);
    expect(refusalOf({ 'laboratory.json': '{' })).to.match(/laboratory\.json: is no JSON/);
    expect(refusalOf({ 'laboratory.json': '{}' })).to.match(/laboratory\.json: kubernetes: /);
    const other = FILES['laboratory.json'].replace('1.34.4', '1.19.3');
    expect(refusalOf({ 'laboratory.json': other })).to.match(/Kubernetes 1\.19\.3; simulated are 1\.20 to /);
    expect(refusalOf({ 'pods.csv': undefined })).to.match(/has no pods\.csv/);
    expect(refusalOf({ 'groups.csv': FILES['groups.csv'].replace('Watch', 'Poll') })).to.match(
      /groups\.csv, row 1: configMapAndSecretChangeDetectionStrategy/,
    );
    expect(refusalOf({ 'groups.csv': FILES['groups.csv'].replace('a,', 'z,') })).to.match(/no pod of this group/);
    expect(refusalOf({ 'updates.csv': 'object\nshared' })).to.match(/updates\.csv: has no column sent_at_s/);
    const bad = FILES['projections.csv'].replace('140.1,40', '140.1,forty');
    expect(refusalOf({ 'projections.csv': bad })).to.match(/projections\.csv, row 1: delay_s is not a number/);
    expect(refusalOf({ 'requests.csv': '"' })).to.match(/requests\.csv cannot be read as CSV/);
  });

  it('of this program says of each what its data README says', () => {
    const releases = shippedLaboratories().map((folder) => openLaboratory(folder).release);
    expect(releases).to.include.members(['1.20', '1.34', '1.36', '1.37']);
    const page = readFileSync(new URL('../../../experiments/laboratory/data/README.md', import.meta.url), 'utf8');
    for (const folder of shippedLaboratories().slice(1)) expect(page).to.contain(`\`${openLaboratory(folder).name}\``);
  });
});
