using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

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
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
            return check.Run(zip, outside);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException)
        {
            return check.Broken($"The archive is damaged or cut off: {e.Message}");
        }
    }

    private EvidenceReport Run(ZipArchive zip, IReadOnlyList<SignedCheckpoint> outside)
    {
        if (zip.GetEntry(ArchiveNames.Manifest) is null)
            return Broken($"The archive has no {ArchiveNames.Manifest}: its export was not finished, or it was cut.");
        var json = Bytes(zip, ArchiveNames.Manifest);
        Manifest manifest;
        try
        {
            manifest = Manifest.Read(json);
        }
        catch (JsonException e)
        {
            return Broken($"{ArchiveNames.Manifest} cannot be read: {e.Message}");
        }

        CheckSignature(json, Text(zip, ArchiveNames.Signature));
        var checkpoints = new CheckpointCheck(manifest.Log, _keys, _findings);
        AddCheckpoints(checkpoints, Listed(zip, manifest, ArchiveNames.Checkpoints));
        var anchor = checkpoints.Newest;
        if (anchor is null || anchor.Position != manifest.Anchor)
            _findings.Add(
                FindingKind.ProofWrong, null, null,
                $"No signed checkpoint of position {manifest.Anchor}, to which the proofs should lead, is in here.");
        AddOutside(checkpoints, outside, manifest, anchor);
        var run = new ArchiveRun(manifest, anchor, checkpoints, _findings);
        ReadBatches(run, Listed(zip, manifest, ArchiveNames.Batches));
        ReadEvents(zip, manifest, run);
        foreach (var name in zip.Entries.Select(entry => entry.FullName).Where(name => !_read.Contains(name)))
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

    private void AddCheckpoints(CheckpointCheck checkpoints, byte[] text)
    {
        try
        {
            foreach (var signed in SignedCheckpoint.ParseAll(Encoding.UTF8.GetString(text)))
                checkpoints.Add(signed, "the archive");
        }
        catch (FormatException e)
        {
            _findings.Add(FindingKind.FileDiffers, null, ArchiveNames.Checkpoints, e.Message);
        }
    }

    private void AddOutside(
        CheckpointCheck checkpoints, IReadOnlyList<SignedCheckpoint> outside, Manifest manifest, Checkpoint? anchor)
    {
        foreach (var signed in outside)
        {
            var (one, isWhole) = (signed.Checkpoint, manifest.Scope.Kind == "all");
            if (!checkpoints.Add(signed, "outside"))
                continue;
            if (anchor is not null && one.Batches == anchor.Batches
                && (one.Root != anchor.Root || one.Position != anchor.Position || one.Link != anchor.Link))
                _findings.Add(
                    FindingKind.CheckpointDiffers, one.Position, "root",
                    "The archive's proofs lead to another log than the checkpoint from outside stands for.");
            else if (!isWhole && one.Position > manifest.LastPosition && one.Batches != anchor?.Batches)
                _notes.Add(
                    $"The checkpoint of position {one.Position} from outside is of a part of the log that is not in "
                    + "here, so it could not be compared: export with --all.");
        }
    }

    private void ReadBatches(ArchiveRun run, byte[] bytes)
    {
        if (bytes.Length % ArchiveNames.BatchBytes != 0)
            _findings.Add(FindingKind.FileDiffers, null, ArchiveNames.Batches, "The batches end in the middle of one.");
        for (var at = 0; at + ArchiveNames.BatchBytes <= bytes.Length; at += ArchiveNames.BatchBytes)
            run.Batches.Expect(new(
                BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at)),
                BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at + 8)),
                bytes.AsSpan(at + 16, EventLink.Size).ToArray()));
    }

    private void ReadEvents(ZipArchive zip, Manifest manifest, ArchiveRun run)
    {
        if (zip.GetEntry(ArchiveNames.Events) is not { } entry)
            return;
        _read.Add(ArchiveNames.Events);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new HashedStream(entry.Open(), sha256);
        try
        {
            run.Read(new(file));
        }
        catch (InvalidDataException e)
        {
            _findings.Add(FindingKind.ArchiveBroken, run.Chain.Next, ArchiveNames.Events, e.Message);
            return;
        }

        Compare(manifest, ArchiveNames.Events, file.Length, sha256.GetHashAndReset());
    }

    /// <summary>A file's bytes, compared with what the list of contents says of them.</summary>
    private byte[] Listed(ZipArchive zip, Manifest manifest, string name)
    {
        var bytes = zip.GetEntry(name) is null ? [] : Bytes(zip, name);
        if (_read.Contains(name))
            Compare(manifest, name, bytes.Length, SHA256.HashData(bytes));
        return bytes;
    }

    private void Compare(Manifest manifest, string name, long length, byte[] sha256)
    {
        var listed = manifest.Files.FirstOrDefault(file => file.Name == name);
        if (listed is null || listed.Bytes != length || listed.Sha256 != Convert.ToHexStringLower(sha256))
            _findings.Add(
                FindingKind.FileDiffers, null, name,
                $"{name} is not the file that {ArchiveNames.Manifest} tells of.");
    }

    private string Text(ZipArchive zip, string name) =>
        zip.GetEntry(name) is null ? "" : Encoding.UTF8.GetString(Bytes(zip, name));

    // Everything but the events fits into memory; what says that it does not is not of our making.
    private byte[] Bytes(ZipArchive zip, string name)
    {
        const int BytesMax = 1 << 30;
        _read.Add(name);
        using var file = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > BytesMax)
                throw new InvalidDataException($"{name} is larger than it can be.");
        }

        return bytes.ToArray();
    }
}
