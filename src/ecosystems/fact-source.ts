/** A fact with the place it was read and when. */
export interface Source {
  readonly source: string;
  readonly checked: string;
}
