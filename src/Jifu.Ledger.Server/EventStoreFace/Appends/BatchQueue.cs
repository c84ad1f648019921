using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>The appends of one call that are under way: those to one stream one after the other, those to different
/// streams side by side.</summary>
internal sealed class BatchQueue(
    FaceCall call, AppendIntake intake, Func<BatchedAppend, Task<BatchAppendResp>> carryOut) : IDisposable
{
    private const int UnderWayMax = 64;

    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(UnderWayMax);
    private readonly SemaphoreSlim _pen = new(1);

    /// <summary>Takes an append on; waits while too many are under way.</summary>
    public async Task Add(BatchedAppend append)
    {
        await _room.WaitAsync(call.Ended);
        foreach (var done in _last.Where(one => one.Value.IsCompleted).ToList())
            _last.Remove(done.Key);
        _last[append.Name] = CarryOut(append, _last.GetValueOrDefault(append.Name, Task.CompletedTask));
    }

    /// <summary>Completes when all are answered, or their client has gone.</summary>
    public async Task Drain() =>
        await Task.WhenAll(_last.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _room.Dispose();
        _pen.Dispose();
    }

    private async Task CarryOut(BatchedAppend append, Task before)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await intake.Taken(Answer(await carryOut(append)));
        }
        finally
        {
            intake.GiveBack(append.Bytes);
            _room.Release();
        }
    }

    private async Task Answer(BatchAppendResp answer)
    {
        await _pen.WaitAsync(call.Ended);
        try
        {
            await call.AnswerOnce(answer);
        }
        finally
        {
            _pen.Release();
        }
    }
}
