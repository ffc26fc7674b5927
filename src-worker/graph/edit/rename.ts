import type { Experiment } from '../../contract/experiment.ts';

/** The same experiment with a layer under another id, wherever it is named: wires, what judges it, what early stopping watches of it. */
export function renameNode(experiment: Experiment, from: string, to: string): Experiment {
  const named = (id: string) => (id === from ? to : id);
  const { network, training } = experiment;
  const heads = Object.fromEntries(Object.entries(training.heads ?? {}).map(([id, head]) => [named(id), head]));
  const watched = `dev.${from}.`;
  const { earlyStopping } = training;
  const monitor = earlyStopping?.monitor;
  return {
    ...experiment,
    network: {
      nodes: network.nodes.map((node) => (node.id === from ? { ...node, id: to } : node)),
      edges: network.edges.map(([a, b]): [string, string] => [named(a), named(b)])
    },
    training: {
      ...training,
      ...(training.heads && { heads }),
      ...(earlyStopping &&
        monitor?.startsWith(watched) && {
          earlyStopping: { ...earlyStopping, monitor: `dev.${to}.${monitor.slice(watched.length)}` }
        })
    }
  };
}
