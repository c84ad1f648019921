using Jifu.Ledger.Operations.Reconciliation.Files;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>Shows how far a long comparison is, and how long it still takes; on a terminal only.</summary>
internal static class FileProgress
{
    public static async Task<T> Show<T>(
        Func<IProgress<FileReconciliationProgress>?, T> work, CancellationToken cancellation)
    {
        if (Console.IsErrorRedirected)
            return await Task.Run(() => work(null), cancellation);
        return await Terminal.Errors.Progress().AutoClear(true).HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(bars => Task.Run(() => work(new Bars(bars)), cancellation));
    }

    // Reports come from the working thread, in order.
    private sealed class Bars(ProgressContext context) : IProgress<FileReconciliationProgress>
    {
        private readonly Dictionary<string, ProgressTask> _bars = [];

        public void Report(FileReconciliationProgress value)
        {
            if (!_bars.TryGetValue(value.Step, out var bar))
            {
                foreach (var before in _bars.Values)
                    before.Value = before.MaxValue;
                _bars.Add(value.Step, bar = context.AddTask(Markup.Escape(value.Step)));
            }

            bar.MaxValue = Math.Max(value.BytesTotal, 1);
            bar.Value = value.Bytes;
        }
    }
}
