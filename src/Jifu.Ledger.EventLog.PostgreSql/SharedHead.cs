namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Asks where the log ends, once for all who want to know at the same time.</summary>
/// <remarks>Each is told what was asked after he came. While more and more come, there is a pause between two
/// questions: a question costs as much as some appends.</remarks>
/// <param name="ask">Asks the database.</param>
internal sealed class SharedHead(Func<Task<long>> ask)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource<long>? _next;
    private bool _asks;

    public Task<long> Now()
    {
        lock (_lock)
        {
            _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_asks)
                _ = Task.Run(AskForAll);
            _asks = true;
            return _next.Task;
        }
    }

    private async Task AskForAll()
    {
        while (true)
        {
            TaskCompletionSource<long> asked;
            lock (_lock)
            {
                if (_next is null)
                {
                    _asks = false;
                    return;
                }

                (asked, _next) = (_next, null);
            }

            try
            {
                asked.SetResult(await ask());
            }
#pragma warning disable CA1031 // It goes to those who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                asked.SetException(e);
            }

            if (Volatile.Read(ref _next) is not null)
                await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
