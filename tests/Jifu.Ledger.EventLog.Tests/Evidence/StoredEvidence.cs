using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>A log of 1,000 events in a database of its own, with a notary, a folder of checkpoints, and a superuser who
/// has switched off what protects it.</summary>
internal sealed class StoredEvidence : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jifu-evidence-");
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _source;

    private StoredEvidence(TestDatabase database)
    {
        _database = database;
        _source = NpgsqlDataSource.Create(database.AppConnection);
        Superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(TestCluster.Shared.SuperuserConnection)
        {
            Database = database.Name, Pooling = true,
        }.ConnectionString);
        (Log, Book, Folder) = (new(_source), new(_source), new(_folder.FullName));
        Notary = new(
            Log, Book, Folder, () => Key, () => [Key.Public, WrittenLog.Key.Public], "checkpoint-keys",
            TimeProvider.System, NullLogger<Notary>.Instance);
        Export = new(Log, Book, Notary, () => WrittenLog.Key, TimeProvider.System);
    }

    /// <summary>What is signed with from now on; the log's own is known, too.</summary>
    public SigningKey Key { get; set; } = WrittenLog.Key;

    public NpgsqlDataSource Superuser { get; }
    public StoredLog Log { get; }
    public CheckpointBook Book { get; }
    public CheckpointFolder Folder { get; }
    public Notary Notary { get; }
    public ArchiveExport Export { get; }

    public static async Task<StoredEvidence> Create(WrittenLog? written = null)
    {
        var stored = new StoredEvidence(await TestDatabase.Create());
        if (written is not null)
            await stored.Write(written, 0, written.Events.Count - 1);
        return stored;
    }

    /// <summary>Writes the batches that lie between two positions, as the writer would.</summary>
    public async Task Write(WrittenLog written, long first, long last)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using (var rows = await connection.BeginBinaryImportAsync("""
            COPY log.events (position, stream, version, event_id, type, recorded_at, actor, correlation_id,
                causation_id, payload, link) FROM STDIN (FORMAT binary)
            """))
        {
            foreach (var one in written.Events.Where(one => one.Position >= first && one.Position <= last))
                await rows.WriteRowAsync(
                    default, one.Position, one.Stream, one.Version, one.EventId, one.Type, one.RecordedAt, one.Actor,
                    one.CorrelationId, one.CausationId, one.Payload.ToArray(), one.Link);
            await rows.CompleteAsync();
        }

        await using var batches = await connection.BeginBinaryImportAsync(
            "COPY log.batches (first_position, last_position, root) FROM STDIN (FORMAT binary)");
        foreach (var batch in written.Batches.Where(batch => batch.First >= first && batch.Last <= last))
            await batches.WriteRowAsync(default, batch.First, batch.Last, batch.Root);
        await batches.CompleteAsync();
    }

    /// <summary>Lets a superuser change anything: triggers, checks and unique keys are gone.</summary>
    public Task Unprotect() => Execute("""
        ALTER TABLE log.events DISABLE TRIGGER ALL;
        ALTER TABLE log.batches DISABLE TRIGGER ALL;
        ALTER TABLE log.checkpoints DISABLE TRIGGER ALL;
        ALTER TABLE log.identity DISABLE TRIGGER ALL;
        ALTER TABLE log.events DROP CONSTRAINT events_check, DROP CONSTRAINT events_stream_version_key;
        """);

    /// <param name="sql">Statements; or one, with <c>$1</c> and so on.</param>
    public async Task<int> Execute(string sql, params object[] parameters)
    {
        await using var command = Superuser.CreateCommand(sql);
        foreach (var value in sql.Contains('$', StringComparison.Ordinal) ? parameters : [])
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync();
    }

    public Task<EvidenceReport> Check() =>
        new LiveCheck(Log, Book, Folder, () => [Key.Public, WrittenLog.Key.Public], "checkpoint-keys").Run(default);

    public async Task<byte[]> Archive(ExportRequest request)
    {
        using var bytes = new MemoryStream();
        await Export.Write((await Export.Plan(request, default))!, bytes, default);
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Notary.Dispose();
        await Superuser.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }
}
