using System.Net;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>Which node leads, and which is asked when any will do. Asks by gossip, remembers, and asks again when an
/// answer gives reason to doubt.</summary>
/// <remarks>
/// A cluster that has members but no leader yet is not ready: whoever needs the leader waits for one. A node that was
/// elected and does not lead yet (<c>PreLeader</c>) answers reads that ask for the leader, from an index that may lag,
/// and followers name it already. So nobody is taken for the leader whom gossip does not call so, but a single node
/// that does not tell; and whoever is known to lead is asked now and then whether it still does, for one that has lost
/// its place and was elected again says so to nobody else.
/// </remarks>
internal sealed partial class Cluster(
    EventStoreDbSettings settings, HttpMessageInvoker http, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private Task? _asking;
    private Task? _watching;
    private volatile IReadOnlyList<DnsEndPoint> _known = settings.Nodes;
    private volatile Node? _leader;
    private volatile Node? _preferred;

    // False for a single node that does not tell who leads.
    private volatile bool _isTold;

    // Why the last round of questions had no answer; null when it had one.
    private volatile GrpcException? _silence;

    // Moves the choice on, so that not all ask the same follower, and another after a failure.
    private int _turn = Environment.ProcessId;

    /// <summary>The node that takes appends.</summary>
    /// <param name="patience">How long to wait for one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GrpcException">There is none (UNAVAILABLE), in this time or after all attempts; or nobody says
    /// who it is but nodes that deny us access (by their own code).</exception>
    public async ValueTask<Node> Leader(TimeSpan patience, CancellationToken cancellation) =>
        _leader ?? await Discover(() => _leader, patience, cancellation);

    /// <summary>The node to read all streams from, by the settings' preference.</summary>
    /// <inheritdoc cref="Leader"/>
    public async ValueTask<Node> Preferred(TimeSpan patience, CancellationToken cancellation) =>
        settings.NodePreference == NodePreference.Leader
            ? await Leader(patience, cancellation)
            : !settings.Discover
            ? At(settings.Nodes[0])
            : _preferred ?? await Discover(() => _preferred, patience, cancellation);

    /// <summary>Draws a conclusion from a failed call, so that the next one goes where it can succeed.</summary>
    public void Learn(Node node, GrpcException failure)
    {
        if (failure.EventStoreError == EventStoreTrailers.NotLeader
            && failure.Trailers.TryGetValue(EventStoreTrailers.LeaderHost, out var host)
            && int.TryParse(failure.Trailers.GetValueOrDefault(EventStoreTrailers.LeaderPort), out var port))
        {
            // Of many calls that failed together only the first has news.
            if (_leader is not null && !ReferenceEquals(_leader, node))
                return;
            LogFollowing(node, host, port);

            // The one it names is asked first. A node that knows of no leader names itself: then the others are.
            var named = new DnsEndPoint(host, port);
            _leader = null;
            _known = named.Equals(node.Address) ? Last(named) : [named, .. _known.Where(one => !one.Equals(named))];
        }
        else
        {
            if (ReferenceEquals(_leader, node))
                _leader = null;
            if (ReferenceEquals(_preferred, node))
                _preferred = null;

            // It may say nothing to gossip, too: whoever asks it first waits in vain.
            _known = Last(node.Address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await (_asking ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_watching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private List<DnsEndPoint> Last(DnsEndPoint address) => [.. _known.Where(one => !one.Equals(address)), address];

    private Node At(DnsEndPoint address) => new(address, settings, http, time);

    private async Task<Node> Discover(Func<Node?> wanted, TimeSpan patience, CancellationToken cancellation)
    {
        Task asking;
        lock (_lock)
        {
            if (wanted() is { } known)
                return known;

            // It goes on when a caller has no more time: the next caller has the use of it.
            if (_asking is not { IsCompleted: false })
                _asking = Task.Run(() => Ask(wanted), CancellationToken.None);
            asking = _asking;
        }

        try
        {
            await asking.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        return wanted() ?? throw Leaderless(_silence);
    }

    private GrpcException Leaderless(GrpcException? silence) => silence is not null && Refusal.IsOfAccess(silence)
        ? new(silence.Code, silence.Detail, silence.Trailers, silence)
        : new(
            Code.Unavailable,
            $"None of {string.Join(", ", _known.Select(Text))} named a node that leads"
            + (silence is null ? "." : $": {silence.Message}"),
            cause: silence);

    private async Task Ask(Func<Node?> wanted)
    {
        for (var attempt = 1; attempt <= settings.MaxDiscoverAttempts && wanted() is null; attempt++)
        {
            if (attempt > 1)
                await Task.Delay(settings.DiscoveryInterval, time, _closing.Token);
            await AskAround(_closing.Token);
        }
    }

    // Those we heard of last, then the seeds: a cluster may have moved on while its seeds stood still.
    private async Task AskAround(CancellationToken cancellation)
    {
        var (isAnswered, refusal) = (false, (GrpcException?)null);
        foreach (var address in _known.Concat(settings.Nodes).Distinct().ToList())
        {
            try
            {
                var members = await Members(address, cancellation);
                (isAnswered, _silence, _isTold) = (true, null, members.Count > 0);
                if (settings.Discover)
                    _known = [.. members.Select(ClusterMembers.Address)];
                Choose(address, members);
                if (_leader is not null)
                {
                    _watching ??= Task.Run(Watch, CancellationToken.None);
                    return;
                }

                LogLeaderless(Text(address));
            }
            catch (GrpcException e)
            {
                LogSilent(Text(address), e.Message);
                refusal = Refusal.IsOfAccess(e) ? e : refusal;
                _silence = isAnswered ? null : refusal ?? e;
            }
        }
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(settings.LeaderAskedEvery, time);
        while (await timer.WaitForNextTickAsync(_closing.Token))
        {
            if (!_isTold || _leader is not { } leader)
                continue;
            try
            {
                var members = await Members(leader.Address, _closing.Token);
                _isTold = members.Count > 0;
                var leads = settings.Discover
                    ? members.Leader() is { } named && named.Address().Equals(leader.Address)
                    : members.IsUsed(leader.Address);
                if (leads || !ReferenceEquals(_leader, leader))
                    continue;
                LogDeposed(leader);
                _leader = null;
            }
            catch (GrpcException)
            {
                // Whoever asks it for more finds out.
            }
        }
    }

    /// <returns>Who is alive, as the node sees it; empty for a single node that does not tell.</returns>
    /// <exception cref="GrpcException">It does not answer, or a cluster's node does not tell.</exception>
    private async Task<List<MemberInfo>> Members(DnsEndPoint address, CancellationToken cancellation)
    {
        try
        {
            using var call = await At(address).Call(
                EventStoreMethods.Gossip, needsLeader: false, settings.GossipTimeout, cancellation, new Empty());
            return [.. (await call.Only(ClusterInfo.Parser)).Members.Where(member => member.IsAlive)];
        }
        catch (GrpcException e) when (!settings.Discover && (Refusal.IsOfAccess(e) || e.Code == Code.Unimplemented))
        {
            // What we may not know from it, or it cannot say, does not keep us from using it.
            LogSilent(Text(address), e.Message);
            return [];
        }
    }

    private void Choose(DnsEndPoint asked, List<MemberInfo> members)
    {
        _leader = !settings.Discover && members.IsUsed(asked) ? At(asked)
            : members.Leader() is { } leader ? At(leader.Address()) : null;
        var choice = members.Liked(settings.NodePreference);
        _preferred = choice.Count > 0
            ? At(choice[(Interlocked.Increment(ref _turn) & int.MaxValue) % choice.Count].Address())
            : null;
    }

    private static string Text(DnsEndPoint address) => $"{address.Host}:{address.Port}";

    [LoggerMessage(LogLevel.Information, "{Node} does not lead; {Host}:{Port} does")]
    private partial void LogFollowing(Node node, string host, int port);

    [LoggerMessage(LogLevel.Information, "{Node} leads no longer")]
    private partial void LogDeposed(Node node);

    [LoggerMessage(LogLevel.Warning, "{Node} knows of no leader yet")]
    private partial void LogLeaderless(string node);

    [LoggerMessage(LogLevel.Warning, "{Node} did not say who leads: {Reason}")]
    private partial void LogSilent(string node, string reason);
}
