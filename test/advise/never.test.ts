import { expect } from 'chai';
import { adviceOn } from '../../src/advise/advise.js';
import { readDump, type Dump } from '../../src/advise/read-dump.js';
import { simulate } from '../../src/cluster/run/simulate.js';
import type { SpecInput } from '../../src/experiment/language/schema.js';
import type { TopologyObject } from '../../src/cluster/model/topology-file.js';
import { ASSUMED_SIZE_BYTES } from '../../src/import/assumed-size.js';
import { modelOf } from '../../src/validation/model.js';
import { pod, secret } from '../import/kubernetes.js';
import { datedNode, dumpOf, mounting } from './fixtures.js';

const REAL = new URL('../../../experiments/imported-rotation/cluster.json.gz', import.meta.url).pathname;

interface Outcome {
  readonly due: number;
  readonly updatable: number;
  readonly env: number;
  readonly subPath: number;
}

/** What can change; the namespace `default` has 480 Secrets, each mounted whole by one pod. */
function changes({ namespace, missing, immutable }: TopologyObject): boolean {
  return namespace !== 'default' && missing !== true && immutable !== true;
}

/** What `run` of the imported cluster says of consumers when everything that can change is updated once, by object. */
function byRun({ topology }: Dump): Map<string, Outcome> {
  const objects = topology.objects.filter(changes);
  const spec: SpecInput = {
    cluster: { topology: 'dump', kubernetesVersion: '1.33' },
    warmup: '0s',
    duration: '3m',
    timeline: objects.map(({ namespace, name }) => ({ at: '1s', update: `${namespace}/${name}` })),
  };
  const { updates } = simulate(modelOf(spec, { topology }), 1);
  return new Map(
    updates.map(({ object, due, reached, neverEnv, neverSubPath, neverImmutable, pending, gone }) => {
      expect(neverImmutable + pending + gone, object).to.equal(0);
      return [object, { due, updatable: reached, env: neverEnv, subPath: neverSubPath }];
    }),
  );
}

/** The same as `advise` tells it. */
function byAdvice(dump: Dump): Map<string, Outcome> {
  const changing = adviceOn(dump, {}, 0).objects.filter(({ object }) => changes(object));
  return new Map(
    changing.map(({ object: { namespace, name }, use: { updatablePods, envPods, subPathPods } }) => [
      `${namespace}/${name}`,
      { due: updatablePods + envPods + subPathPods, updatable: updatablePods, env: envPods, subPath: subPathPods },
    ]),
  );
}

describe('who never sees an update, told by advise as by run', () => {
  it('is the same of every object of a real cluster', async () => {
    const dump = await readDump([REAL], ASSUMED_SIZE_BYTES);
    const simulated = byRun(dump);
    expect(simulated.size).to.equal(28);
    expect([...simulated.values()].some(({ env }) => env > 0)).to.equal(true);
    expect(Object.fromEntries(byAdvice(dump))).to.deep.equal(Object.fromEntries(simulated));
  });

  it('is the same of pods that use an object in several ways, that start without one, and that cannot start', async () => {
    const volume = { name: 'v', secret: { secretName: 's' } };
    const env = [{ valueFrom: { secretKeyRef: { name: 's' } } }];
    const subPath = [{ name: 'v', subPath: 'key' }];
    const dump = await dumpOf([
      datedNode('node-1'),
      secret('s'),
      mounting('whole', 's'),
      pod('by-sub-path', { volumes: [volume], containers: [{ volumeMounts: subPath }] }),
      pod('both-mounts', { volumes: [volume], containers: [{ volumeMounts: [...subPath, { name: 'v' }] }] }),
      pod('by-init-env', { initContainers: [{ env }] }),
      pod('env-and-mount', { volumes: [volume], containers: [{ env, volumeMounts: [{ name: 'v' }] }] }),
      pod('pulls', { imagePullSecrets: [{ name: 's' }] }),
      pod('starts-without', { volumes: [volume, { name: 'o', secret: { secretName: 'absent', optional: true } }] }),
      // They have no old content to be left with.
      pod(
        'waits',
        { volumes: [{ name: 'm', secret: { secretName: 'absent' } }], containers: [{ env }] },
        {},
        'Pending',
      ),
      // It waits for something else, and runs in a moment.
      pod('pulls-image', { containers: [{ env }] }, {}, 'Pending'),
    ]);
    const told = { due: 9, updatable: 4, env: 3, subPath: 2 };
    expect(byAdvice(dump).get('shop/s')).to.deep.equal(told);
    expect(byRun(dump).get('shop/s')).to.deep.equal(told);
    const use = adviceOn(dump, {}, 0).objects.find(({ object }) => object.name === 's')?.use;
    expect(use).to.include({ pods: 9, waitingPods: 1 });
    expect(use?.staleWorkloads).not.to.include('shop/waits');
  });
});
