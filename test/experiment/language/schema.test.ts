import { expect } from 'chai';
import {
  fieldNames,
  fieldSchema,
  schemaAt,
  type JsonSchema,
} from '../../../src/experiment/language/values/json-schema.js';
import { packageFile } from '../../../src/package-files.js';
import { jsonSchema } from '../../../src/experiment/language/schema.js';

/** Every path to a field, with its schema. */
function fields(schema: JsonSchema, path: readonly string[] = []): [string, JsonSchema][] {
  return fieldNames(schema).flatMap((name) => {
    const field = fieldSchema(schema, name);
    if (field === undefined) return [];
    return [[[...path, name].join('.'), field] as [string, JsonSchema], ...fields(field, [...path, name])];
  });
}

describe('the JSON Schema', () => {
  const schema = jsonSchema();

  it('is plain JSON of draft 2020-12', () => {
    expect(schema.$schema).to.equal('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.parse(JSON.stringify(schema))).to.deep.equal(schema);
  });

  it('is in the bundle, which brings it along as text, what the sources make of it', async () => {
    const bundle = (await import(packageFile('dist/bundle/library.js').href)) as { jsonSchema(): JsonSchema };
    expect(JSON.stringify(bundle.jsonSchema())).to.equal(JSON.stringify(schema));
  });

  it('knows the fields of the contract', () => {
    const paths = fields(schema).map(([path]) => path);
    expect(paths).to.include.members([
      'apiVersion',
      'metadata.name',
      'spec.preset',
      'spec.cluster.kubernetesVersion',
      'spec.cluster.behaviours.minWatchTimeout',
      'spec.cluster.topology',
      'spec.kubelet.configMapAndSecretChangeDetectionStrategy',
      'spec.apiServer.getQuorum.p99',
      'spec.output.loadBin',
    ]);
  });

  it('describes the settings of the cluster, the kubelet and the latencies', () => {
    for (const section of ['cluster', 'kubelet', 'network', 'etcd', 'apiServer']) {
      const start = schemaAt(schema, ['spec', section]);
      for (const [path, field] of fields(start ?? {}))
        expect(field.description, `${section}.${path}`).to.be.a('string');
    }
  });

  it('states the source of every latency, or that it is an assumption', () => {
    for (const section of ['network', 'etcd', 'apiServer']) {
      const start = schemaAt(schema, ['spec', section]) ?? {};
      for (const name of fieldNames(start)) {
        const field = fieldSchema(start, name);
        if (field?.anyOf !== undefined) expect(field.description, name).to.match(/Assumption|Source/);
      }
    }
  });
});
