using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Benchmarks;

/// <summary>A cluster like one that has run for a while: it has WAL files (预写日志) to use again.</summary>
/// <remarks>A new cluster makes each file of 16 MB when it first needs it, and writes it twice: zeros, then what is to
/// be logged. From its first checkpoint on it renames old ones, up to <c>min_wal_size</c>. A run of half a minute on a
/// new cluster would measure the first minutes of its life only, on either side of a ratio.</remarks>
internal static class UsedCluster
{
    private const int Megabytes = 2_048;

    public static async Task<TestCluster> Start(params IReadOnlyList<string> settings)
    {
        var cluster = TestCluster.Start(durable: true, [$"min_wal_size={Megabytes}MB", .. settings]);
        await using var source = NpgsqlDataSource.Create(cluster.SuperuserConnection);
        await using var fill = source.CreateCommand($"""
            SELECT count(pg_logical_emit_message(false, 'fill', repeat('0', 1024 * 1024)))
            FROM generate_series(1, {Megabytes})
            """);
        await fill.ExecuteScalarAsync();
        await using var checkpoint = source.CreateCommand("CHECKPOINT");
        await checkpoint.ExecuteNonQueryAsync();
        return cluster;
    }
}
