using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Checks an archive by itself, with nothing but public keys that were handed over apart from it.</summary>
public sealed class ArchiveCheck
{
    private readonly IReadOnlyList<EvidenceKey> _keys;
    private readonly Findings _findings = new();
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private ArchiveCheck(IReadOnlyList<EvidenceKey> keys) => _keys = keys;

    /// <param name="archive">The whole archive; it must be able to seek.</param>
    /// <param name="keys">Whom to believe.</param>
    /// <param name="outside">Checkpoints kept elsewhere, to compare with.</param>
    /// <exception cref="NoArchiveException">It is no zip, or no archive of this kind.</exception>
    /// <exception cref="UnknownArchiveVersionException">It is of a version that this program does not know.</exception>
    public static EvidenceReport Run(
        Stream archive, IReadOnlyList<EvidenceKey> keys, IReadOnlyList<SignedCheckpoint> outside)
    {
        ArgumentNullException.ThrowIfNull(archive);
        Span<byte> magic = stackalloc byte[4];
        if (archive.ReadAtLeast(magic, 4, throwOnEndOfStream: false) < 4 || !magic.SequenceEqual("PK\x03\x04"u8))
            throw new NoArchiveException("This is no archive: it does not begin as a zip does.");
        archive.Position = 0;
        var check = new ArchiveCheck(keys);
        try
        {
            return check.Run(EvidenceZip.Read(archive), outside);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException)
        {
            return check.Broken($"The archive cannot be read: {e.Message}");
        }
    }

    private EvidenceReport Run(EvidenceZip zip, IReadOnlyList<SignedCheckpoint> outside)
    {
        if (!zip.Has(ArchiveNames.Manifest))
            return Broken($"The archive has no {ArchiveNames.Manifest}: its export was not finished, or it was cut.");
        var json = Bytes(zip, ArchiveNames.Manifest);
        Manifest manifest;
        try
        {
            manifest = Manifest.Read(json);
        }
        catch (FormatException e)
        {
            return Broken($"{ArchiveNames.Manifest} cannot be read: {e.Message}.");
        }

        CheckSignature(json, Encoding.UTF8.GetString(Bytes(zip, ArchiveNames.Signature)));
        var checkpoints = new CheckpointCheck(manifest.Log, _keys, _findings);
        Listed(zip, manifest, ArchiveNames.Checkpoints, file => AddCheckpoints(checkpoints, file));
        var anchor = checkpoints.Newest is { } newest && newest.Position == manifest.Anchor ? newest : null;
        if (anchor is null)
            _findings.Add(
                FindingKind.ProofWrong, null, null,
                $"No signed checkpoint of position {manifest.Anchor}, to which the proofs should lead, is in here.");
        var added = AddOutside(checkpoints, outside, anchor);
        var run = new ArchiveRun(manifest, anchor, checkpoints, _findings);
        CheckEvents(zip, manifest, run);
        if (manifest.Scope.Kind != "all")
            NoteLeft([.. added.Where(one => checkpoints.IsLeft(one) && one.Batches != anchor?.Batches)]);
        if (NotProved(manifest) is { } note)
            _notes.Add(note);
        foreach (var name in zip.Names.Where(name => !_read.Contains(name)))
            Listed(zip, manifest, name);
        foreach (var file in manifest.Files.Where(file => !_read.Contains(file.Name)))
            _findings.Add(FindingKind.FileDiffers, null, file.Name, $"{file.Name} is missing.");
        return new(manifest, run.Chain.Count, checkpoints.Signed, anchor, _findings, _notes);
    }

    private EvidenceReport Broken(string detail)
    {
        _findings.Add(FindingKind.ArchiveBroken, null, null, detail);
        return new(null, 0, 0, null, _findings, _notes);
    }

    private void CheckSignature(byte[] manifest, string signature)
    {
        var lines = signature.Split('\n');
        var bytes = new byte[1024];
        var length = 0;
        if (lines is not [['k', 'e', 'y', ':', ' ', .. var id], var algorithm, var value, ""]
            || !value.StartsWith("signature: ", StringComparison.Ordinal)
            || !Convert.TryFromBase64String(value["signature: ".Length..], bytes, out length))
            _findings.Add(
                FindingKind.SignatureWrong, null, ArchiveNames.Signature, $"{ArchiveNames.Signature} is no signature.");
        else if (_keys.FirstOrDefault(key => key.Id == id) is not { } key)
            _findings.Add(
                FindingKind.KeyUnknown, null, ArchiveNames.Signature,
                $"The archive is signed by key {id}, not by {string.Join(" or ", _keys.Select(k => k.Id))}.");
        else if (algorithm != $"algorithm: {key.Algorithm}" || !key.Verifies(manifest, bytes.AsSpan(0, length)))
            _findings.Add(
                FindingKind.SignatureWrong, null, ArchiveNames.Manifest,
                $"{ArchiveNames.Manifest} is not what key {key.Id} signed.");
    }

    private bool AddCheckpoints(CheckpointCheck checkpoints, Stream file)
    {
        try
        {
            using var text = new StreamReader(file, Encoding.UTF8, false, -1, leaveOpen: true);
            foreach (var signed in SignedCheckpoint.ReadAll(text))
                checkpoints.Add(signed, "the archive");
        }
        catch (FormatException e)
        {
            _findings.Add(FindingKind.FileDiffers, null, ArchiveNames.Checkpoints, e.Message);
        }

        return true;
    }

    private List<Checkpoint> AddOutside(
        CheckpointCheck checkpoints, IReadOnlyList<SignedCheckpoint> outside, Checkpoint? anchor)
    {
        var added = outside.Where(one => checkpoints.Add(one, "outside")).Select(one => one.Checkpoint).ToList();
        foreach (var one in added.Where(one => anchor is not null && one.Batches == anchor.Batches
            && (one.Root != anchor.Root || one.Position != anchor.Position || one.Link != anchor.Link)))
            _findings.Add(
                FindingKind.CheckpointDiffers, one.Position, "root",
                "The archive's proofs lead to another log than the checkpoint from outside stands for.");
        return added;
    }

    private static string? NotProved(Manifest manifest) => manifest.Scope.Kind switch
    {
        "stream" => "Not proved by this archive alone: whether there were later ones in this stream up to position "
            + $"{manifest.Anchor}. The operator signs that there were none; an archive of everything proves it.",
        "day" => "Not proved by this archive alone: whether these are all events of the day. The operator signs that "
            + "they are; an archive of everything, or of a range that is longer at both ends, shows it.",
        _ => null,
    };

    private void NoteLeft(List<Checkpoint> left)
    {
        const int NamedMax = 5;
        if (left is [])
            return;
        var named = string.Join(", ", left.Select(one => one.Position).Take(NamedMax));
        var more = left.Count > NamedMax ? " …" : "";
        _notes.Add(
            $"{left.Count} checkpoints from outside could not be compared, of positions {named}{more}: the events "
            + "there are not in here. Export with --all.");
    }

    private void CheckEvents(EvidenceZip zip, Manifest manifest, ArchiveRun run)
    {
        var (left, rest) = Math.DivRem(Listed(zip, manifest, ArchiveNames.Batches), ArchiveNames.BatchBytes);
        if (rest != 0)
            _findings.Add(FindingKind.FileDiffers, null, ArchiveNames.Batches, "The batches end in the middle of one.");
        if (!zip.Has(ArchiveNames.Events))
            return;
        using var batches = new BufferedStream(zip.Open(ArchiveNames.Batches) ?? Stream.Null);
        Listed(zip, manifest, ArchiveNames.Events, file =>
        {
            try
            {
                run.Read(new(file), () => left-- > 0 ? ReadBatch(batches) : null);
                return true;
            }
            catch (InvalidDataException e)
            {
                _findings.Add(FindingKind.ArchiveBroken, run.Chain.Next, ArchiveNames.Events, e.Message);
                return false;
            }
        });
    }

    private static EventBatch? ReadBatch(Stream file)
    {
        var bytes = new byte[ArchiveNames.BatchBytes];
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length ? null : new(
            BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8)),
            bytes[16..]);
    }

    /// <summary>Reads a file, no further than it should go, and compares it with what the list of contents says of
    /// it.</summary>
    /// <param name="read">Says with false that nothing more can be read.</param>
    /// <returns>How long it is; 0 when it is missing.</returns>
    private long Listed(EvidenceZip zip, Manifest manifest, string name, Func<Stream, bool>? read = null)
    {
        using var content = zip.Open(name);
        if (content is null)
            return 0;
        _read.Add(name);
        var listed = manifest.Files.FirstOrDefault(file => file.Name == name);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new HashedStream(content, sha256);
        if (read?.Invoke(file) == false)
            return file.Length;
        var buffer = new byte[1 << 16];
        while (file.Length <= (listed?.Bytes ?? 0) && file.Read(buffer) > 0)
            continue;
        if (listed is null || listed.Bytes != file.Length
            || listed.Sha256 != Convert.ToHexStringLower(sha256.GetHashAndReset()))
            _findings.Add(
                FindingKind.FileDiffers, null, name,
                $"{name} is not the file that {ArchiveNames.Manifest} tells of.");
        return file.Length;
    }

    // Of the two files that no list tells the length of.
    private byte[] Bytes(EvidenceZip zip, string name)
    {
        const int BytesMax = 1 << 20;
        using var file = zip.Open(name);
        if (file is null)
            return [];
        _read.Add(name);
        var bytes = new byte[BytesMax + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= BytesMax
            ? bytes[..length]
            : throw new InvalidDataException($"{name} is larger than it can be.");
    }
}
