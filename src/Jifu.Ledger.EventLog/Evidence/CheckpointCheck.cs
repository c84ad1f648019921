namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Compares a log with the checkpoints that were taken of it.</summary>
/// <param name="keys">Those who may have signed; a checkpoint by another proves nothing.</param>
/// <param name="keyFolder">Where our keys' public halves belong; null when the keys were handed to us. A key that is
/// not there is one finding, however many checkpoints it signed: there are thousands, and they would hide the
/// rest.</param>
public sealed class CheckpointCheck(
    Guid log, IReadOnlyList<EvidenceKey> keys, Findings findings, string? keyFolder = null)
{
    private readonly HashSet<string> _missing = [];
    private readonly SortedDictionary<long, List<Checkpoint>> _byPosition = [];
    private readonly byte[] _root = new byte[EventLink.Size];

    /// <summary>How many carry a good signature.</summary>
    public int Signed { get; private set; }

    /// <summary>The newest with a good signature; null when there is none.</summary>
    public Checkpoint? Newest { get; private set; }

    /// <summary>Adds one, when it is of this log and signed by one of the keys.</summary>
    /// <param name="from">Where it comes from, for whoever reads the finding.</param>
    public bool Add(SignedCheckpoint signed, string from)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var checkpoint = signed.Checkpoint;
        var of = $"The checkpoint of position {checkpoint.Position} from {from}";
        if (keys.FirstOrDefault(key => key.Id == signed.KeyId) is not { } key)
            AddUnknown(signed, of);
        else if (!signed.IsSignedBy(key))
            findings.Add(
                FindingKind.SignatureWrong, checkpoint.Position, "signature", $"{of} is not what key {key.Id} signed.");
        else if (checkpoint.Log != log)
            findings.Add(
                FindingKind.AnotherLog, null, "log", $"{of} is of log {checkpoint.Log}, not of {log}.");
        else
            return Keep(checkpoint);
        return false;
    }

    /// <summary>True when no event of its position came.</summary>
    public bool IsLeft(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return _byPosition.ContainsKey(checkpoint.Position);
    }

    /// <summary>Takes an event's link.</summary>
    /// <param name="batches">The tree of all batches that have ended; null when it is not known.</param>
    /// <param name="ends">True when one ends here.</param>
    public void Take(long position, ReadOnlySpan<byte> link, MerkleTree? batches, bool ends = false)
    {
        if (_byPosition.Count == 0 || !_byPosition.TryGetValue(position, out var here))
            return;
        foreach (var checkpoint in here)
        {
            if (Convert.ToHexStringLower(link) != checkpoint.Link)
                findings.Add(
                    FindingKind.CheckpointDiffers, position, "link",
                    $"At {checkpoint.At:u} the link of position {position} was {checkpoint.Link}.");
            if (batches is null)
                continue;
            batches.Root(_root);
            if (!ends || batches.Count != checkpoint.Batches || Convert.ToHexStringLower(_root) != checkpoint.Root)
                findings.Add(
                    FindingKind.CheckpointDiffers, position, "root",
                    $"At {checkpoint.At:u} there were {checkpoint.Batches} batches up to here with the root "
                    + $"{checkpoint.Root}.");
        }

        _byPosition.Remove(position);
    }

    /// <summary>The log has ended at a position, so no checkpoint may be newer.</summary>
    public void EndOfLog(long position)
    {
        foreach (var (at, _) in _byPosition)
        {
            if (at > position)
                findings.Add(
                    FindingKind.TailMissing, position + 1, null,
                    $"The log ends at position {position}; a checkpoint says that it had reached {at}.");
        }
    }

    /// <summary>What to do about keys that a folder lacks.</summary>
    /// <param name="which">The first words: what they signed.</param>
    public static string MissingFrom(string keyFolder, string which) =>
        $"{which}, which is not in {keyFolder}. It is in the backup of the home folder, or in that of the server that "
        + "signed: copy checkpoint.key and checkpoint-keys/ from there; they are read at once. If none of your servers "
        + "ever had that key, somebody else has signed.";

    private void AddUnknown(SignedCheckpoint signed, string of)
    {
        var position = signed.Checkpoint.Position;
        if (keyFolder is null)
            findings.Add(
                FindingKind.KeyUnknown, position, "key",
                $"{of} is signed by key {signed.KeyId}, not by {string.Join(" or ", keys.Select(k => k.Id))}.");
        else if (_missing.Add(signed.KeyId))
            findings.Add(
                FindingKind.KeyUnknown, position, "key",
                MissingFrom(keyFolder, $"{of} is signed by key {signed.KeyId}"));
    }

    private bool Keep(Checkpoint checkpoint)
    {
        Signed++;
        if (Newest is null || checkpoint.Position > Newest.Position)
            Newest = checkpoint;
        if (!_byPosition.TryGetValue(checkpoint.Position, out var here))
            _byPosition.Add(checkpoint.Position, here = []);
        if (here is [var other, ..] && (other.Link, other.Batches, other.Root)
            != (checkpoint.Link, checkpoint.Batches, checkpoint.Root))
            findings.Add(
                FindingKind.CheckpointDiffers, checkpoint.Position, "root",
                $"Two checkpoints of position {checkpoint.Position} are of different logs.");
        here.Add(checkpoint);
        return true;
    }
}
