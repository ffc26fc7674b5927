/**
 * What can be wrong with an experiment, and how it is said in English: `why` goes on behind a path, `remedy` is a sentence. With
 * `ofSetting`, `why` is no sentence without the name of the setting in front of it. The page has the same messages in its catalogues,
 * under `problem.<code>`, there with `{setting}`; a new code goes there too.
 */
export const problemWords = {
  // Settings, whatever they are of.
  missing: { ofSetting: true, why: 'is missing', remedy: 'Add {expected}.' },
  'wrong-type': { ofSetting: true, why: 'must be {expected}', remedy: 'Give {expected}.' },
  'not-an-object': {
    ofSetting: true,
    why: 'must be an object',
    remedy: 'Give an object, such as {expected}, or set its parts one by one.'
  },
  empty: { ofSetting: true, why: 'must not be empty', remedy: 'Write something.' },
  'too-small': { ofSetting: true, why: 'must be at least {min}', remedy: 'Give a larger value.' },
  'not-above': { ofSetting: true, why: 'must be more than {min}', remedy: 'Give a larger value.' },
  'too-large': { ofSetting: true, why: 'must be at most {max}', remedy: 'Give a smaller value.' },
  'not-below': { ofSetting: true, why: 'must be less than {max}', remedy: 'Give a smaller value.' },
  'too-few': { ofSetting: true, why: 'must have at least {min} {min:entry|entries}', remedy: 'Add what is missing.' },
  'too-many': {
    ofSetting: true,
    why: 'must have at most {max} {max:entry|entries}',
    remedy: 'Remove the extra entries.'
  },
  'too-long': { ofSetting: true, why: 'must have at most {max} characters', remedy: 'Shorten it.' },
  'not-a-choice': { why: '“{actual}” is not one of the known values', remedy: 'Use {choices}.' },
  'unknown-setting': { why: '“{name}” is not a setting known here', remedy: 'Known: {choices}.' },
  'extra-setting': { why: '“{name}” is not a setting known here', remedy: 'Remove it.' },
  'unknown-kind': { why: '“{actual}” is not a kind known here', remedy: 'Use {choices}.' },
  malformed: { why: '{why}', remedy: 'Correct the value.' },
  'bad-id': {
    why: 'an id is 1 to 64 letters, digits, - or _, and not __proto__',
    remedy: 'Give the layer another id.'
  },
  'bad-dataset-name': { why: 'a dataset name is lower-case letters, digits and -', remedy: 'Correct the value.' },
  'split-over-one': { why: 'train and dev together must be at most 1', remedy: 'Make one of the two smaller.' },
  'bad-monitor': {
    why: 'a metric of the dev set is written dev.loss, dev.accuracy, …',
    remedy: 'Use dev.loss, or another metric behind dev.'
  },
  // Data.
  'unknown-dataset': { why: 'there is no dataset “{actual}”', remedy: 'Use {choices}, or import it.' },
  'damaged-dataset': { why: 'this dataset cannot be used', remedy: '{reason}' },
  'absent-dataset': { why: 'this dataset is not here', remedy: '{reason}' },
  'no-dev-examples': {
    why: 'early stopping watches the dev set, but of {examples} examples none is kept for it',
    remedy: 'Raise data.split.dev, or remove early stopping.'
  },
  'no-train-examples': {
    why: 'of {examples} examples this leaves none for training',
    remedy: 'Raise the share or the limit.'
  },
  'ids-normalized': {
    why: '“{layer}” reads numbers of words, which normalization would change',
    remedy: 'Set data.normalize to none.'
  },
  'ids-augmented': {
    why: '“{layer}” reads numbers of words, which augmentation would change',
    remedy: 'Remove data.augment.'
  },
  'augments-images': {
    why: 'this changes images, but the examples of {dataset} are rows of {shape} values',
    remedy: 'Use {choices}, or remove it.'
  },
  'cutout-too-large': {
    why: 'a square of {size}×{size} is larger than images of {shape}',
    remedy: 'Give a side of {most} pixels at most.'
  },
  'shift-too-far': {
    why: 'images of {shape} shifted by {pixels} pixels may be wholly black',
    remedy: 'Shift by {most} pixels at most.'
  },
  'mixed-twice': { why: '{first} mixes the examples already', remedy: 'Remove one of the two.' },
  // Wires.
  'duplicate-id': { why: '{count} layers have the id “{layer}”', remedy: 'Give every layer an id of its own.' },
  'wire-to-nowhere': { why: 'there is no layer “{layer}”', remedy: 'Correct the id or remove the wire.' },
  'wire-twice': { why: 'there are {count} wires from “{from}” to “{to}”', remedy: 'Remove all but one.' },
  'wire-to-itself': {
    why: '“{layer}” is wired to itself, so that it would wait for its own output',
    remedy: 'Remove the wire.'
  },
  'no-input': {
    why: 'a network has one input layer, but this one has 0',
    remedy: 'Add { "id": "input", "kind": "input" }.'
  },
  'several-inputs': {
    why: 'a network has one input layer, but this one has {count}',
    remedy: 'Keep one of them.'
  },
  circle: {
    why: 'these layers wait for each other in a circle: {actual}',
    remedy: 'Remove a wire so that every path leads from the input to the last layer.'
  },
  'too-few-wires': {
    why: 'a layer of the kind {kind} takes {wanted} {most:wire|wires}, but {count} {count:comes|come} in',
    remedy: 'Connect a layer to it.'
  },
  'too-many-wires': {
    why: 'a layer of the kind {kind} takes {wanted} {most:wire|wires}, but {count} {count:comes|come} in',
    remedy: 'Remove a wire, or join the inputs in an add or concat layer.'
  },
  'wires-into-input': {
    why: 'the input layer takes no wires: the examples come in there, but {count} {count:wire leads|wires lead} to it',
    remedy: 'Remove the wire.'
  },
  // Shapes.
  'no-dataset': { why: 'no dataset is chosen', remedy: 'Choose a dataset.' },
  'needs-row': {
    why: 'a {kind} layer takes a row of values, such as {expected}, but {actual} comes in',
    remedy: 'Put a flatten layer in front of it.'
  },
  'needs-word-row': {
    why: 'an embedding takes a row of word numbers, such as {expected}, but {actual} comes in',
    remedy: 'Put it right behind an input of rows, or a flatten layer in front of it.'
  },
  'needs-image': {
    why: 'an image of height, width and channels is expected, such as {expected}, but {actual} comes in',
    remedy: 'Put this layer before flatten, or reshape to an image.'
  },
  'needs-image-not-sequence': {
    why: 'an image of height, width and channels is expected, such as {expected}, but {actual} comes in',
    remedy: 'Reshape to {expected}, or use global average pooling.'
  },
  'window-too-large': {
    why: 'a window of {window} does not fit: an image of at least {expected} is expected, but {actual} comes in',
    remedy: 'Use a smaller kernel or padding “same”.'
  },
  'window-in-border': {
    why: 'the first windows of {window} lie wholly in a border of {pad} pixels, where there is nothing to pool',
    remedy: 'Set pad below {limit}, or use a larger kernel.'
  },
  'unlike-shapes': {
    why: 'only inputs of one shape can be added, but {expected} and {actual} come in',
    remedy: 'Bring them to one shape, for example with a convolution of kernel 1 in the shortcut.'
  },
  'unlike-rows': {
    why: 'only inputs of one shape can be added, but {expected} and {actual} come in',
    remedy: 'Give the layers before it the same number of units, or use concat.'
  },
  'unlike-sides': {
    why: 'inputs side by side may differ in the last axis alone: beside {first} comes {actual}, where {expected} would fit',
    remedy: 'Bring them to one height and width, by padding “same” or pooling, or flatten both.'
  },
  'softmax-of-one': {
    why: 'over one value softmax is always 1, whatever comes in: {expected} is expected, but {actual} comes in',
    remedy: 'Use a sigmoid, or give the layer before it more units.'
  },
  'uneven-groups': {
    why: '{channels} channels of {actual} cannot be cut into {groups} groups of one size, as those of {expected} can',
    remedy: 'Use {choices} groups, or another number of channels.'
  },
  'normalized-alone': {
    why: 'of {actual} every value would be normalized alone, and one value less its own mean is always 0',
    remedy: 'Let more values share a mean, or use batch normalization.'
  },
  'reshape-size': {
    why: '{values} {values:value comes|values come} in, of shape {actual}, but {expected} takes {wanted}',
    remedy: 'Choose sizes whose product is the number of values.'
  },
  // Outputs and what judges them.
  'several-ends': {
    why: 'nothing follows {ends}, which makes {actual} outputs, but nothing says what judges {nameless}',
    remedy: 'Connect all but one of them to something, or give each a head in training.heads.'
  },
  'unknown-head': { why: 'the network has no output “{actual}”', remedy: 'Use {choices}, or remove this head.' },
  'idle-loss': { why: 'it judges nothing, as every output has a head', remedy: 'Set {choices} instead.' },
  'classes-unlike-outputs': {
    why: 'the last layer gives {actual} {actual:value|values}, but the dataset has {expected} classes',
    remedy: 'End with a dense layer of {expected} units.'
  },
  'outputs-unlike-classes': {
    why: 'the last layer gives {actual} {actual:value|values}, but the target has {expected} classes',
    remedy: 'End with a dense layer of {expected} units.'
  },
  'outputs-unlike-values': {
    why: 'the last layer gives {actual} {actual:value|values}, but the target has {expected} {expected:value|values} to predict',
    remedy: 'End with a dense layer of {expected} {expected:unit|units}.'
  },
  'loss-needs-class': {
    why: 'cross-entropy judges one class an example, but the target is columns of values',
    remedy: 'Use binary-cross-entropy for yes or no, or mse, mae or huber for quantities.'
  },
  'loss-needs-yes-or-no': {
    why: 'binary cross-entropy judges yes or no, but the target has columns of quantities',
    remedy: 'Use mse, mae or huber, or choose a class or columns of yes or no as the target.'
  },
  'class-weights': {
    why: 'there are {count} class weights for {classes} classes',
    remedy: 'Give {classes} weights, in the order of the classes, or none.'
  },
  'class-weights-zero': { why: 'every class weight is 0', remedy: 'Give at least one class a weight above 0.' },
  'positive-weights': {
    why: 'there are {count} positive weights for {outputs} outputs',
    remedy: 'Give {outputs}, in the order of the outputs, or none.'
  },
  'no-classes': { why: 'the dataset has no classes', remedy: 'Use its columns: {choices}.' },
  'unknown-column': { why: 'the dataset has no column “{column}” to predict', remedy: 'Use {choices}.' },
  'no-columns': { why: 'the dataset has no column “{column}” to predict', remedy: 'Use its class.' },
  'column-twice': { why: '“{column}” is there twice', remedy: 'Name each column once.' },
  'metric-unlike-target': {
    why: '{kind} judges {judges}, which no output here predicts',
    remedy: 'Use {choices}, or remove it.'
  },
  'no-such-class': {
    why: 'there are {count} classes, counted from 0',
    remedy: 'Give 0 to {last}, or −1 for the mean.'
  },
  'no-such-column': {
    why: 'there are {count} columns, counted from 0',
    remedy: 'Give 0 to {last}, or −1 for the mean.'
  },
  'top-all': { why: 'with {classes} classes the first {k} are all', remedy: 'Give k less than {classes}.' },
  'unlike-costs': {
    why: 'there are {count} costs for {answers} kinds of answers',
    remedy: 'Give {answers} (one for missing each), or {squared} (a row for each right answer), or none.'
  },
  'same-metric-name': {
    why: '{first} has the same name, {name}, but other settings',
    remedy: 'Remove one of the two.'
  },
  'not-measured': {
    why: 'this is not measured in such a run',
    remedy: 'Use {choices}, or add it to training.metrics.'
  },
  'not-heard': { why: 'this is not measured in such a run', remedy: 'Use {choices}.' },
  // The whole.
  'nothing-learns': { why: 'nothing in this network can learn', remedy: 'Add a dense layer.' },
  'batch-too-small': {
    why: '“{layer}”, a {kind} layer, learns from no fewer than {expected} examples at once',
    remedy: 'Set training.batchSize to {expected} or more, or remove this layer.'
  },
  'variant-refused': { why: '{reason}', remedy: 'Correct it.' }
} as const satisfies Readonly<
  Record<string, { readonly ofSetting?: true; readonly why: string; readonly remedy: string }>
>;

/** Stands before the remedy where a name is misspelt. */
export const DID_YOU_MEAN = 'Did you mean “{nearest}”?';

export type ProblemCode = keyof typeof problemWords;
