/** Where in a JSON text a setting stands, and what stands at a place of the text. Also while the text is not whole. */
import { jsonLanguage } from '@codemirror/lang-json';

export type JsonTree = ReturnType<typeof jsonLanguage.parser.parse>;
type JsonNode = JsonTree['topNode'];
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const parseJson = (text: string): JsonTree => jsonLanguage.parser.parse(text);

/** Of a readable path (contract/paths.ts): elements of lists by `id` or position. What is left out is shown at what should hold it. */
export function rangeOf(tree: JsonTree, text: string, path: string): Range {
  let node = valuesIn(tree.topNode)[0] ?? tree.topNode;
  for (const key of path === '' ? [] : path.split('.')) {
    const next = childOf(node, text, key);
    if (!next) break;
    node = next;
  }
  return markOf(node, text);
}

const containers = ['Object', 'Array'];
const values = [...containers, 'String', 'Number', 'True', 'False', 'Null'];
const childrenOf = (node: JsonNode): JsonNode[] => {
  const found: JsonNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
};
const valuesIn = (node: JsonNode): JsonNode[] => childrenOf(node).filter(({ name }) => values.includes(name));
const propertiesOf = (node: JsonNode): JsonNode[] => childrenOf(node).filter(({ name }) => name === 'Property');

/** A string without its quotes; anything else as it is written. */
export const plain = (written: string): string => written.replace(/^"|"$/g, '');

const nameOf = (property: JsonNode, text: string): string => {
  const name = property.getChild('PropertyName');
  return name ? plain(text.slice(name.from, name.to)) : '';
};

function propertyOf(node: JsonNode, text: string, key: string): JsonNode | undefined {
  return propertiesOf(node).find((property) => nameOf(property, text) === key);
}

function childOf(node: JsonNode, text: string, key: string): JsonNode | undefined {
  if (node.name === 'Object') {
    const property = propertyOf(node, text, key);
    return property && (valuesIn(property)[0] ?? property);
  }
  if (node.name !== 'Array') return undefined;
  const items = valuesIn(node);
  return items.find((item) => textAt(item, text, 'id') === key) ?? items[Number(key)];
}

/** The written value of a property, without quotes. */
function textAt(node: JsonNode, text: string, key: string): string | undefined {
  const property = node.name === 'Object' ? propertyOf(node, text, key) : undefined;
  const value = property && valuesIn(property)[0];
  return value && plain(text.slice(value.from, value.to));
}

/** Not a whole object, which may be long: its id, or the name that it stands behind. */
function markOf(node: JsonNode, text: string): Range {
  if (!containers.includes(node.name)) return { from: node.from, to: node.to };
  const id = node.name === 'Object' ? propertyOf(node, text, 'id') : undefined;
  const value = id && valuesIn(id)[0];
  const name = node.parent?.name === 'Property' ? node.parent.getChild('PropertyName') : null;
  const shown = value ?? name ?? { from: node.from, to: Math.min(node.from + 1, node.to) };
  return { from: shown.from, to: shown.to };
}

export interface Place {
  /** Of the object or list around it: names and positions. */
  readonly path: readonly (string | number)[];
  /** What is written there: the name of a setting, or a value. */
  readonly what: 'name' | 'value';
  /** Of a value in an object. */
  readonly name: string | null;
  /** The part that is written already, quotes included. */
  readonly range: Range;
  /** Written properties of every object on the way, from the outside, as far as they are plain. */
  readonly around: readonly Readonly<Record<string, string>>[];
}

/** null: in nothing that could be completed. */
export function placeAt(tree: JsonTree, text: string, at: number): Place | null {
  const from = at - /"?[\w.:-]*$/.exec(text.slice(0, at))![0].length;
  const rest = /^[\w.:-]*"?/.exec(text.slice(at))![0];
  const isQuoted = text[from] === '"';
  const to = isQuoted && !rest.endsWith('"') ? at : at + (isQuoted ? rest.length : 0);
  const container = containerAt(tree, text, from);
  if (!container) return null;
  const before = text.slice(container.from, from).trimEnd();
  const shared = { ...waysTo(container, text), range: { from, to } };
  if (container.name === 'Array') return { ...shared, what: 'value', name: null };
  if (before.endsWith(':')) return { ...shared, what: 'value', name: /"([^"]*)"\s*:$/.exec(before)?.[1] ?? null };
  return /[{,]$/.test(before) ? { ...shared, what: 'name', name: null } : null;
}

function containerAt(tree: JsonTree, text: string, at: number): JsonNode | null {
  let node: JsonNode | null = tree.resolveInner(at, -1);
  const isBehind = (one: JsonNode) => one.from >= at || (one.to <= at && /[\]}]/.test(text[one.to - 1] ?? ''));
  while (node && (!containers.includes(node.name) || isBehind(node))) node = node.parent;
  return node;
}

function waysTo(container: JsonNode, text: string): Pick<Place, 'path' | 'around'> {
  const path: (string | number)[] = [];
  const around: Record<string, string>[] = [];
  for (let node: JsonNode | null = container; node; node = node.parent) {
    if (node.name === 'Object') around.unshift(plainsOf(node, text));
    if (node.parent?.name === 'Property' && containers.includes(node.name)) path.unshift(nameOf(node.parent, text));
    if (node.parent?.name === 'Array') path.unshift(valuesIn(node.parent).findIndex(({ from }) => from === node!.from));
  }
  return { path, around };
}

const plainsOf = (node: JsonNode, text: string): Record<string, string> =>
  Object.fromEntries(
    propertiesOf(node).flatMap((property) => {
      const value = valuesIn(property)[0];
      return value && !containers.includes(value.name)
        ? [[nameOf(property, text), plain(text.slice(value.from, value.to))] as const]
        : [];
    })
  );
