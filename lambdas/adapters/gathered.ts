interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked for in one turn of the event loop and has it worked on in one go: whatever runs side by side in a process
 * shares calls of the network, and who asks alone waits for the end of the turn only.
 */
export class Gathered<Ask, Answer> {
  readonly #work: (asks: readonly Ask[]) => readonly Promise<Answer>[];
  #waiting: Waiting<Ask, Answer>[] = [];

  /** @param work starts the work on one or more, and returns a promise for each, in their order; some may be the same promise */
  constructor(work: (asks: readonly Ask[]) => readonly Promise<Answer>[]) {
    this.#work = work;
  }

  /** @throws what `work` throws, or its promise for this one rejects with */
  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ ask, resolve, reject }) === 1) setImmediate(() => this.#go());
    });
  }

  #go(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const answers = this.#work(waiting.map(({ ask }) => ask));
      for (const [at, { resolve }] of waiting.entries()) resolve(answers[at] as Promise<Answer>);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
