/** The variables of one template while it is read: which place in the frame a name means. */

interface Variable {
  readonly name: string;
  readonly slot: number;
  /** False in a branch beside the one that declares it: Go's parser lets the name pass, its evaluation looks further out. */
  live: boolean;
}

export class Scope {
  private variables: Variable[] = [{ name: '$', slot: 0, live: true }];
  /** Number of places in the frame. */
  slots = 1;
  /** How many `range` are open. */
  ranges = 0;

  /** A place for a variable. Its own value still sees what the name meant before: it begins with `begin`. */
  declare(name: string): number {
    const slot = this.slots++;
    this.variables.push({ name, slot, live: false });
    return slot;
  }

  /** The variables of these places have their values. */
  begin(slots: readonly number[]): void {
    for (const variable of this.variables) if (slots.includes(variable.slot)) variable.live = true;
  }

  /** The place that an assignment writes to; -1 when no such variable exists. */
  assign(name: string): number {
    const slot = this.find(name) ?? -1;
    if (slot === -1) this.variables.push({ name, slot, live: false });
    return slot;
  }

  /** The place of a variable; -1 for one that only another branch declares, undefined for one that nobody does. */
  find(name: string): number | undefined {
    let dead = false;
    for (let i = this.variables.length - 1; i >= 0; i--) {
      const variable = this.variables[i];
      if (variable?.name !== name) continue;
      if (variable.live) return variable.slot;
      dead = true;
    }
    return dead ? -1 : undefined;
  }

  /** What is declared up to here. */
  mark(): Mark {
    return this.variables.length;
  }

  /** The variables declared since `mark` end here. */
  leave(mark: Mark): void {
    this.variables.length = mark;
  }

  /** Another branch begins: what was declared since `mark` is not visible in it. */
  hide(mark: Mark): void {
    for (const variable of this.variables.slice(mark)) variable.live = false;
  }
}

/** Number of variables. */
export type Mark = number;
