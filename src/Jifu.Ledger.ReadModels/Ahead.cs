using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Jifu.Ledger.ReadModels;

/// <summary>Lets two steps of one flow work at the same time.</summary>
internal static class Ahead
{
    /// <summary>The same items in the same order; the next ones are made while whoever asked works on one.</summary>
    /// <param name="source">Runs on another thread. What it throws is thrown here, after the items before.</param>
    /// <param name="count">How many items may wait.</param>
    /// <param name="cancellation">Ends both.</param>
    public static async IAsyncEnumerable<T> MadeAhead<T>(
        this IAsyncEnumerable<T> source, int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = System.Threading.Channels.Channel.CreateBounded<T>(count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var making = Task.Run(() => Make(source, waiting.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in waiting.Reader.ReadAllAsync(cancellation))
                yield return item;
        }
        finally
        {
            await stop.CancelAsync();
            await making;
        }
    }

    private static async Task Make<T>(
        IAsyncEnumerable<T> source, ChannelWriter<T> waiting, CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in source.WithCancellation(cancellation))
                await waiting.WriteAsync(item, cancellation);
            waiting.Complete();
        }
#pragma warning disable CA1031 // Whatever it is, whoever asked gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            waiting.Complete(e);
        }
    }
}
