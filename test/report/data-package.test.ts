import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TABLE_KINDS } from '../../src/report/result-tables.js';
import { Workplace } from '../cli/command.js';
import { problemsOf, readPackage, readTable } from './tabular-reader.js';

/** An experiment that fills every table: two factors, a restart, a pipeline, quantiles, groups. */
const EVERYTHING = `apiVersion: secretsim/v1
kind: Experiment
metadata: {name: Every table, question: "Is everything described?"}
spec:
  replications: 2
  warmup: 2m
  duration: 5m
  cluster: {nodes: 5, podsPerNode: 4, namespaces: 2, deploymentReplicas: 4}
  objects:
    - {name: app-tls, kind: Secret, scope: deployment}
    - {name: app-env, kind: ConfigMap, scope: namespace, as: env}
  timeline:
    - {at: 30s, update: app-tls}
    - {at: 40s, update: app-env}
    - {at: 60s, restartApiServer: {servers: 1}}
  pipeline: {source: {refreshInterval: 1m}}
  output: {exceedances: [60s], lastPodQuantiles: [0.5, 0.99, 0.5], groups: true}
  factors:
    cluster.kubernetesVersion: ["1.20", "1.30"]
    kubelet.syncFrequency: [30s, 1m]
    apiServer.cpuScale: [0.5, 1]
`;

describe('datapackage.json', () => {
  let place: Workplace;
  const folder = (name: string): string => join(place.path, name);

  before(async () => {
    place = await Workplace.make();
    await place.write('all.yaml', EVERYTHING);
    const run = ['run', 'all.yaml', '--workers', '1', '--quiet', '--samples', 'all'];
    expect((await place.call([...run, '--out', 'plain'])).code).to.equal(0);
    expect((await place.call([...run, '--out', 'excel', '--excel'])).code).to.equal(0);
  });
  after(() => place.remove());

  it('describes every table of a result, and each has something to tell', async () => {
    const { name, title, resources } = readPackage(folder('plain'));
    expect({ name, title }).to.deep.equal({ name: 'every-table', title: 'Every table' });
    expect(resources.map((resource) => resource.name)).to.have.members(Object.keys(TABLE_KINDS));
    const tables = ((await place.list('plain')) ?? []).filter((file) => file.endsWith('.csv'));
    expect(resources.map(({ path }) => path)).to.have.members(tables);
    for (const { path, rows } of resources) expect(rows, path).to.be.greaterThan(0);
  });

  for (const dialect of ['plain', 'excel']) {
    it(`is true of each cell, key and reference of the ${dialect} files`, () => {
      expect(problemsOf(folder(dialect))).to.deep.equal([]);
    });
  }

  it('gives the same values for both spellings', () => {
    const [plain, excel] = ['plain', 'excel'].map((dialect) =>
      readPackage(folder(dialect)).resources.map((resource) => readTable(folder(dialect), resource).rows),
    );
    expect(excel).to.deep.equal(plain);
  });

  it('keeps text that looks like a number text, and tells units and what a column means', () => {
    const [runs] = readPackage(folder('plain')).resources;
    const fields = new Map(runs.schema.fields.map((field) => [field.name, field]));
    expect(fields.get('cluster.kubernetesVersion')?.type).to.equal('string');
    expect(fields.get('kubelet.syncFrequency_s')).to.deep.include({ type: 'number', unit: 's' });
    expect(fields.get('apiServer.cpuScale')?.type).to.equal('number');
    expect(fields.get('due')?.type).to.equal('integer');
    for (const { name, description } of runs.schema.fields) expect(description, name).not.to.equal('');
    const versions = readTable(folder('plain'), runs).rows.map((row) => row['cluster.kubernetesVersion']);
    expect(new Set(versions)).to.deep.equal(new Set(['1.20', '1.30']));
  });

  it('holds hashes of the files, and is vouched for by the manifest', async () => {
    const sha256 = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder('plain'), name)))
        .digest('hex');
    for (const { path, hash } of readPackage(folder('plain')).resources)
      expect(hash).to.equal(`sha256:${sha256(path)}`);
    const { files } = JSON.parse(await place.read('plain/manifest.json')) as {
      files: { name: string; sha256: string }[];
    };
    expect(files.at(-1)).to.deep.include({ name: 'datapackage.json', sha256: sha256('datapackage.json') });
  });

  it('is found wrong by the reader of this test where a table is', async () => {
    const [bounds] = readPackage(folder('excel')).resources.filter(({ name }) => name === 'bounds');
    await appendFile(join(folder('excel'), 'bounds.csv'), 'x;;1.20;30s;30;0,5;half;odd;many;\n');
    expect(problemsOf(folder('excel'))).to.deep.equal([
      'bounds.csv: a cell of scenario is empty',
      'bounds.csv: part is half',
      'bounds.csv: a cell of term_s is no number: many',
      `bounds.csv: has ${bounds.rows + 1} rows, not ${bounds.rows}`,
    ]);
  });
});
