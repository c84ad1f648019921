using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Writes an archive that proves by itself what it holds: <c>docs/reference/evidence.md</c>.</summary>
/// <remarks>Everything goes straight to the stream, which need not be able to seek; nothing grows with the number of
/// events. What was not finished has no list of contents, and is no archive.</remarks>
public sealed class ArchiveWriter : IAsyncDisposable
{
    private readonly AsyncSink _sink;
    private readonly ZipArchive _zip;
    private readonly DateTimeOffset _at;
    private readonly List<ArchiveFile> _files = [];

    private ArchiveWriter(AsyncSink sink, ZipArchive zip, DateTimeOffset at) => (_sink, _zip, _at) = (sink, zip, at);

    /// <param name="at">When the export was begun; the time of each file.</param>
    public static async Task<ArchiveWriter> Begin(Stream stream, DateTimeOffset at, CancellationToken cancellation)
    {
        var sink = new AsyncSink(stream);
        var zip = await ZipArchive.CreateAsync(sink, ZipArchiveMode.Create, leaveOpen: true, null, cancellation);
        var writer = new ArchiveWriter(sink, zip, at);
        await writer.Add(ArchiveNames.ReadMe, Encoding.UTF8.GetBytes(ArchiveReadMe.Text), cancellation);
        return writer;
    }

    /// <summary>Writes the events.</summary>
    public async Task<ArchiveEvents> Events(Func<ArchiveEvents, Task> write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArchiveEvents events = null!;
        await Add(ArchiveNames.Events, async (file, end) =>
        {
            events = new(file);
            await write(events);
            await events.Flush(end);
        }, cancellation);
        return events;
    }

    /// <summary>Writes the batches that lie within the archive's runs, in their order.</summary>
    public Task Batches(IAsyncEnumerable<EventBatch> batches, CancellationToken cancellation) =>
        Add(ArchiveNames.Batches, async (file, end) =>
        {
            var bytes = new byte[ArchiveNames.BatchBytes];
            await foreach (var batch in batches.WithCancellation(end))
            {
                BinaryPrimitives.WriteInt64BigEndian(bytes, batch.First);
                BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), batch.Last);
                batch.Root.CopyTo(bytes, 16);
                await file.WriteAsync(bytes, end);
            }
        }, cancellation);

    /// <summary>Writes the checkpoints, oldest first, and the public keys that they are signed with.</summary>
    public async Task Checkpoints(
        IReadOnlyList<SignedCheckpoint> checkpoints, IReadOnlyList<EvidenceKey> keys, CancellationToken cancellation)
    {
        await Add(
            ArchiveNames.Checkpoints, Encoding.UTF8.GetBytes(string.Join('\n', checkpoints)), cancellation);
        await Add(
            ArchiveNames.Keys, Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => key.Pem))), cancellation);
    }

    /// <summary>Writes the list of contents, signed; the archive is whole with it.</summary>
    public async Task End(
        Guid log, ArchiveScope scope, ArchiveEvents events, Checkpoint anchor, SigningKey key,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(key);
        var manifest = new Manifest(
            Manifest.KnownFormat, log, scope, events.Count, events.First, events.Last, anchor.Position, _at, _files)
            .ToJson();
        await Add(ArchiveNames.Manifest, manifest, cancellation);
        var signature = Encoding.UTF8.GetBytes(
            $"key: {key.Public.Id}\nalgorithm: {key.Public.Algorithm}\n"
            + $"signature: {Convert.ToBase64String(key.Sign(manifest))}\n");
        await Add(ArchiveNames.Signature, signature, cancellation);
    }

    /// <summary>Ends the zip. What was begun and not brought to its <see cref="End"/> is no archive.</summary>
    public async ValueTask DisposeAsync()
    {
        await _zip.DisposeAsync();
        await _sink.PassOn(CancellationToken.None);
        await _sink.DisposeAsync();
    }

    private Task Add(string name, byte[] content, CancellationToken cancellation) =>
        Add(name, (file, end) => file.WriteAsync(content, end).AsTask(), cancellation);

    private async Task Add(
        string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = _at;
        await using var file = await entry.OpenAsync(cancellation);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var measured = new HashedStream(file, sha256);
        await write(measured, cancellation);
        _files.Add(new(name, measured.Length, Convert.ToHexStringLower(sha256.GetHashAndReset())));
    }
}
