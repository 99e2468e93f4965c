/** What is still to happen, in the order of time; what happens may add to what is still to come. */
export class Agenda {
  readonly #items: { readonly at: number; readonly run: () => Promise<void> }[] = [];
  #now = 0;

  /** @throws RangeError where it would lie in the past of the play */
  add(at: number, run: () => Promise<void>): void {
    if (at < this.#now) throw new RangeError(`${new Date(at).toISOString()} is over`);
    let place = this.#items.length;
    while (place > 0 && (this.#items[place - 1]?.at ?? 0) > at) place--;
    this.#items.splice(place, 0, { at, run });
  }

  /** Lets everything happen that is due before a time, one after the other; `tell` hears the time of each first. */
  async runUntil(end: number, tell: (at: number) => void): Promise<void> {
    for (let next = this.#items[0]; next && next.at < end; next = this.#items[0]) {
      this.#items.shift();
      this.#now = next.at;
      tell(next.at);
      await next.run();
    }
  }
}
