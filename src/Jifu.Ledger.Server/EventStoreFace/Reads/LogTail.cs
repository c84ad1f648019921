using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Where streams end, and what stands there: what the port does not tell, asked of the embedded log's
/// table.</summary>
internal sealed class LogTail(Databases databases)
{
    /// <summary>How far back a repeat is looked for.</summary>
    private const int RecentEvents = 1000;

    /// <summary>The version of a stream's last event; -1 when there is no such stream.</summary>
    public async Task<long> Version(StreamName stream, CancellationToken cancellation)
    {
        await using var connection = await databases.Outside.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new(
            "SELECT coalesce(max(version), -1) FROM log.events WHERE stream = @stream",
            new { stream = $"{stream}" }, cancellationToken: cancellation));
    }

    /// <summary>Where those of these events stand that are among the last of a stream, in order.</summary>
    /// <remarks>Events are not indexed by id.</remarks>
    public async Task<IReadOnlyList<Place>> Recent(
        StreamName stream, long version, Guid[] ids, CancellationToken cancellation)
    {
        await using var connection = await databases.Outside.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<Place>(new("""
            SELECT event_id AS id, version, position FROM log.events
            WHERE stream = @stream AND version > @after AND event_id = ANY (@ids) ORDER BY version
            """, new { stream = $"{stream}", after = version - RecentEvents, ids }, cancellationToken: cancellation))];
    }
}

/// <summary>Where an event stands in its stream and in the log.</summary>
internal sealed record Place(Guid Id, long Version, long Position);
