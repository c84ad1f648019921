namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>Where each method of the protocol is posted to.</summary>
public static class EventStoreMethods
{
    public const string Read = "/event_store.client.streams.Streams/Read";
    public const string Append = "/event_store.client.streams.Streams/Append";
    public const string BatchAppend = "/event_store.client.streams.Streams/BatchAppend";
    public const string Delete = "/event_store.client.streams.Streams/Delete";
    public const string Tombstone = "/event_store.client.streams.Streams/Tombstone";
    public const string Gossip = "/event_store.client.gossip.Gossip/Read";

    /// <summary>How all methods of persistent subscriptions begin.</summary>
    public const string PersistentSubscriptions =
        "/event_store.client.persistent_subscriptions.PersistentSubscriptions/";

    public const string SupportedMethods =
        "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";
}
