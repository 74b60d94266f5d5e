/** The edge of MQTT.js with mqtt-level-store: publishes while there is nobody, and drains when it is told to connect. */
import { load } from './packages.js';
import { recordOf, TOPIC } from './peer.js';

interface MqttClient {
  on(event: 'connect' | 'error', listener: () => void): void;
  publish(
    topic: string,
    payload: string,
    options: { qos: number; cbStorePut: () => void },
    done?: (error?: Error) => void,
  ): void;
  stream: { setNoDelay?(on: boolean): void };
}
interface Mqtt {
  connect(url: string, options: Readonly<Record<string, unknown>>): MqttClient;
}
type LevelStore = (folder: string) => { readonly incoming: unknown; readonly outgoing: unknown };

const order = JSON.parse(process.argv[2] ?? '{}') as { folder: string; port: number; records: number };
const manager = load<LevelStore>('mqtt-level-store')(order.folder);

const client = load<Mqtt>('mqtt').connect(`mqtt://127.0.0.1:${order.port}`, {
  clientId: 'edge',
  clean: false,
  reconnectPeriod: 100,
  connectTimeout: 2_000,
  incomingStore: manager.incoming,
  outgoingStore: manager.outgoing,
});
client.on('error', () => undefined);
client.on('connect', () => client.stream.setNoDelay?.(true));
process.on('disconnect', () => process.exit(0));

/** One after another: the store's answer is what this edge calls kept. */
function fill(n: number): void {
  if (n === order.records) {
    process.send?.({ word: 'filled' });
    return;
  }
  client.publish(`${TOPIC}/edge`, recordOf(n), { qos: 1, cbStorePut: () => setImmediate(fill, n + 1) });
}

if (order.records > 0) fill(0);
else process.send?.({ word: 'ready' });
