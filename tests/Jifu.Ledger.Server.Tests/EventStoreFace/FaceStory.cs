using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>One face for tests that each have streams of their own.</summary>
public abstract class FaceStory : IAsyncLifetime
{
    protected static readonly IdSource Ids = IdSource.TimeOrdered(TimeProvider.System);

    protected FaceUnderTest Face { get; } = new();

    internal FaceCaller Writer { get; private set; } = null!;

    internal FaceCaller Auditor { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Face.InitializeAsync();
        (Writer, Auditor) = (await As("event_writer"), await As("auditor"));
    }

    public async Task DisposeAsync()
    {
        Writer.Dispose();
        Auditor.Dispose();
        await Face.DisposeAsync();
    }

    internal async Task<FaceCaller> As(string? role) =>
        new(Face.Address("http"), role is null ? null : await Face.Key(role));
}
