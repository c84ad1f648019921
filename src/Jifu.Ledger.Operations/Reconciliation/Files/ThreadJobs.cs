namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Work for several threads.</summary>
internal static class ThreadJobs
{
    public const int ThreadsMax = 4;

    public static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 2, ThreadsMax);

    /// <summary>Does all jobs with as many threads as help; throws what the first of them throws.</summary>
    public static void Do(List<Action<int>> jobs)
    {
        var (next, stopped) = (-1, false);
        var threads = new Task[Math.Min(jobs.Count, Threads)];
        for (var at = 0; at < threads.Length; at++)
        {
            var thread = at;
            threads[at] = Started(() => Work(thread));
        }

        Task.WhenAll(threads).GetAwaiter().GetResult();

        void Work(int thread)
        {
            try
            {
                while (!Volatile.Read(ref stopped) && Interlocked.Increment(ref next) is var job && job < jobs.Count)
                    jobs[job](thread);
            }
            catch
            {
                Volatile.Write(ref stopped, true);
                throw;
            }
        }
    }

    public static Task Started(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
