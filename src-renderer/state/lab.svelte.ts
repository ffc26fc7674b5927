/** The lab as the page knows it: its host, presets and datasets, and whether it answers. */
import type { DatasetInfo } from '../../src-worker/contract/dataset.ts';
import type { LabEvents, LabInfo, Preset } from '../../src-worker/contract/lab-api.ts';
import { connect, type Connection } from '../client/connection.ts';
import { titleOf } from '../controls/words.ts';

class Lab {
  connected = $state(false);
  info = $state.raw<LabInfo | null>(null);
  presets = $state.raw<Preset[]>([]);
  datasets = $state.raw<DatasetInfo[]>([]);
  private connection: Connection | null = null;

  get api() {
    return this.open.api;
  }

  ready(): Promise<void> {
    return this.open.ready();
  }

  datasetTitle(name: string): string {
    const found = this.datasets.find((dataset) => dataset.name === name);
    return found ? titleOf(found) : name;
  }

  /**
   * Connects and loads what every place needs; may be called again after it failed. `reconnected` follows every later connection: calls
   * may have been missed.
   */
  async start(events: LabEvents & { reconnected(): void }): Promise<void> {
    this.connection ??= connect({ runsChanged: (ids) => events.runsChanged(ids) }, (connected) => {
      this.connected = connected;
      if (connected && this.info) events.reconnected();
    });
    await this.ready();
    const [info, presets, datasets] = await Promise.all([
      this.api.hello(),
      this.api.listPresets(),
      this.api.listDatasets()
    ]);
    Object.assign(this, { info, presets, datasets });
  }

  private get open(): Connection {
    if (!this.connection) throw new Error('lab.start() has not been called.');
    return this.connection;
  }
}

export const lab = new Lab();
