/** What pjq is compared with: every peer with both sinks, whole mornings, and mornings in which somebody is killed. */
import type { Contestant, Figures } from '../drain/figures.js';
import { levelStore } from './level-store.js';
import { mosquittoBridge } from './mosquitto-bridge.js';
import { natsLeaf } from './nats-leaf.js';
import { installPackages } from './packages.js';
import { DrainedTooSoon, runPeer, type PeerOptions } from './peer-run.js';
import type { Peer, SinkKind } from './peer.js';
import { rabbitmqShovel } from './rabbitmq-shovel.js';

const PEERS: readonly Peer[] = [levelStore, mosquittoBridge, natsLeaf, rabbitmqShovel];
const SINKS: readonly SinkKind[] = ['ordinary', 'tuned'];
const TRIES = 4;
/** A sink that commits each message to a slow disk is given so much: its rate shows after seconds, the whole takes five minutes. */
const SLOW_SHARE = 0.1;

export interface Peers {
  readonly drains: readonly Contestant[];
  readonly kills: readonly Contestant[];
  /** Those that cannot run here, and why. */
  readonly missing: readonly string[];
}

/**
 * @param slowDisk library that makes the far table's disk slow, for the one peer that is held against ours on it.
 * @param killed sinks with which somebody is killed: few records are drained into a tuned one before anybody can be.
 */
export function peers(records: number, slowDisk: string | null, killed: readonly SinkKind[] = SINKS): Peers {
  const noPackages = installPackages();
  if (noPackages !== null) return { drains: [], kills: [], missing: [`all peers: ${noPackages}`] };
  const here = PEERS.filter((peer) => peer.unavailable() === null);
  const contestant = (peer: Peer, options: PeerOptions, more = ''): Contestant => ({
    name: `${peer.name}, ${options.sink} sink${more}`,
    once: () => again(peer, options),
  });
  return {
    drains: [
      ...here.flatMap((peer) => SINKS.map((sink) => contestant(peer, { records, sink }))),
      ...(slowDisk === null
        ? []
        : here
            .filter((peer) => peer === levelStore)
            .flatMap((peer) =>
              SINKS.map((sink) => {
                const share = sink === 'ordinary' ? SLOW_SHARE : 1;
                return contestant(
                  peer,
                  { records: Math.ceil(records * share), sink, preload: slowDisk },
                  ', 5 ms fsync',
                );
              }),
            )),
    ],
    kills: here.flatMap((peer) =>
      killed.flatMap((sink) =>
        (['edge', 'hall'] as const).map((kill) => contestant(peer, { records, sink, kill }, `, ${kill} killed`)),
      ),
    ),
    missing: PEERS.flatMap((peer) => {
      const why = peer.unavailable();
      return why === null ? [] : [`${peer.name}: ${why}`];
    }),
  };
}

/** A kill that came after everything had arrived shows nothing; it is done again. */
async function again(peer: Peer, options: PeerOptions): Promise<Figures> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runPeer(peer, options);
    } catch (error) {
      if (!(error instanceof DrainedTooSoon) || tries === TRIES) throw error;
    }
  }
}
