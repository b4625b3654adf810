import * as z from 'zod';

/** What an object's metadata tell of who writes it and when. No value of an annotation or label is kept. */
export interface ObjectHistory {
  /** `creationTimestamp`, milliseconds since 1970; null where it is absent. */
  readonly createdAt: number | null;
  /** Who wrote the object's content, and when, from `managedFields`; null where the input has none. */
  readonly writers: readonly ContentWriter[] | null;
  /** Kinds of the owners. */
  readonly owners: readonly string[];
  /** Keys of the annotations and of the labels. */
  readonly annotations: readonly string[];
  readonly labels: readonly string[];
  /** The version to which a change may be tied; empty where the input has none. */
  readonly resourceVersion: string;
}

/** A manager of an object's content. */
export interface ContentWriter {
  /** Name of the program, as it called itself. */
  readonly manager: string;
  /** When it last changed the object, milliseconds since 1970; null where that is not recorded. */
  readonly at: number | null;
}

/** Fields of Secrets and ConfigMaps that pods see, as `fieldsV1` calls them. */
const CONTENT_FIELDS = ['f:data', 'f:stringData', 'f:binaryData'];

/** Text of a time as the API server writes it (RFC 3339, seconds). Anything else tells nothing. */
const time = z
  .unknown()
  .optional()
  .transform((value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) ? Date.parse(value) : NaN,
  )
  .transform((at) => (Number.isNaN(at) ? null : at));

/** Only names are read of `managedFields`, and of `fieldsV1` only whether it holds content: it lists keys, which stay out. */
const managedField = z
  .object({ manager: z.string().nullish(), time, fieldsV1: z.record(z.string(), z.unknown()).nullish() })
  .transform(({ manager, time: at, fieldsV1 }) => ({
    manager: manager ?? '',
    at,
    content: CONTENT_FIELDS.some((field) => Object.hasOwn(fieldsV1 ?? {}, field)),
  }));

/** The keys of a map. Values are dropped here: kubectl's last-applied-configuration repeats those of a Secret. */
const keys = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((map) => Object.keys(map ?? {}));

/** The metadata that an `ObjectHistory` is made of; to be spread into the schema of an object's metadata. */
export const historyFields = {
  creationTimestamp: time,
  managedFields: z.array(managedField).nullish(),
  ownerReferences: z.array(z.object({ kind: z.string().nullish() })).nullish(),
  annotations: keys,
  labels: keys,
  resourceVersion: z.string().nullish(),
};

/** The history in an object's metadata. */
export function historyOf(metadata: z.output<z.ZodObject<typeof historyFields>>): ObjectHistory {
  const { creationTimestamp, managedFields, ownerReferences, annotations, labels, resourceVersion } = metadata;
  return {
    createdAt: creationTimestamp,
    writers: managedFields?.filter(({ content }) => content).map(({ manager, at }) => ({ manager, at })) ?? null,
    owners: (ownerReferences ?? []).map(({ kind }) => kind ?? ''),
    annotations,
    labels,
    resourceVersion: resourceVersion ?? '',
  };
}

const datedSchema = z.object({
  metadata: z.object({
    creationTimestamp: time,
    managedFields: z.array(z.object({ time })).nullish(),
  }),
  status: z.object({ conditions: z.array(z.object({ lastHeartbeatTime: time })).nullish() }).nullish(),
});

/**
 * The newest time that an item tells of, milliseconds since 1970: its creation, its managers' last changes, a node's
 * heartbeats; −Infinity where it tells none. A dump is at least as new as each of its items.
 */
export function newestTimeOf(item: unknown): number {
  const { data } = datedSchema.safeParse(item);
  if (data === undefined) return -Infinity;
  const times = [
    data.metadata.creationTimestamp,
    ...(data.metadata.managedFields ?? []).map((field) => field.time),
    ...(data.status?.conditions ?? []).map(({ lastHeartbeatTime }) => lastHeartbeatTime),
  ];
  return Math.max(...times.map((at) => at ?? -Infinity));
}
