using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog.Evidence;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>The log's rows as they are, chain and batches included: what evidence is made of and checked
/// against.</summary>
/// <remarks>Row after row as the database sends them, so a log of any size takes the same memory.</remarks>
public sealed class StoredLog(NpgsqlDataSource source)
{
    private const string Columns = """
        position, stream, version, event_id, type, recorded_at, actor, correlation_id, causation_id, payload, link
        """;

    private const string RangeSql = $"""
        SELECT {Columns} FROM log.events WHERE position BETWEEN $1 AND $2 ORDER BY position
        """;

    private const string StreamSql = $"""
        SELECT {Columns} FROM log.events WHERE stream = $1 AND position <= $2 ORDER BY version
        """;

    private const string BatchesSql = """
        SELECT first_position, last_position, root FROM log.batches
        WHERE first_position >= $1 AND last_position <= $2 ORDER BY first_position
        """;

    // The head is asked for by the index; the last batch is the last of both orders.
    private const string EndSql = """
        SELECT coalesce((SELECT last_position FROM log.batches ORDER BY first_position DESC LIMIT 1), -1)
        """;

    private const string LastSql = "SELECT coalesce(max(position), -1) FROM log.events";

    private const string LinkSql = "SELECT link FROM log.events WHERE position = $1";

    private const string LinksSql = "SELECT position, link FROM log.events WHERE position BETWEEN $1 AND $2";

    /// <summary>Which log this is.</summary>
    public Task<Guid> Id(CancellationToken cancellation) =>
        Scalar<Guid>("SELECT log_id FROM log.identity", cancellation);

    /// <summary>Where the newest batch ends; -1 in an empty log.</summary>
    public Task<long> End(CancellationToken cancellation) => Scalar<long>(EndSql, cancellation);

    /// <summary>The position of the newest event, in a batch or not; -1 in an empty log.</summary>
    public Task<long> Last(CancellationToken cancellation) => Scalar<long>(LastSql, cancellation);

    /// <summary>All events between two positions, both included, as far as they are there.</summary>
    public IAsyncEnumerable<StoredEvent> Events(long first, long last, CancellationToken cancellation) =>
        Rows(RangeSql, Event, cancellation, first, last);

    /// <summary>A stream's events up to a position, in the order of their versions.</summary>
    public IAsyncEnumerable<StoredEvent> Stream(string stream, long last, CancellationToken cancellation) =>
        Rows(StreamSql, Event, cancellation, stream, last);

    /// <summary>The batches that lie between two positions as a whole.</summary>
    public IAsyncEnumerable<EventBatch> Batches(long first, long last, CancellationToken cancellation) =>
        Rows(BatchesSql, row => new EventBatch(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
            cancellation, first, last);

    /// <summary>The link of one event; 32 zero bytes for position -1, and for one that is not there.</summary>
    internal async Task<byte[]> Link(long position, CancellationToken cancellation)
    {
        await foreach (var link in Rows(LinkSql, row => row.GetFieldValue<byte[]>(0), cancellation, position))
            return link;
        return new byte[EventLink.Size];
    }

    /// <summary>The links between two positions, both included; zeros for those that are not there.</summary>
    internal async Task<byte[][]> Links(long first, long last, CancellationToken cancellation)
    {
        var links = new byte[last - first + 1][];
        Array.Fill(links, new byte[EventLink.Size]);
        await foreach (var (position, link) in Rows(
            LinksSql, row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation, first, last))
        {
            if (link.Length == EventLink.Size)
                links[position - first] = link;
        }

        return links;
    }

    private static StoredEvent Event(NpgsqlDataReader row)
    {
        try
        {
            return new(
                row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetGuid(3), row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetString(6), row.GetString(7),
                row.IsDBNull(8) ? null : row.GetString(8), row.GetFieldValue<byte[]>(9), row.GetFieldValue<byte[]>(10));
        }
        catch (Exception e) when (e is InvalidCastException or ArgumentException or OverflowException)
        {
            // A null, or a time beyond all calendars: whatever stands there, it is not what was hashed.
            return new(
                row.GetInt64(0), "", -1, default, "", default, "", "", null, default,
                row.IsDBNull(10) ? [] : row.GetFieldValue<byte[]>(10));
        }
    }

    private async Task<T> Scalar<T>(string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The constants above.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync(cancellation)
            ?? throw new InvalidOperationException("The log has no identity: its table is empty."));
    }

    private async IAsyncEnumerable<T> Rows<T>(
        string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellation,
        params object[] parameters)
    {
#pragma warning disable CA2100
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return read(reader);
    }
}
