using Dapper;
using Jifu.Ledger.Channels.Sandbox;

namespace Jifu.Ledger.Channels.Simulator.Notices;

/// <summary>Notices that wait to be sent. They are queued in the transaction that they tell of.</summary>
internal sealed class NoticeQueue(TimeProvider system) : IDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _bell = new(0, 1);

    /// <summary>Queues what a behaviour makes of a notice: one, two, a late one or none.</summary>
    public async Task Add(SandboxMoment moment, Behaviour behaviour, SandboxNotice notice)
    {
        if (behaviour == Behaviour.Silent)
            return;
        var due = system.GetUtcNow().UtcDateTime + (behaviour == Behaviour.Late ? Late : TimeSpan.Zero);
        await moment.Connection.ExecuteAsync(
            """
            INSERT INTO sandbox.notice (notice_id, body, due_at)
            SELECT @NoticeId, @body, @due FROM generate_series(1, @copies)
            """,
            new
            {
                notice.NoticeId,
                body = SandboxJson.Write(notice),
                due,
                copies = behaviour == Behaviour.Twice ? 2 : 1,
            });
    }

    /// <summary>Says that something may have been queued; call it once that is committed.</summary>
    public void Ring()
    {
        try
        {
            _bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    public Task WaitForRing(TimeSpan atMost, CancellationToken cancellation) => _bell.WaitAsync(atMost, cancellation);

    public void Dispose() => _bell.Dispose();
}
