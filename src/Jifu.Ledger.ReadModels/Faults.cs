using System.Collections.Concurrent;

namespace Jifu.Ledger.ReadModels;

/// <summary>Where projections have stopped, and when each tries again.</summary>
internal sealed class Faults(TimeProvider time)
{
    // What was mended by hand or by a rebuild is found by trying; each try that fails is one more alarm.
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (ProjectionFault Fault, DateTimeOffset Due)> _met =
        new(StringComparer.Ordinal);

    public ProjectionFault? Of(string projection) => _met.TryGetValue(projection, out var met) ? met.Fault : null;

    /// <summary>True for one that waits before it tries again.</summary>
    public bool Holds(string projection) =>
        _met.TryGetValue(projection, out var met) && met.Due > time.GetUtcNow();

    public void Meet(string projection, ProjectionFault fault)
    {
        var since = Of(projection) is { } before && before.Position == fault.Position ? before.Since : fault.Since;
        _met[projection] = (fault with { Since = since }, time.GetUtcNow() + TryAgain);
    }

    /// <summary>Lets one try again at once.</summary>
    public void Free(string projection)
    {
        if (_met.TryGetValue(projection, out var met))
            _met[projection] = met with { Due = DateTimeOffset.MinValue };
    }

    /// <summary>Forgets a fault that the projection has come past.</summary>
    public void Passed(string projection, long position)
    {
        if (Of(projection) is { } fault && fault.Position <= position)
            _met.TryRemove(projection, out _);
    }
}
