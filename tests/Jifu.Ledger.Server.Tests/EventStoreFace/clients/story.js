// Appends, reads and follows as any program would. What it prints is compared with what a reader has approved.
// node story.js LIBRARY WRITER'S-CONNECTION AUDITOR'S-CONNECTION ANONYMOUS-CONNECTION
import { all, close, connect, event, library, line, refusal, say } from "./client.js";

const { ANY, BACKWARDS, END, NO_STREAM, START, STREAM_EXISTS } = library;
const [writing, reading, anonymous] = process.argv.slice(3, 6);
const writer = connect(writing);
const auditor = connect(reading);
const user = {
  username: decodeURIComponent(writing.match(/\/\/([^:]+):/)[1]),
  password: decodeURIComponent(writing.match(/:([^:@]+)@/)[1]),
};

async function append(name, client, stream, events, { expected, ...options } = {}) {
  let done = "";
  const refused = await refusal(async () => {
    const { nextExpectedRevision, position } = await client.appendToStream(
      stream, events, { expectedRevision: expected, streamState: expected, ...options });
    done = `revision ${nextExpectedRevision}, position ${position.commit}/${position.prepare}`;
  });
  say(`${name}:`, done || refused);
}

say("# Appending, in batches and one by one");
const first = [event(1, "ext.opened"), event(2, "ext.sold"), event(3, "ext.sold")];
const shop = "ext.shop-1";
await append("three events, no stream", writer, shop, first, { expected: NO_STREAM });
await append("the same again", writer, shop, first, { expected: NO_STREAM });
await append("one at revision 2", writer, shop, event(4, "ext.sold"), { expected: 2n });
await append("another at revision 2", writer, shop, event(5, "ext.sold"), { expected: 2n });
await append("one in the future", writer, shop, event(5, "ext.sold"), { expected: 77n });
await append("no stream, but there is one", writer, shop, event(5, "ext.sold"), { expected: NO_STREAM });
await append("a stream, but there is none", writer, "ext.shop-2", event(5, "ext.sold"), { expected: STREAM_EXISTS });
await append("a stream, and there is one", writer, shop, event(5, "ext.sold"), { expected: STREAM_EXISTS });
await append("at any revision", writer, shop, event(6, "ext.closed"), { expected: ANY });
await append("the same again", writer, shop, event(6, "ext.closed"), { expected: ANY });
await append("by itself", writer, "ext.till-1", event(7, "ext.counted"), { expected: NO_STREAM, credentials: user });
await append("by itself, too late", writer, "ext.till-1", event(8, "ext.counted"), { expected: NO_STREAM, credentials: user });
await append("by itself, too early", writer, "ext.till-1", event(8, "ext.counted"), { expected: 5n, credentials: user });
await append("with a cause", writer, "ext.till-1",
  event(9, "ext.counted", { 数: 1 }, { $correlationId: "request 1", $causationId: "command 1" }), { expected: 0n });

say("# What is refused");
await append("into the ledger's own stream", writer, "payment-1", event(10, "ext.sold"));
await append("as the ledger's own event", writer, shop, event(10, "payment.succeeded"));
await append("into a system stream", writer, "$$ext.shop-1", event(10, "ext.sold"));
await append("under a name that is none", writer, "shop", event(10, "ext.sold"));
await append("an event too large", writer, shop, event(10, "ext.sold", { text: "x".repeat(1 << 20) }));
await append("the same by itself", writer, shop, event(10, "ext.sold", { text: "x".repeat(1 << 20) }), { credentials: user });
await append("old and new in one", writer, shop, [event(6, "ext.closed"), event(10, "ext.opened")]);
await append("metadata that would be lost", writer, shop, event(10, "ext.sold", {}, { mood: "good" }));
await append("by an auditor", auditor, shop, event(10, "ext.sold"));
await append("with a wrong secret", writer, shop, event(10, "ext.sold"), { credentials: { ...user, password: "x" } });
await append("by nobody", connect(anonymous), shop, event(10, "ext.sold"));
say("reading by nobody:", await refusal(() => all(connect(anonymous).readStream(shop))));
say("deleting:", await refusal(() => writer.deleteStream(shop)));

say("# What a server of EventStoreDB has and this one has not");
const group = library.persistentSubscriptionToStreamSettingsFromDefaults();
say("deleting for good:", await refusal(() => writer.tombstoneStream(shop)));
say("a stream's metadata:", JSON.stringify(await auditor.getStreamMetadata(shop)));
say("setting it:", await refusal(() => writer.setStreamMetadata(shop, { maxCount: 1 })));
say("the server's own streams:", await refusal(() => all(auditor.readStream("$stats-127.0.0.1:2113"))));
say("a category's stream, followed:", await refusal(() => all(auditor.subscribeToStream("$ce-ext.shop"))));
say("a persistent subscription:", await refusal(() => writer.createPersistentSubscriptionToStream(shop, "group", group)));
say("following one:", await refusal(async () => {
  for await (const _ of writer.subscribeToPersistentSubscriptionToStream(shop, "group")) break;
}));
say("projections:", await refusal(() => auditor.listProjections()));
say("the subsystem of projections:", await refusal(() => auditor.restartSubsystem()));
if (library.KurrentDBClient)
  say("several streams at once:", await refusal(() => writer.multiStreamAppend(
    [{ streamName: shop, expectedState: ANY, events: [event(10, "ext.sold")] }])));

say("# Reading a stream");
say("forwards:", await all(auditor.readStream(shop)));
say("forwards from 1, two:", await all(auditor.readStream(shop, { fromRevision: 1n, maxCount: 2 })));
say("from beyond its end:", await all(auditor.readStream(shop, { fromRevision: 100n })));
say("backwards:", await all(auditor.readStream(shop, { direction: BACKWARDS, fromRevision: END })));
say("backwards from 1:", await all(auditor.readStream(shop, { direction: BACKWARDS, fromRevision: 1n })));
// The other client's bridge reads all from a start backwards, and backwards from an end forwards.
const isExact = library.EventStoreDBClient !== undefined;
if (isExact) say("backwards from the start:", await all(auditor.readStream(shop, { direction: BACKWARDS, fromRevision: START })));
say("one that is not:", await refusal(() => all(auditor.readStream("ext.shop-9"))));
for await (const { event } of auditor.readStream("ext.till-1", { fromRevision: 1n }))
  say("its cause:", event.isJson, event.metadata.$correlationId, event.metadata.$causationId,
    event.metadata.actor === `key:${user.username}`, Math.abs(Date.now() - event.created) < 60_000);

say("found by gossip:", await all(connect(reading.replace("esdb:", "esdb+discover:")).readStream(shop, { maxCount: 1 })));

say("# Reading all streams");
const from = (commit) => ({ commit, prepare: commit });
say("forwards:", await all(auditor.readAll()));
say("forwards from 3, two:", await all(auditor.readAll({ fromPosition: from(3n), maxCount: 2 })));
say("forwards from 0, one:", await all(auditor.readAll({ fromPosition: from(0n), maxCount: 1 })));
if (isExact) say("forwards from the end:", await all(auditor.readAll({ fromPosition: END })));
say("backwards from the end, two:", await all(auditor.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 2 })));
say("backwards from 2:", await all(auditor.readAll({ direction: BACKWARDS, fromPosition: from(2n) })));

// Follows until so many events are there. The last is appended once the subscriber was told that it has caught up.
async function follow(name, subscription, count, last) {
  if (last) subscription.once("caughtUp", last);
  const lines = [];
  for await (const resolved of subscription) {
    lines.push(line(resolved));
    if (lines.length === count) break;
  }
  await subscription.unsubscribe();
  if (last) lines.push(`then, live: ${lines.pop()}`);
  say(name, lines.join("; "));
}

say("# Following");
await follow("a stream after 4:", auditor.subscribeToStream(shop, { fromRevision: 4n }), 2,
  () => writer.appendToStream(shop, event(20, "ext.opened")));
await follow("a stream from its end:", auditor.subscribeToStream(shop, { fromRevision: END }), 1,
  () => writer.appendToStream(shop, event(21, "ext.closed")));
await follow("a stream that is still to come:", auditor.subscribeToStream("ext.new-1", { fromRevision: START }), 1,
  () => writer.appendToStream("ext.new-1", event(22, "ext.opened")));
await follow("all after 8:", auditor.subscribeToAll({ fromPosition: from(8n) }), 3,
  () => writer.appendToStream(shop, event(23, "ext.opened")));
await follow("all from the end:", auditor.subscribeToAll({ fromPosition: END }), 1,
  () => writer.appendToStream(shop, event(24, "ext.closed")));
await follow("streams by prefix:",
  auditor.subscribeToAll({ filter: library.streamNameFilter({ prefixes: ["ext.till", "ext.new"] }) }), 4,
  () => writer.appendToStream("ext.till-1", event(25, "ext.counted")));
await follow("types by pattern:", auditor.subscribeToAll({ filter: library.eventTypeFilter({ regex: "^ext\\.(opened|counted)$" }) }), 8,
  () => writer.appendToStream("ext.till-1", event(26, "ext.counted")));
await follow("types by a pattern that looks ahead:",
  auditor.subscribeToAll({ filter: library.eventTypeFilter({ regex: "^(?!ext\\.(sold|opened|closed))" }) }), 4);

const checkpoints = [];
await follow("with checkpoints:", auditor.subscribeToAll({
  filter: library.eventTypeFilter({
    prefixes: ["ext.counted"], maxSearchWindow: 2, checkpointInterval: 2,
    checkpointReached: (_, position) => checkpoints.push(position.commit),
  }),
}), 4);
say("they were:", checkpoints.join(" "));
say("a pattern that is none:", await refusal(async () => {
  for await (const _ of auditor.subscribeToAll({ filter: library.eventTypeFilter({ regex: "(" }) })) break;
}));
await close();
