/** The results as Markdown. No times: they belong to one machine. */
import type { ClassicExperiment } from '../../src-worker/contract/classic-experiment.ts';
import type { Distribution } from '../../src-worker/contract/distribution.ts';
import type { Mean } from '../../src-main/lab/comparison.ts';
import { throughDepth } from '../../src-main/lab/depth.ts';
import { number, percent, type Finding } from './claims/claim.ts';
import { weightsOf, type Evidence } from './evidence.ts';

export interface Checked {
  readonly name: string;
  readonly experiment: ClassicExperiment;
  readonly evidence: Evidence;
  readonly findings: readonly (Finding & { readonly claim: string })[];
}

export const describeAll = (done: readonly Checked[], build: string): string => {
  const findings = done.flatMap((checked) => checked.findings);
  const held = findings.filter((finding) => finding.held).length;
  return `# Classic experiments

Written by \`npm run experiments\`, which trains every variant and checks every claim; do not edit by hand. ${build}.
${held} of ${findings.length} claims hold.

Each is one command: \`npx caviar experiment NAME\`. With several seeds the figures are mean ± standard deviation. Accuracy and loss on
train are measured with the final weights, as in use (without dropout); gap is train accuracy − test accuracy. The test set is looked at
once, at the end. Networks and settings: \`resources/experiments/NAME.json\`.

${done.map(describeExperiment).join('\n\n')}
`;
};

export function describeExperiment({ name, experiment, evidence, findings }: Checked): string {
  const { base, seeds = [base.seed], title, question, expect } = experiment;
  const { dataset, limit } = base.data;
  const examples = limit === null ? '' : `, ${limit} examples`;
  return [
    `## ${name}: ${title.en}`,
    `${question.en}`,
    `Expected: ${expect.en}`,
    `Data: ${dataset}${examples}. ${seeds.length > 1 ? 'Seeds' : 'Seed'}: ${seeds.join(', ')}.`,
    table(
      ['claim', 'figures', 'holds'],
      findings.map(({ claim, figures, held }) => [claim, figures, held ? 'yes' : '**no**'])
    ),
    results(evidence),
    ...(evidence.inspections.length > 0 ? [depths(evidence)] : []),
    ...(name === 'weight-penalties' ? [weights(evidence)] : [])
  ].join('\n\n');
}

function results({ variants }: Evidence): string {
  const header = [
    'variant',
    'epochs',
    'train loss',
    'accuracy',
    'dev loss',
    'accuracy',
    'test loss',
    'accuracy',
    'gap'
  ];
  return table(
    header,
    variants.map(({ variant, statuses, epochs, train, dev, test, gap }) => [
      statuses.every((status) => status === 'completed') ? variant : `${variant} (${statuses.join(', ')})`,
      number(epochs.mean),
      ...[train, dev, test].flatMap(({ loss, accuracy }) => [spread(loss, number), spread(accuracy, percent)]),
      spread(gap, percent)
    ])
  );
}

const spread = ({ mean, sd }: Mean, tell: (value: number | null) => string): string =>
  sd === null || sd === 0 ? tell(mean) : `${tell(mean)} ± ${tell(Number(sd.toPrecision(2)))}`;

function depths({ inspections }: Evidence): string {
  const header = ['before the first step', 'layers', 'sd of activations', 'sd of gradients, back'];
  return table(
    header,
    inspections.map((inspection) => {
      const { first, last, activations, gradients } = throughDepth(inspection)!;
      return [
        ...[inspection.variant, `${first} … ${last}`],
        `${number(activations.first)} → ${number(activations.last)}`,
        `${number(gradients.last)} → ${number(gradients.first)}`
      ];
    })
  );
}

/** Of the first seed: how the weights lie, and how many are exactly 0. */
function weights({ runs, variants }: Evidence): string {
  const rows = variants.flatMap(({ variant }) => {
    const { record } = runs.find(({ result }) => result.variant === variant)!;
    return weightsOf(record).map(({ name, values }) => [
      ...[variant, name, percent(values.zeros), number(values.sd), number(values.limit), `\`${picture(values)}\``]
    ]);
  });
  const note =
    'Weights at the end, first seed. The picture runs from −largest to +largest; heights are square roots of counts.';
  return `${note}\n\n${table(['variant', 'weights', 'exactly 0', 'sd', 'largest', 'histogram'], rows)}`;
}

const BLOCKS = ' ▁▂▃▄▅▆▇█';

function picture({ histogram }: Distribution): string {
  const roots = histogram.map(Math.sqrt);
  const top = Math.max(...roots);
  return roots.map((root) => BLOCKS[Math.ceil((root / top) * (BLOCKS.length - 1))]).join('');
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
