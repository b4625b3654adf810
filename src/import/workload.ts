/** What a pod is a replica of. */
export interface Workload {
  /** `namespace/name` */
  readonly name: string;
  /** `Deployment`; undefined where the text is no name of a kind. */
  readonly kind: string | undefined;
}
