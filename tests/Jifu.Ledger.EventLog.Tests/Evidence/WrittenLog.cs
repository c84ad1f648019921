using System.Buffers;
using System.Globalization;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>A chained log in memory, as the database would hold it, and archives of it.</summary>
internal sealed class WrittenLog
{
    public static readonly SigningKey Key = SigningKey.NewRsa();
    public static readonly DateTimeOffset At = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);
    public static readonly Guid LogId = new("6f6cbe5c-1b3b-4b6e-9f0e-8f3f3f3c0d11");

    private readonly EventLink _link = new();

    /// <param name="count">How many events, in batches of one to seven, over five streams.</param>
    /// <param name="alter">Changes events before they are chained.</param>
    public WrittenLog(int count, Func<StoredEvent, StoredEvent>? alter = null)
    {
        var tree = new MerkleTree();
        for (var position = 0; position < count; position++)
        {
            var stored = alter?.Invoke(Event(position)) ?? Event(position);
            stored.Extend(_link);
            Events.Add(stored with { Link = _link.Current.ToArray() });
            tree.Add(_link.Current);
            if (tree.Count > Batches.Count % 7 || position == count - 1)
                EndBatch(tree, position);
        }
    }

    public List<StoredEvent> Events { get; } = [];

    public List<EventBatch> Batches { get; } = [];

    /// <summary>What the tree over all batches goes on from.</summary>
    public byte[] Peaks
    {
        get
        {
            var tree = new MerkleTree();
            foreach (var batch in Batches)
                tree.Add(batch.Root);
            return tree.Peaks.ToArray();
        }
    }

    public SignedCheckpoint Checkpoint(int batches, SigningKey? key = null)
    {
        var last = Batches[batches - 1].Last;
        return (key ?? Key).Sign(new Checkpoint(
            LogId, last, Convert.ToHexStringLower(Events[(int)last].Link), batches,
            Convert.ToHexStringLower(RootOf(Batches.Take(batches).Select(batch => batch.Root))), At, "manual"));
    }

    public Task<byte[]> All(params SignedCheckpoint[] checkpoints) =>
        Archive(new("all"), Events, Batches, checkpoints is [] ? [Checkpoint(Batches.Count)] : checkpoints);

    public Task<byte[]> Range(int first, int last) => Archive(
        new("range"), Events[first..(last + 1)],
        [.. Batches.Where(batch => batch.First >= first && batch.Last <= last)], [Checkpoint(Batches.Count)]);

    public Task<byte[]> Stream(string stream) => Archive(
        new("stream", stream), [.. Events.Where(one => one.Stream == stream)], [], [Checkpoint(Batches.Count)]);

    public async Task<byte[]> Archive(
        ArchiveScope scope, IReadOnlyList<StoredEvent> events, IReadOnlyList<EventBatch> batches,
        IReadOnlyList<SignedCheckpoint> checkpoints, SigningKey? key = null)
    {
        using var bytes = new AsynchronousStream();
        await using (var writer = await ArchiveWriter.Begin(bytes, At, default))
        {
            var written = await writer.Events(file => Write(file, events), default);
            await writer.Batches(batches.ToAsyncEnumerable(), default);
            await writer.Checkpoints(checkpoints, [Key.Public], default);
            await writer.End(LogId, scope, written, checkpoints[^1].Checkpoint, key ?? Key, default);
        }

        return bytes.ToArray();
    }

    private async Task Write(ArchiveEvents file, IReadOnlyList<StoredEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var (one, isFirst) = (events[i], i == 0 || events[i].Position != events[i - 1].Position + 1);
            var before = one.Position == 0 ? new byte[EventLink.Size] : Events[(int)one.Position - 1].Link;
            if (isFirst)
                file.Begin(one.Position, before);
            _link.Reset(before);
            one.Extend(_link);
            await file.Add(one.Position, one.Link, _link.Fields, default);
            if (i == events.Count - 1 || events[i + 1].Position != one.Position + 1)
                file.End(Proof(one.Position));
        }
    }

    private EventProof Proof(long position)
    {
        var number = Batches.FindIndex(batch => batch.Last >= position);
        var batch = Batches[number];
        var path = new ArrayBufferWriter<byte>();
        MerklePath.Write(position - batch.First, batch.Last - batch.First + 1, (start, end, root) => RootOf(
            Events[(int)(batch.First + start)..(int)(batch.First + end)].Select(one => one.Link)).CopyTo(root), path);
        MerklePath.Write(number, Batches.Count, (start, end, root) => RootOf(
            Batches[(int)start..(int)end].Select(one => one.Root)).CopyTo(root), path);
        return new(position - batch.First, batch.Last - batch.First + 1, number, path.WrittenMemory);
    }

    private static byte[] RootOf(IEnumerable<byte[]> leaves)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves)
            tree.Add(leaf);
        var root = new byte[EventLink.Size];
        tree.Root(root);
        return root;
    }

    private void EndBatch(MerkleTree tree, int position)
    {
        var root = new byte[EventLink.Size];
        tree.Root(root);
        Batches.Add(new(position - tree.Count + 1, position, root));
        tree.Clear();
    }

    private static StoredEvent Event(int position)
    {
        var text = position.ToString(CultureInfo.InvariantCulture);
        return new(
            position, $"payment-p{position % 5}", position / 5, new(position, 0, 0, new byte[8]), "payment.succeeded",
            At.AddMicroseconds(position), "key:k1", $"trace-{text}", position % 3 == 0 ? null : $"cause-{text}",
            Encoding.UTF8.GetBytes($$"""{"amount":{{text}},"subject":"一杯咖啡"}"""), []);
    }

    /// <summary>Takes no synchronous writes, as a web server's answer does not.</summary>
    private sealed class AsynchronousStream : MemoryStream
    {
        private bool _isAllowed;

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isAllowed = true;
            base.Write(buffer.ToArray(), 0, buffer.Length);
            _isAllowed = false;
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            _isAllowed.ShouldBeTrue("A synchronous write.");
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
    }
}
