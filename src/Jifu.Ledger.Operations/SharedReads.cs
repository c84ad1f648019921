using Jifu.Ledger.ReadModels;

namespace Jifu.Ledger.Operations;

/// <summary>Lets all who want to know the same at the same time share one read that begins after each of them
/// asked.</summary>
/// <remarks>So nobody is told anything older than what he would have read himself; a read that is under way already is
/// not good enough, and the next one is for all who came meanwhile. Nor is it bound by the patience of whoever came
/// first.</remarks>
internal sealed class SharedReads<TKey, T> where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Turn> _turns = [];

    public Task<T> Join(TKey key, Func<Task<T>> read, CancellationToken cancellation)
    {
        Task<T> answer;
        Turn? begun = null;
        lock (_lock)
        {
            if (!_turns.TryGetValue(key, out var turn))
                _turns.Add(key, begun = turn = new());
            turn.Next ??= new(read);
            answer = turn.Next.Task;
        }

        if (begun is not null)
            _ = Serve(key, begun);
        return answer.WaitAsync(cancellation);
    }

    private async Task Serve(TKey key, Turn turn)
    {
        CallerPatience.End();
        while (true)
        {
            Asked asked;
            lock (_lock)
            {
                if (turn.Next is not { } next)
                {
                    _turns.Remove(key);
                    return;
                }

                (asked, turn.Next) = (next, null);
            }

            try
            {
                asked.SetResult(await asked.Read());
            }
#pragma warning disable CA1031 // It goes to those who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                asked.SetException(e);
            }
        }
    }

    private sealed class Turn
    {
        public Asked? Next { get; set; }
    }

    private sealed class Asked(Func<Task<T>> read) : TaskCompletionSource<T>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Func<Task<T>> Read => read;
    }
}
