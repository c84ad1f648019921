using System.Runtime.InteropServices;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The versions of the streams that were written to lately; -1 for a stream known to be empty.</summary>
/// <remarks>Two generations: a full young one becomes the old one, and what nobody asked for since is forgotten with
/// it.</remarks>
internal sealed class StreamHeads(int countMax)
{
    private Dictionary<string, long> _young = new(StringComparer.Ordinal);
    private Dictionary<string, long> _old = new(StringComparer.Ordinal);

    public bool TryGet(string stream, out long version)
    {
        if (_young.TryGetValue(stream, out version))
            return true;
        if (!_old.TryGetValue(stream, out version))
            return false;
        Set(stream, version);
        return true;
    }

    public void Set(string stream, long version)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_young, stream, out _) = version;
        if (_young.Count >= Math.Max(countMax / 2, 1))
            (_old, _young) = (_young, new(StringComparer.Ordinal));
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
