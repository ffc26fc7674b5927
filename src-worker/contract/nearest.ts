/** Misspelt names: the known word that is meant, and the question after it. */

/** `Did you mean “spiral”? `, to stand before what is known; nothing where no known word is close to the one given. */
export function didYouMean(word: unknown, known: readonly string[]): string {
  const meant = typeof word === 'string' ? nearest(word, known) : null;
  return meant === null ? '' : `Did you mean “${meant}”? `;
}

/** The known word closest to a misspelt one, or null when none is close. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (!best || best.distance >= best.candidate.length) return null;
  return best.distance <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : null;
}

/** Longer ones are no slips of names, and comparing them would take long. */
const MOST_LETTERS = 200;

/** A beginning of at least three letters is as good as one slip, one that goes on as two. */
function distance(word: string, candidate: string): number {
  if (word.length > MOST_LETTERS) return Infinity;
  if (word.length >= 3 && candidate.startsWith(word)) return Math.min(1, candidate.length - word.length);
  const slips = editDistance(word, candidate);
  return candidate.length >= 3 && word.startsWith(candidate) ? Math.min(2, slips) : slips;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b`, none of them at the same place twice.
 *
 * Source: Damerau 1964, A technique for computer detection and correction of spelling errors, CACM 7(3), for the four slips.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, replaced, isSwap ? before[j - 2]! + 1 : Infinity));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
