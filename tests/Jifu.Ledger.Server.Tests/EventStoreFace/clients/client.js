// The two clients under one roof: their functions have the same names, and only the class is called otherwise.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const library = require(process.argv[2]);

const Client = library.EventStoreDBClient ?? library.KurrentDBClient;

// Each client is closed at the end, so that the program can end.
const open = [];

export function connect(connection) {
  const client = Client.connectionString(connection);
  open.push(client);
  return client;
}

export const close = () => Promise.all(open.map((client) => client.dispose()));

export const say = (...words) => console.log(words.join(" "));

// An event whose id is its number, so that the story is the same each time.
export const event = (number, type, data, metadata) =>
  library.jsonEvent({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    type,
    data: data ?? { number },
    metadata,
  });

// What went wrong, by the names that the client gives it.
export async function refusal(work) {
  try {
    await work();
    return "nothing went wrong";
  } catch (error) {
    const told = Object.entries({
      stream: error.streamName,
      expected: error.expectedVersion ?? error.expectedState,
      actual: error.actualVersion ?? error.actualState,
      limit: error.maxAppendSize,
    }).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`);
    if (told.length === 0 && !["access-denied", "stream-not-found"].includes(error.type)) told.push(error.message);
    return [error.type ?? error.name, ...told].join(", ");
  }
}

export const line = ({ event }) =>
  `${event.position ? event.position.commit : "-"} ${event.streamId}@${event.revision} ${event.type} ${JSON.stringify(event.data)}`;

export async function all(events) {
  const lines = [];
  for await (const resolved of events) lines.push(line(resolved));
  return lines.length === 0 ? "nothing" : lines.join("; ");
}
