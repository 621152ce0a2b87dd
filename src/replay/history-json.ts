import proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.History;

/** What the messages of @temporalio/proto are at run time: its declarations leave the reflection of protobufjs out. */
interface MessageType {
  fullName: string;
  fields: Readonly<Record<string, Field>>;
}

interface EnumType {
  values: Readonly<Record<string, number>>;
}

interface Field {
  map: boolean;
  repeated: boolean;
  resolve(): { resolvedType: MessageType | EnumType | null };
}

const { History } = proto.temporal.api.history.v1;
const TYPE = History as unknown as MessageType;

const TIMESTAMP = '.google.protobuf.Timestamp';
const DURATION = '.google.protobuf.Duration';

/**
 * A history from its JSON, as Temporal's UI, its command line and SDKs write it, old and new, or as protobufjs makes it of messages. A
 * history that is one already stays what it is. The SDK's own `historyFromJSON` fails where npm gives its packages two copies of protobufjs.
 * @throws TypeError where it is no history
 */
export function historyFromJson(json: unknown): History {
  if (!isObject(json) || !Array.isArray(json['events'])) {
    throw new TypeError('it is no event history: an object with a list "events" was expected');
  }
  const events: readonly unknown[] = json['events'];
  if (events.length === 0) throw new TypeError('it is an event history without events');
  const history = History.fromObject(readMessage(TYPE, json) as object);
  if (!history.events[0]?.workflowExecutionStartedEventAttributes) {
    throw new TypeError('it is no whole event history: its first event is no WorkflowExecutionStarted');
  }
  return history;
}

/** A history as JSON, as Temporal's own tools write and read it. */
export function historyToJson(history: History): object {
  const plain = History.toObject(History.fromObject(history), {
    bytes: String,
    longs: String,
    enums: String,
  });
  return writeMessage(TYPE, plain) as object;
}

function readMessage(type: MessageType, value: unknown): unknown {
  if (type.fullName === TIMESTAMP && typeof value === 'string') return readTime(value);
  if (type.fullName === DURATION && typeof value === 'string') return readDuration(value);
  return mapFields(type, value, { message: readMessage, enumeration: readEnum });
}

function writeMessage(type: MessageType, value: unknown): unknown {
  if (type.fullName === TIMESTAMP && isObject(value)) return writeTime(value);
  if (type.fullName === DURATION && isObject(value)) return `${secondsOf(value)}${fraction(value)}s`;
  return mapFields(type, value, { message: writeMessage, enumeration: (_, name) => name });
}

interface Mapping {
  message(type: MessageType, value: unknown): unknown;
  enumeration(type: EnumType, value: unknown): unknown;
}

function mapFields(type: MessageType, value: unknown, mapping: Mapping): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name, mapField(type.fields[name], content, mapping)]),
  );
}

function mapField(field: Field | undefined, value: unknown, mapping: Mapping): unknown {
  const type = field?.resolve().resolvedType;
  if (!type || value === null || value === undefined) return value;
  const one = (item: unknown) =>
    'fields' in type ? mapping.message(type, item) : mapping.enumeration(type, item);
  if (Array.isArray(value)) return value.map(one);
  if (!field?.map || !isObject(value)) return one(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, one(item)]));
}

/** Older tools leave the beginning of an enumeration's names out: `WorkflowExecutionStarted`. */
function readEnum({ values }: EnumType, value: unknown): unknown {
  if (typeof value !== 'string' || value in values) return value;
  const constant = value.replace(/([^_])([A-Z])/g, '$1_$2').toUpperCase();
  return (
    Object.keys(values).find(
      (name) => name.endsWith(`_${constant}`) && sharesStart(name, constant, values),
    ) ?? value
  );
}

/** Whether what precedes the name is what all names of the enumeration begin with. */
function sharesStart(name: string, constant: string, values: EnumType['values']): boolean {
  const start = name.slice(0, -constant.length);
  return Object.keys(values).every((other) => other.startsWith(start));
}

/** RFC 3339, with up to nine places of a second. */
function readTime(text: string): unknown {
  const [, whole = '', places = '', zone = ''] = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(`${whole}${zone}`);
  if (Number.isNaN(ms)) throw new TypeError(`"${text}" is no time`);
  return { seconds: Math.floor(ms / 1000), nanos: nanosOf(places) };
}

function readDuration(text: string): unknown {
  const [, sign, seconds, places = ''] = /^(-?)(\d+)(?:\.(\d+))?s$/.exec(text) ?? [];
  if (seconds === undefined) throw new TypeError(`"${text}" is no duration`);
  const factor = sign === '-' ? -1 : 1;
  return { seconds: factor * Number(seconds), nanos: factor * nanosOf(places) };
}

function nanosOf(places: string): number {
  return Number(places.padEnd(9, '0').slice(0, 9));
}

function writeTime(time: Record<string, unknown>): string {
  const whole = new Date(Number(secondsOf(time)) * 1000).toISOString().replace(/\.\d+Z$/, '');
  return `${whole}${fraction(time)}Z`;
}

function secondsOf({ seconds }: Record<string, unknown>): string {
  return seconds === undefined ? '0' : String(seconds);
}

function fraction({ nanos }: Record<string, unknown>): string {
  const places = String(nanos ?? 0)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return places === '' ? '' : `.${places}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
