/**
 * Parts of messages that every language says in its own way: counts, sorts of values. In English here; the page has the same in its
 * catalogues, under `term.<code>`, and a new code goes there too.
 */
export const termWords = {
  layers: '{n} {n:layer|layers}',
  inputs: '{n} {n:input|inputs}',
  wires: '{n} {n:wire|wires}',
  'wires-between': '{least}–{n} wires',
  named: '“{name}”',
  pad: 'pad {n}',
  'pad-at-most': 'pad ≤ {n}',
  class: 'class',
  columns: 'values',
  'yes-or-no': 'yes or no',
  quantities: 'quantities',
  'classes-or-yes-or-no': 'classes, or yes and no',
  'ranked-classes': 'classes with an output each',
  nothing: 'nothing',
  'one-of': 'one of {choices}',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
  tuple: 'a list of two layers'
} as const satisfies Readonly<Record<string, string>>;

export type TermCode = keyof typeof termWords;
