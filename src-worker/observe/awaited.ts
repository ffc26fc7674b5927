/**
 * Steps behind which a look is waited for (0: before the first): about the first of all, and the middle and the end of the first two epochs,
 * so that what goes wrong in them is seen twice. In order, each once.
 */
export function awaitedSteps(stepsPerEpoch: number): number[] {
  const halves = [1, 2, 3, 4].map((half) => Math.ceil((half * stepsPerEpoch) / 2));
  return [...new Set([0, 1, ...halves])];
}
