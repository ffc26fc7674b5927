/** Which connection each running run belongs to, and the secret with which its page may move it to another one. */
import { randomUUID } from 'node:crypto';

export interface RunOwners<Owner extends object> {
  /** Answers the claim: only the page that started the run learns it. */
  add(id: number, owner: Owner): string;
  owns(owner: Owner, id: number): boolean;
  /** Whether this is the run's claim. */
  holds(id: number, claim: string): boolean;
  /** False when this claim is not the run's. */
  move(id: number, claim: string, owner: Owner): boolean;
  runsOf(owner: Owner): number[];
  forget(id: number): void;
}

export function runOwners<Owner extends object>(): RunOwners<Owner> {
  const entries = new Map<number, { claim: string; owner: Owner }>();
  return {
    add(id, owner) {
      const claim = randomUUID();
      entries.set(id, { claim, owner });
      return claim;
    },
    owns: (owner, id) => entries.get(id)?.owner === owner,
    holds: (id, claim) => entries.get(id)?.claim === claim,
    move(id, claim, owner) {
      if (entries.get(id)?.claim !== claim) return false;
      entries.set(id, { claim, owner });
      return true;
    },
    runsOf: (owner) => [...entries].filter(([, entry]) => entry.owner === owner).map(([id]) => id),
    forget: (id) => void entries.delete(id)
  };
}
