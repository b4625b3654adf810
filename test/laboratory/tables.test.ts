import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditedRequest, readAuditLog } from '../../experiments/laboratory/runner/audit-log.js';
import type { EventFact, Facts, ProjectionFact } from '../../experiments/laboratory/runner/facts.js';
import {
  openWatchRows,
  requestRows,
  restartDialRows,
  restartEventRows,
  restartRequestRows,
} from '../../experiments/laboratory/runner/request-tables.js';
import { endOfRounds, originOf, projectionRows, type Rows } from '../../experiments/laboratory/runner/tables.js';

/** An event as kube-apiserver logs it. */
const logged = (over: object): string =>
  JSON.stringify({
    auditID: 'one',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/secrets/own-a-01-3?resourceVersion=0',
    verb: 'get',
    user: { username: 'system:node:a-01' },
    objectRef: { resource: 'secrets', namespace: 'default', name: 'own-a-01-3' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-28T12:00:00.123456Z',
    stageTimestamp: '2026-11-28T12:00:00.125456Z',
    ...over,
  });

const watch = (id: string, stage: string, over: object = {}): string =>
  logged({
    auditID: id,
    stage,
    verb: 'watch',
    requestURI: `/api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3D${id}&sendInitialEvents=true&timeoutSeconds=2039&watch=true`,
    objectRef: { resource: 'secrets', namespace: 'default' },
    ...over,
  });

async function read(...lines: readonly string[]): Promise<AuditedRequest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'laboratory-test-'));
  try {
    writeFileSync(join(folder, 'audit.log'), lines.join('\n'));
    const requests: AuditedRequest[] = [];
    for await (const request of readAuditLog(join(folder, 'audit.log'))) requests.push(request);
    return requests;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows as objects, by the names of their columns. */
const named = ([header, ...rows]: Rows): Record<string, string | number>[] =>
  rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell])));

const at = (event: string, time: number): EventFact => ({ event, at: time });
const restarts = [
  at('endOfRounds', 90),
  at('kill9', 100),
  at('exited', 100.1),
  at('start', 110),
  at('ready', 115),
  at('sigterm', 200),
  at('exited', 260),
  at('start', 265),
  at('ready', 270),
  at('newKey', 400),
];

describe('the audit log of a laboratory', () => {
  it('tells whose request it was, for what, and how long it took', async () => {
    const [row] = named(requestRows(await read(logged({})), 0, Infinity, true));
    expect(row).to.include({ group: 'a', node: 'a-01', verb: 'get', object: 'own-a-01-3', resource_version: '0' });
    expect(row).to.include({ duration_s: 0.002, status: 200 });
  });

  it('names the object of a watch by its field selector', async () => {
    const [request] = await read(watch('shared', 'ResponseStarted'));
    expect(request).to.include({ object: 'shared', timeoutS: '2039', initialEvents: true, resourceVersion: '' });
  });

  it('keeps the microseconds of its times', async () => {
    const [request] = await read(logged({}));
    expect(request.receivedAt % 1).to.be.closeTo(0.123456, 1e-6);
  });

  it('ends where a kill has cut off its last line', async () => {
    expect(await read(logged({}), logged({}).slice(0, 100))).to.have.length(1);
  });

  it('counts a watch as open that began and has no end', async () => {
    const requests = await read(
      watch('shared', 'ResponseStarted'),
      watch('own-a-01-3', 'ResponseStarted'),
      watch('own-a-01-3', 'ResponseComplete'),
    );
    expect(named(openWatchRows(requests, 0, Infinity)).map(({ object }) => object)).to.deep.equal(['shared']);
  });

  it('gives time zero to the first request of a kubelet for a Secret', async () => {
    const earlier = { requestReceivedTimestamp: '2026-11-28T11:59:00.000000Z' };
    const requests = await read(
      logged({ ...earlier, user: { username: 'admin' } }),
      logged({ ...earlier, objectRef: { resource: 'configmaps' } }),
      logged({}),
    );
    expect(originOf(requests)).to.equal(requests[2].receivedAt);
  });
});

describe('the tables of a laboratory', () => {
  const projection = (version: number, time: number): ProjectionFact => ({
    ...{ group: 'a', node: 'a-01', pod: 'p-a-01-3', kind: 'Secret', object: 'shared' },
    ...{ version, at: time, first: version === 0 },
  });
  const update = (version: number, acknowledgedAt: number) => ({
    ...{
      kind: 'Secret',
      object: 'shared',
      version,
      sentAt: acknowledgedAt - 0.01,
      acknowledgedAt,
      resourceVersion: '9',
    },
  });
  const facts = (over: Partial<Facts>): Facts => ({
    ...{ events: [], pods: [], updates: [], rewrites: [], projections: [], samples: [], dials: [] },
    ...over,
  });

  it('give a version that was overtaken the time of the later one', () => {
    const rows = projectionRows(
      facts({ updates: [update(1, 10), update(2, 20)], projections: [projection(0, 1), projection(2, 25)] }),
      0,
    );
    expect(named(rows).map(({ version, delay_s }) => [version, delay_s])).to.deep.equal([
      [1, 15],
      [2, 5],
    ]);
  });

  it('give no delay to what a pod starts with, or to what had not arrived', () => {
    const rows = projectionRows(
      facts({ updates: [update(1, 10), update(2, 20)], projections: [{ ...projection(1, 12), first: true }] }),
      0,
    );
    expect(rows).to.have.length(1);
  });

  it('end the rounds before the first restart', () => {
    expect(endOfRounds(restarts)).to.equal(90);
    expect(endOfRounds([at('kill9', 50), at('endOfRounds', 90)])).to.equal(50);
  });

  it('tell restarts from the first stop on, without the end of a process that was killed', () => {
    expect(restartEventRows(restarts).slice(1)).to.deep.equal([
      [0, 'kill9'],
      [10, 'start'],
      [15, 'ready'],
      [100, 'sigterm'],
      [160, 'exited'],
      [165, 'start'],
      [170, 'ready'],
      [300, 'end'],
    ]);
  });

  it('tell the dials of kubelets from the first stop on, until something else happens', () => {
    const dials = [95, 100.2, 266, 410].map((time) => ({ at: time, node: 'a-01', class: time < 200 ? 'refused' : '' }));
    expect(restartDialRows({ events: restarts, dials }).slice(1)).to.deep.equal([
      [0.2, 'a', 'a-01', 'refused'],
      [166, 'a', 'a-01', ''],
    ]);
    expect(restartDialRows({ events: [], dials })).to.have.lengthOf(1);
  });

  it('number the requests of restarted servers, until something else happens', async () => {
    const when = (seconds: number) => ({ requestReceivedTimestamp: new Date(seconds * 1000).toISOString() });
    const requests = await read(...[95, 112, 205, 266, 410].map((seconds) => logged(when(seconds))));
    expect(named(restartRequestRows(requests, restarts)).map((row) => [row.received_at_s, row.restart])).to.deep.equal([
      [12, 1],
      [105, 1],
      [166, 2],
    ]);
  });
});
