/** Members that come and go all the time, in the order of their coming. */

/** A member's place, with which it leaves. */
export interface Place<T> {
  readonly member: T;
  before: Place<T> | undefined;
  after: Place<T> | undefined;
}

/**
 * What a `Set` would do, if it were not that one which is added to and deleted from without end keeps the dead alive: each table that it
 * outgrows points to the next, so that once one is old, all that were ever in those behind it get old too. That took a fifth of a call.
 */
export class LinkedList<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  add(member: T): Place<T> {
    const place: Place<T> = { member, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    return place;
  }

  /** Nothing happens to who has left already. */
  remove(place: Place<T>): void {
    const { before, after } = place;
    if (before === undefined && after === undefined && this.#first !== place) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    place.before = undefined;
    place.after = undefined;
  }

  /** Who came first, and leaves with this. */
  shift(): T | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first?.member;
  }

  /** Those who are here now, whoever leaves meanwhile. */
  members(): readonly T[] {
    const members: T[] = [];
    for (let place = this.#first; place !== undefined; place = place.after) members.push(place.member);
    return members;
  }
}
