using Dapper;
using Jifu.Ledger.Channels.Simulator.Endpoints;

namespace Jifu.Ledger.Channels.Simulator.Notices;

/// <summary>Counts notices, for those who wait until all are taken.</summary>
internal sealed class NoticeCount(SandboxSettings settings)
{
    public async Task<NoticeCounts> Read(CancellationToken cancellation)
    {
        await using var connection = await settings.Database.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<NoticeCounts>(new CommandDefinition(
            """
            SELECT count(*) FILTER (WHERE due_at IS NOT NULL) AS Waiting,
                count(*) FILTER (WHERE due_at IS NULL) AS GivenUp
            FROM sandbox.notice WHERE taken_at IS NULL
            """,
            cancellationToken: cancellation));
    }
}
