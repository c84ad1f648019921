using System.Text;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests;

/// <summary>What tests before a played server need: nodes, a log on them, events.</summary>
public abstract class PlayedServerTests : IAsyncLifetime
{
    private protected static readonly EventMetadata Metadata = new("key-7", "request-1", "command-1");

    private readonly List<IAsyncDisposable> _open = [];
    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);

    private protected PlayedNode Node { get; private set; } = null!;

    public async Task InitializeAsync() => Node = await StartNode();

    public async Task DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
            await open.DisposeAsync();
    }

    private protected async Task<PlayedNode> StartNode(PlayedLog? log = null)
    {
        var node = await PlayedNode.Start(log);
        _open.Add(node);
        return node;
    }

    /// <param name="options">More options of the connection string, after an <c>&amp;</c>.</param>
    /// <param name="node">Which to connect to; null for the first.</param>
    private protected EventStoreDbEventLog Open(string options = "", PlayedNode? node = null) =>
        OpenAt((node ?? Node).ConnectionString + options);

    private protected EventStoreDbEventLog OpenAt(string connectionString) =>
        Open(EventStoreDbSettings.Parse(connectionString));

    /// <summary>Asks for the leader only where it has reason to.</summary>
    private protected EventStoreDbEventLog OpenTrusting(string connectionString) =>
        Open(EventStoreDbSettings.Parse(connectionString) with { LeaderAskedEvery = Timeout.InfiniteTimeSpan });

    private EventStoreDbEventLog Open(EventStoreDbSettings settings)
    {
        var log = new EventStoreDbEventLog(settings, TimeProvider.System, _ids);
        _open.Add(log);
        return log;
    }

    private protected EventToAppend Event(int bytes = 0) =>
        new(_ids.Next(), "test.happened", Encoding.UTF8.GetBytes($$"""{"n":"{{new string('x', bytes)}}"}"""));

    private protected static StreamName Stream(int n) => new("test", $"s-{n}");

    private protected Task<AppendResult> Append(IEventLog log, int stream, long expectedVersion, int count = 1) =>
        log.Append(
            Stream(stream), expectedVersion, [.. Enumerable.Range(0, count).Select(_ => Event())], Metadata, default);

    /// <summary>How many events the played server holds, without its own.</summary>
    private protected int Held() => Node.Log.After(-1).Count(@event => !@event.IsSystem);
}
