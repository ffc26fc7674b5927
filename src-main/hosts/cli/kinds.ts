import { Command } from 'commander';
import { LabError } from '../../../src-worker/contract/errors.ts';
import type { Field } from '../../../src-worker/contract/fields.ts';
import { didYouMean, nearest } from '../../../src-worker/contract/nearest.ts';
import { families } from '../../../src-worker/graph/choices.ts';
import { jsonOption } from './options.ts';
import { print, printJson, table } from './terminal.ts';

export const kindsCommand = () =>
  new Command('kinds')
    .description('List what an experiment can be put together from: layers, losses, optimizers … and their settings.')
    .argument('[name]', `a family (${Object.keys(families).join(', ')}) or a kind, such as conv2d`)
    .addOption(jsonOption('one JSON object: families, kinds, settings'))
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      if (json) return printJson(name === undefined ? families : (familyOf(name) ?? kindOf(name)));
      if (name === undefined) return print(Object.keys(families).map(listing).join('\n\n'));
      print(familyOf(name) ? listing(name) : kindOf(name).map(description).join('\n\n'));
    });

const familyOf = (name: string) =>
  Object.hasOwn(families, name) ? families[name as keyof typeof families] : undefined;

function listing(family: string): string {
  const rows = Object.values(familyOf(family)!).map(({ kind, help }) => [kind, help]);
  return table([family, ''], rows);
}

interface Kind {
  readonly kind: string;
  readonly help: string;
  readonly config: Readonly<Record<string, Field>>;
}

/** Families may have a kind of the same name, as `constant` is a schedule and a rule for initial weights. */
function kindOf(name: string): (Kind & { readonly family: string })[] {
  const all = Object.entries(families).flatMap(([family, kinds]) =>
    Object.values(kinds).map(({ kind, help, config }): Kind & { family: string } => ({ family, kind, help, config }))
  );
  const found = all.filter(({ kind }) => kind === name);
  if (found.length > 0) return found;
  const known = [...Object.keys(families), ...all.map(({ kind }) => kind)];
  throw new LabError(
    'invalid_argument',
    `“${name}” is neither a family nor a kind. ${didYouMean(name, known)}See caviar kinds.`,
    { name, suggestion: nearest(name, known) }
  );
}

function description({ family, kind, help, config }: Kind & { readonly family: string }): string {
  const rows = Object.entries(config).map(([name, field]) => [name, standard(field), range(field), field.help]);
  const settings = rows.length > 0 ? table(['setting', 'default', 'range', ''], rows) : 'No settings.';
  return `${kind} (${family}): ${help}.\n${settings}`;
}

const standard = ({ default: value }: Field): string =>
  Array.isArray(value) ? value.join(', ') || 'none' : String(value);

function range(field: Field): string {
  switch (field.type) {
    case 'number': {
      const from = field.min <= -Number.MAX_VALUE || field.min <= Number.MIN_SAFE_INTEGER ? '' : String(field.min);
      const to = field.max >= Number.MAX_VALUE || field.max >= Number.MAX_SAFE_INTEGER ? '' : String(field.max);
      return `${field.exclusiveMin ? '> ' : ''}${from} … ${field.exclusiveMax ? '< ' : ''}${to}`.trim();
    }
    case 'flag':
      return 'true, false';
    case 'choice':
      return field.choices.join(', ');
    case 'numbers':
      return `a list, each ${field.min} … ${field.max}`;
    case 'kind':
      return Object.keys(field.table).join(', ');
    default:
      return field satisfies never;
  }
}
