import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A line of the audit log, as far as it is read (`audit.k8s.io/v1`, level Metadata). */
interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** A request that the API server answered, or a watch that it began to. Times in seconds since 1970. */
export interface AuditedRequest {
  readonly id: string;
  readonly receivedAt: number;
  readonly stageAt: number;
  /** `ResponseStarted` of a watch, `ResponseComplete`, or `Panic`. */
  readonly stage: string;
  readonly user: string;
  readonly verb: string;
  /** With its subresource: `serviceaccounts/token`. */
  readonly resource: string;
  /** Its name, in the path or the field selector. */
  readonly object: string;
  /** `0`, `set`, or empty: no version, answered from etcd, or by a watch that begins with what there is. */
  readonly resourceVersion: '0' | 'set' | '';
  /** True of a WATCH that asks for the initial events (WatchList). */
  readonly initialEvents: boolean;
  readonly timeoutS: string;
  readonly status: number;
}

/** Requests of an audit log, in the order in which they ended. A last line that a kill cut off is none. */
export async function* readAuditLog(path: string): AsyncGenerator<AuditedRequest> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const event = parseLine(line);
    if (event !== undefined) yield requestOf(event);
  }
}

function parseLine(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}

function requestOf(event: AuditEvent): AuditedRequest {
  const { objectRef = {}, responseStatus = {} } = event;
  const query = new URL(event.requestURI, 'https://localhost').searchParams;
  const version = query.get('resourceVersion') ?? '';
  const selected = /(?:^|,)metadata\.name=([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1];
  return {
    id: event.auditID,
    receivedAt: secondsOf(event.requestReceivedTimestamp),
    stageAt: secondsOf(event.stageTimestamp),
    stage: event.stage,
    user: event.user.username,
    verb: event.verb,
    resource: [objectRef.resource ?? '', objectRef.subresource].filter(Boolean).join('/'),
    object: objectRef.name ?? selected ?? '',
    resourceVersion: version === '' || version === '0' ? version : 'set',
    initialEvents: query.get('sendInitialEvents') === 'true',
    timeoutS: query.get('timeoutSeconds') ?? '',
    status: responseStatus.code ?? 0,
  };
}

/** Seconds since 1970 of a time with microseconds, of which `Date` keeps milliseconds. */
function secondsOf(timestamp: string): number {
  const [, whole, fraction = ''] = /^(.*?)(\.\d+)?Z$/.exec(timestamp) ?? [];
  return Date.parse(`${whole}Z`) / 1000 + Number(`0${fraction}`);
}
