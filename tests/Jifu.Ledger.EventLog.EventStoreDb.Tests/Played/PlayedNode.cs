using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.MemberInfo.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

/// <summary>A node of EventStoreDB 23.10, played as far as a ledger uses it, over real HTTP/2; with any nasty answer on
/// demand.</summary>
internal sealed class PlayedNode : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<PlayedCall, Task>>> _instead = new();
    private WebApplication _listening = null!;

    private PlayedNode(PlayedLog log) => Log = log;

    public PlayedLog Log { get; }

    public int Port { get; private set; }

    /// <summary>What gossip says: the members of the cluster; null for this node and its leader.</summary>
    public Func<IEnumerable<(PlayedNode Node, VNodeState State)>>? Members { get; set; }

    /// <summary>Whom a follower names to who asks for the leader, from the election on; null leads itself.</summary>
    public PlayedNode? Leader { get; set; }

    /// <summary>True for one that was elected and does not lead yet: it denies appends, but no reads.</summary>
    public bool IsPreLeader { get; set; }

    /// <summary>The last position that its index holds: who reads sees nothing after it.</summary>
    public long IndexEnd { get; set; } = long.MaxValue;

    /// <summary>What it says to everybody, whatever is asked, gossip too; null for nothing of the kind.</summary>
    public Code? Refuses { get; set; }

    /// <summary>How many subscriptions still end before they bring anything, as those of who is too slow for what is
    /// written meanwhile.</summary>
    public int SubscriptionsToDrop { get; set; }

    /// <summary>How many calls it has refused, and written an error of into its own log.</summary>
    public int Refused { get; private set; }

    public int AppendBytesMax { get; set; } = 1 << 20;

    /// <summary>Every call so far.</summary>
    public ConcurrentQueue<PlayedCall> Calls { get; } = [];

    public string ConnectionString => $"esdb://127.0.0.1:{Port}?tls=false";

    /// <param name="log">Its memory; null for an empty one.</param>
    /// <param name="certificate">With its key, for TLS; null for none.</param>
    public static async Task<PlayedNode> Start(PlayedLog? log = null, X509Certificate2? certificate = null)
    {
        var node = new PlayedNode(log ?? new());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        node._listening = builder.Build();
        node._listening.Run(node.Answer);
        await node._listening.StartAsync();
        node.Port = new Uri(node._listening.Urls.Single()).Port;
        return node;
    }

    /// <summary>Answers the next call of a method in this way instead of the usual one.</summary>
    public PlayedNode Once(string method, Func<PlayedCall, Task> answer)
    {
        _instead.GetOrAdd(method, _ => []).Enqueue(answer);
        return this;
    }

    public PlayedNode Once(string method, Action<PlayedCall> answer) => Once(method, call =>
    {
        answer(call);
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _listening.StopAsync(soon.Token);
        await _listening.DisposeAsync();
    }

    private async Task Answer(HttpContext context)
    {
        var call = new PlayedCall(context);
        Calls.Enqueue(call);
        try
        {
            await (_instead.TryGetValue(call.Method, out var queue) && queue.TryDequeue(out var answer)
                ? answer(call)
                : Usual(call));
        }
        catch (GrpcException e)
        {
            Refused++;
            call.End(e.Code, e.Detail, [.. e.Trailers.Select(trailer => (trailer.Key, trailer.Value))]);
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        catch (Exception e) when (e is not IOException)
        {
            Console.Error.WriteLine(e);
            throw;
        }
    }

    /// <summary>What EventStoreDB would answer.</summary>
    public Task Usual(PlayedCall call) => call.Method switch
    {
        _ when Refuses is { } code => throw new GrpcException(code, $"{code}"),
        EventStoreMethods.Read => new PlayedReads(this).Answer(call),
        EventStoreMethods.Append => new PlayedAppends(this).Alone(call),
        EventStoreMethods.BatchAppend => new PlayedAppends(this).AmongMany(call),
        EventStoreMethods.Gossip => Gossip(call),
        _ => throw new GrpcException(Code.Unimplemented, $"There is no {call.Method}."),
    };

    /// <summary>Refuses what only the leader does.</summary>
    public void ThrowUnlessLeader(PlayedCall call)
    {
        if (Leader is { } leader && leader != this && call.Header("requires-leader") == "true")
            throw new GrpcException(Code.NotFound, "Leader info available", new Dictionary<string, string>
            {
                ["exception"] = "not-leader", ["leader-endpoint-host"] = "127.0.0.1",
                ["leader-endpoint-port"] = $"{leader.Port}",
            });
    }

    private IEnumerable<(PlayedNode Node, VNodeState State)> Both()
    {
        var leader = Leader ?? this;
        if (leader != this)
            yield return (this, VNodeState.Follower);
        yield return (leader, leader.IsPreLeader ? VNodeState.PreLeader : VNodeState.Leader);
    }

    private async Task Gossip(PlayedCall call)
    {
        var cluster = new ClusterInfo();
        foreach (var (node, state) in Members?.Invoke() ?? Both())
            cluster.Members.Add(new MemberInfo
            {
                State = state, IsAlive = state != VNodeState.Shutdown,
                HttpEndPoint = new() { Address = "127.0.0.1", Port = (uint)node.Port },
            });
        await call.Answer(cluster);
        call.End(Code.Ok);
    }
}
