/** JSON as people like to read it, and the least change from one text to another. */

const WIDTH = 76;

/** Two spaces a level; what has no lists or objects within stays on one line as long as it fits. */
export function jsonText(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const line = oneLine(value);
  if (line !== null && indent.length + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner))
    : entriesOf(value).map(([name, item]) => `${JSON.stringify(name)}: ${jsonText(item, inner)}`);
  return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

const entriesOf = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined);

/** null: it holds more than one level below it. */
function oneLine(value: object, depth = 0): string | null {
  const items: [string, unknown][] = Array.isArray(value) ? value.map((item) => ['', item]) : entriesOf(value);
  const texts = items.map(([name, item]) => {
    const isDeep = typeof item === 'object' && item !== null;
    const text = isDeep ? (depth === 0 && !Array.isArray(value) ? oneLine(item, 1) : null) : JSON.stringify(item);
    return text === null || text === undefined ? null : name === '' ? text : `${JSON.stringify(name)}: ${text}`;
  });
  if (texts.includes(null)) return null;
  if (Array.isArray(value)) return `[${texts.join(', ')}]`;
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}

/** What to replace, so that whoever writes elsewhere in the text is not disturbed; null where nothing differs. */
export function leastChange(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}
