/** Choosing rows as in any list: one, one more, or all from the last one up to here. Pure; the order is that of choosing. */
export interface Choice {
  selected: readonly number[];
  /** Where a range begins. */
  anchor: number | null;
}

export const MOST = 35;

export function choose(choice: Choice, id: number, how: 'only' | 'toggle' | 'range', rows: readonly number[]): Choice {
  const { selected, anchor } = choice;
  switch (how) {
    case 'only':
      return { selected: [id], anchor: id };
    case 'toggle':
      return {
        selected: (selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]).slice(-MOST),
        anchor: id
      };
    case 'range': {
      const from = rows.indexOf(anchor ?? id);
      const to = rows.indexOf(id);
      if (from < 0 || to < 0) return { selected: [id], anchor: id };
      return { selected: rows.slice(Math.min(from, to), Math.max(from, to) + 1).slice(0, MOST), anchor };
    }
    default:
      return how satisfies never;
  }
}
