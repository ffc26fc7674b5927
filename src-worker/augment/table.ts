import type { AugmentationDefinition } from './augmentation.ts';
import { cutout } from './cutout.ts';
import { flip } from './flip.ts';
import { mixup } from './mixup.ts';
import { noise } from './noise.ts';
import { rotate } from './rotate.ts';
import { shift } from './shift.ts';
import { zoom } from './zoom.ts';

/** Every augmentation, by kind. */
export const augmentations: Readonly<Record<string, AugmentationDefinition>> = Object.fromEntries(
  [shift, flip, rotate, zoom, noise, cutout, mixup].map((definition) => [definition.kind, definition])
);
