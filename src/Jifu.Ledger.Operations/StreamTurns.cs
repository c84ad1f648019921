using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>Who comes to a stream takes a turn; all who come while it lasts share the next one.</summary>
/// <remarks>So commands to one stream do not run into each other at the log, and the busier a stream is, the more of
/// its commands share one append. Two streams may share a place here, which costs a wait and nothing else.</remarks>
internal sealed class StreamTurns
{
    private const int PlacesMax = 1 << 12;
    private readonly Place[] _places = [.. Enumerable.Range(0, PlacesMax).Select(_ => new Place())];

    /// <param name="stream">Whose turn it is.</param>
    /// <param name="asked">What this caller wants.</param>
    /// <param name="serve">Serves those who share a turn; may leave the last of them to the next one, by giving fewer
    /// answers.</param>
    /// <param name="cancellation">Stops the waiting, and the work of a caller who has the turn alone.</param>
    public Task<TAnswer> Take<TAsked, TAnswer>(
        StreamName stream, TAsked asked,
        Func<IReadOnlyList<TAsked>, CancellationToken, Task<IReadOnlyList<TAnswer>>> serve,
        CancellationToken cancellation)
    {
        var place = _places[stream.GetHashCode() & (PlacesMax - 1)];
        if (place.Enter())
            return Alone(place, asked, serve, cancellation);
        var waiting = new Waiting<TAsked, TAnswer>(stream, asked, serve);
        return place.Queue(waiting)
            ? Served(waiting, cancellation)
            : Alone(place, asked, serve, cancellation);
    }

    private static async Task<TAnswer> Served<TAsked, TAnswer>(
        Waiting<TAsked, TAnswer> waiting, CancellationToken cancellation)
    {
        await using var gone = cancellation.Register(() => waiting.TrySetCanceled(cancellation));
        return await waiting.Task;
    }

    private static async Task<TAnswer> Alone<TAsked, TAnswer>(
        Place place, TAsked asked,
        Func<IReadOnlyList<TAsked>, CancellationToken, Task<IReadOnlyList<TAnswer>>> serve,
        CancellationToken cancellation)
    {
        try
        {
            return (await serve([asked], cancellation))[0];
        }
        finally
        {
            if (place.Next() is { } next)
                _ = ServeAll(place, next);
        }
    }

    private static async Task ServeAll(Place place, List<Waiting> next)
    {
        for (List<Waiting>? turn = next; turn is not null; turn = place.Next())
        {
            await Task.WhenAll(turn.GroupBy(waiting => waiting.Stream)
                .Select(group => group.First().Serve([.. group])));
        }
    }

    private sealed class Place
    {
        private readonly Lock _lock = new();
        private List<Waiting> _waiting = [];
        private bool _taken;

        public bool Enter()
        {
            lock (_lock)
                return !_taken && (_taken = true);
        }

        /// <summary>False when the place has become free meanwhile: then it is the caller's.</summary>
        public bool Queue(Waiting waiting)
        {
            lock (_lock)
            {
                if (!_taken)
                {
                    _taken = true;
                    return false;
                }

                _waiting.Add(waiting);
                return true;
            }
        }

        /// <summary>Those who have come meanwhile; null, and the place is free, when nobody has.</summary>
        public List<Waiting>? Next()
        {
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _taken = false;
                    return null;
                }

                var next = _waiting;
                _waiting = [];
                return next;
            }
        }
    }

    private abstract class Waiting(StreamName stream)
    {
        public StreamName Stream => stream;

        public abstract Task Serve(IReadOnlyList<Waiting> group);
    }

    private sealed class Waiting<TAsked, TAnswer>(
        StreamName stream, TAsked asked,
        Func<IReadOnlyList<TAsked>, CancellationToken, Task<IReadOnlyList<TAnswer>>> serve) : Waiting(stream)
    {
        private readonly TaskCompletionSource<TAnswer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TAnswer> Task => _answer.Task;

        public void TrySetCanceled(CancellationToken cancellation) => _answer.TrySetCanceled(cancellation);

        public override async Task Serve(IReadOnlyList<Waiting> group)
        {
            // Who has gone away before his turn is not served.
            var here = group.Cast<Waiting<TAsked, TAnswer>>().Where(waiting => !waiting.Task.IsCompleted).ToList();
            while (here.Count > 0)
                here.RemoveRange(0, await ServeSome(here));
        }

        private async Task<int> ServeSome(List<Waiting<TAsked, TAnswer>> here)
        {
            try
            {
                var answers = await serve([.. here.Select(waiting => waiting.Asked)], CancellationToken.None);
                for (var i = 0; i < answers.Count; i++)
                    here[i]._answer.TrySetResult(answers[i]);
                return answers.Count;
            }
            catch (Exception e) when (here.Count > 1 && !MayBeWritten(e))
            {
                // Whoever's it was: nobody else shall suffer from it.
                return await ServeSome(here[..1]);
            }
#pragma warning disable CA1031 // It goes to those who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                foreach (var waiting in here)
                    waiting._answer.TrySetException(e);
                return here.Count;
            }
        }

        private TAsked Asked => asked;

        private static bool MayBeWritten(Exception e) =>
            e is EventLogUnavailableException or EventLogOverloadedException or StreamContendedException;
    }
}
