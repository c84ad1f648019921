using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Past;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>Where read models of the past are made: one at a time, so that an auditor's questions leave the server to
/// its payments.</summary>
internal sealed class PastRoom(IEventLog log, EventCodec codec, ServerSettings settings) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(1);
    private readonly NpgsqlDataSource _sessions = PastViews.Sessions(settings.Ledger);

    /// <summary>Sessions that show times by Beijing time.</summary>
    public NpgsqlDataSource Sessions => _sessions;

    /// <summary>Answers with lines that are made in here, or with <c>overloaded</c> while somebody is in.</summary>
    /// <param name="work">Given where its lines go, and what makes empty tables for projections.</param>
    public async Task<IResult> Enter(
        Func<LineWriter, Func<IReadOnlyList<IProjection>, Task<PastViews>>, Task> work)
    {
        if (!await _free.WaitAsync(TimeSpan.Zero))
            return new Problem("overloaded", "Another read model of the past is being made.") { RetryAfterSeconds = 5 };
        return new LineStream(async lines =>
        {
            try
            {
                await work(lines, projections =>
                    PastViews.Begin(log, codec, _sessions, projections, TimeProvider.System, lines.Cancellation));
            }
            finally
            {
                _free.Release();
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        _free.Dispose();
        await _sessions.DisposeAsync();
    }
}
