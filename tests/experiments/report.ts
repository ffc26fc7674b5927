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

/** What the tables alone would not tell. */
const caveats = `## How to read the claims

A claim compares means over the seeds; look at the deviations beside them. What is less sure than a "yes" may sound:

- The limits in the claims (a fifth, 2 points, most of them) were set knowing earlier runs on the same data and seeds: they describe what was
  seen and guard it, they predict nothing.
- optimizers: Adadelta and AdaGrad differ by less than a standard deviation with sigmoid, by about one with relu; that SGD is slowest is clear.
- dropout: the test loss falls far beyond the deviations, the test accuracy hardly changes.
- search: one draw of nine trials for each way; another draw may end otherwise.
- batch-size: with one seed alone (42) batches of 512 had learned a little more than those of 256.
- weight-penalties: how many zeros L1 leaves depends on the noise of the gradients as much as on its strength: at 0.001 a fifth of the
  weights, at 0.003 most of them.
- normalization: with one learning rate for all sizes (Adam, 0.001, one seed, 3 epochs) batches of one cost layer normalization most (3.0
  points), batch normalization 1.0. Only with the rate in proportion to the batch is batch normalization the one that loses most.`;

export const describeAll = (done: readonly Checked[], build: string): string => {
  const findings = done.flatMap((checked) => checked.findings);
  const held = findings.filter((finding) => finding.held).length;
  return `# Classic experiments

Written by \`npm run experiments\`, which trains every variant and checks every claim; do not edit by hand. ${build}.
${held} of ${findings.length} claims hold.

Each is one command: \`npx caviar experiment NAME\`. With several seeds the figures are mean ± standard deviation. Accuracy and loss on
train are measured with the final weights, as in use (without dropout); gap is train accuracy − test accuracy. The test set is looked at
once, at the end. Networks and settings: \`resources/experiments/NAME.json\`.

${caveats}

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
