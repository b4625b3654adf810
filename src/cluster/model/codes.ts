/** The codes of a list of names: each name's position. `satisfies Codes<typeof LIST>` holds an object of codes to it. */
export type Codes<Names extends readonly string[]> = {
  readonly [
    Index in Extract<keyof Names, `${number}`> as Extract<Names[Index], string>
  ]: Index extends `${infer Position extends number}` ? Position : never;
};
