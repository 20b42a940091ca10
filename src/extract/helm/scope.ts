/** The variables of one template while it is read: which place in the frame a name means. */

interface Variable {
  readonly name: string;
  readonly slot: number;
  /** False in a branch beside the one that declares it: Go's parser lets the name pass, its evaluation looks further out. */
  live: boolean;
}

export class Scope {
  private variables: Variable[] = [{ name: '$', slot: 0, live: true }];
  /** Places that assignments write to, in the order of the text. */
  private readonly assigned: number[] = [];
  /** Number of places in the frame. */
  slots = 1;
  /** How many `range` are open. */
  ranges = 0;

  declare(name: string): number {
    const slot = this.slots++;
    this.variables.push({ name, slot, live: true });
    return slot;
  }

  /** The place that an assignment writes to; -1 when no such variable exists. */
  assign(name: string): number {
    const slot = this.find(name) ?? -1;
    if (slot === -1) this.variables.push({ name, slot, live: false });
    else this.assigned.push(slot);
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

  /** What is declared and assigned up to here. */
  mark(): Mark {
    return { variables: this.variables.length, assigned: this.assigned.length };
  }

  /** The variables declared since `mark` end here. */
  leave(mark: Mark): void {
    this.variables.length = mark.variables;
  }

  /** Another branch begins: what was declared since `mark` is not visible in it. */
  hide(mark: Mark): void {
    for (const variable of this.variables.slice(mark.variables)) variable.live = false;
  }

  /** The places assigned to since `mark`, each once. */
  assignedSince(mark: Mark): number[] {
    return [...new Set(this.assigned.slice(mark.assigned))];
  }
}

export interface Mark {
  readonly variables: number;
  readonly assigned: number;
}
