using System.Reflection;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.EventLog.Tests;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests;

/// <summary>The contract, kept by our adapter before a node or cluster that stands somewhere, whatever it holds
/// already: a real one, when <c>JIFU_TEST_EVENTSTORE</c> is its connection string.</summary>
public sealed class StandingNodeContractTests
{
    /// <summary>Each fact of the contract.</summary>
    public static TheoryData<string> Facts => [.. typeof(EventLogContract).GetMethods()
        .Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => method.Name)];

    [RealNodeTheory]
    [MemberData(nameof(Facts))]
    public Task A_real_node_keeps_the_contract(string fact) => Keeps(fact, RealNodeTheoryAttribute.Given!);

    // Shows that the one above tells something, where there is no real node.
    [Fact]
    public async Task A_played_node_that_is_in_use_keeps_the_contract()
    {
        await using var node = await PlayedNode.Start();
        foreach (var fact in Facts)
            await Keeps(fact, node.ConnectionString);
        node.Log.After(-1).Count.ShouldBeGreaterThan(10_000);
    }

    private static async Task Keeps(string fact, string connection)
    {
        var contract = new OnStandingNode(EventStoreDbSettings.Parse(connection) with
        {
            DefaultDeadline = TimeSpan.FromSeconds(60),
        });
        try
        {
            await contract.InitializeAsync();
            await (Task)typeof(EventLogContract).GetMethod(fact)!.Invoke(contract, null)!;
        }
        finally
        {
            await contract.DisposeAsync();
        }
    }

    /// <summary>Not public: found by the runner it would count as passed where there is no node.</summary>
    private sealed class OnStandingNode(EventStoreDbSettings settings) : EventLogContract
    {
        private readonly List<EventStoreDbEventLog> _open = [];
        private readonly string _run = $"{Guid.NewGuid():N}";
        private long _begin = -1;

        // MaxAppendSize as it is when nobody has set it.
        protected override int AppendBytesMax => 1 << 20;

        public override async Task DisposeAsync()
        {
            foreach (var log in _open)
                await log.DisposeAsync();
        }

        protected override async Task<IEventLog> Open()
        {
            _begin = await Connected().Head(default);
            return OpenSecondNode();
        }

        protected override IEventLog OpenSecondNode() => new LogFrom(Connected(), _begin, _run);

        private EventStoreDbEventLog Connected()
        {
            _open.Add(new(settings, TimeProvider.System, IdSource.TimeOrdered(TimeProvider.System)));
            return _open[^1];
        }
    }
}

/// <summary>A theory that is skipped, and said to be, where no real node is given.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealNodeTheoryAttribute : TheoryAttribute
{
    private const string Name = "JIFU_TEST_EVENTSTORE";

    public RealNodeTheoryAttribute()
    {
        if (Given is null)
            Skip = $"{Name} is not set: docs/operating/eventstoredb.md";
    }

    public static string? Given => Environment.GetEnvironmentVariable(Name) is { Length: > 0 } given ? given : null;
}
