using System.Buffers.Binary;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Hashes events one after the other and tells the first that is not what the chain says.</summary>
/// <remarks>
/// After an event that does not fit it goes on in both ways that are possible, with the link that the log keeps and
/// with the one that the fields give; which of them the next event fits says whether a field or the link was altered.
/// </remarks>
public sealed class ChainCheck(Findings findings)
{
    private readonly EventLink _link = new();
    private readonly byte[] _computed = new byte[EventLink.Size];
    private readonly byte[] _kept = new byte[EventLink.Size];
    private bool _isInDoubt;
    private bool _isUnknown;

    /// <summary>The position that must come next.</summary>
    public long Next { get; private set; }

    /// <summary>How many events were taken in.</summary>
    public long Count { get; private set; }

    /// <summary>The link that the log keeps for the last event.</summary>
    public ReadOnlySpan<byte> Kept => _kept;

    /// <summary>The position after one. Nothing comes after the last that there can be, so an altered one may say
    /// so.</summary>
    internal static long After(long position) => position == long.MaxValue ? position : position + 1;

    /// <summary>Begins at a position whose link before is known; a log begins at 0 with 32 zero bytes.</summary>
    public void Begin(long position, ReadOnlySpan<byte> linkBefore)
    {
        Settle(linkBefore);
        linkBefore.CopyTo(_computed);
        linkBefore.CopyTo(_kept);
        (Next, _isUnknown) = (position, false);
    }

    /// <summary>Takes an event's row.</summary>
    public void Take(StoredEvent stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        _link.Reset(_computed);
        stored.Extend(_link);
        Judge(stored.Position, stored.Link);
    }

    /// <summary>Takes an event's fields as they were hashed.</summary>
    /// <returns>The event's position; -1 when the fields do not begin with one.</returns>
    public long Take(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> link)
    {
        if (fields.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(fields) != 8)
        {
            findings.Add(FindingKind.EventUnreadable, Next, "position", "The event's fields are no fields.");
            Next = After(Next);
            Settle(link);
            return -1;
        }

        var position = BinaryPrimitives.ReadInt64BigEndian(fields[4..]);
        _link.Reset(_computed);
        _link.Extend(fields);
        Judge(position, link);
        return position;
    }

    private void Judge(long position, ReadOnlySpan<byte> link)
    {
        Count++;
        if (position < Next)
        {
            findings.Add(
                FindingKind.EventMisplaced, Next, "position", $"Position {position} stands where {Next} should.");
            return;
        }

        if (position > Next)
        {
            var which = position - 1 == Next ? $"Position {Next} is" : $"Positions {Next} to {position - 1} are";
            findings.Add(FindingKind.EventMissing, Next, null, $"{which} missing.");
            _isUnknown = true;
        }

        Next = After(position);
        if (_isUnknown || link.Length != EventLink.Size)
        {
            _isUnknown = link.Length != EventLink.Size;
            if (_isUnknown)
                findings.Add(FindingKind.LinkAltered, position, "link", $"A link of {link.Length} bytes.");
            else
                Settle(link);
            return;
        }

        Compare(position, link);
    }

    private void Compare(long position, ReadOnlySpan<byte> link)
    {
        if (_link.Current.SequenceEqual(link))
        {
            if (_isInDoubt)
                findings.Refine(
                    FindingKind.LinkAltered, position - 1, "link", "Its link is not the one that the chain gives.");
            Settle(link);
        }
        else if (_isInDoubt && _link.Again(_kept).SequenceEqual(link))
        {
            Settle(link);
        }
        else
        {
            if (_isInDoubt)
                _link.Again(_computed);
            findings.Add(
                FindingKind.EventAltered, position, null, "Its fields are not those that its link was made of.");
            _link.Current.CopyTo(_computed);
            link.CopyTo(_kept);
            _isInDoubt = true;
        }
    }

    private void Settle(ReadOnlySpan<byte> link)
    {
        link.CopyTo(_computed);
        link.CopyTo(_kept);
        _isInDoubt = false;
    }
}
