export interface Note {
  readonly id: number;
  readonly text: string;
}

export class Notes {
  #notes: Note[] = [{ id: 1, text: "water the plants" }];

  all(): readonly Note[] {
    return this.#notes;
  }

  add(text: string): Note {
    const note = { id: this.#notes.length + 1, text };
    this.#notes.push(note);
    return note;
  }
}
