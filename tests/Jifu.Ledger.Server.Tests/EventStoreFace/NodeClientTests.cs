namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class NodeClientTests : IAsyncLifetime
{
    private readonly FaceUnderTest _face = new();

    public Task InitializeAsync() => _face.InitializeAsync();

    public Task DisposeAsync() => _face.DisposeAsync();

    [Fact]
    public async Task EventStoreDBs_own_client_appends_reads_and_follows() =>
        (await Story("@eventstore/db-client")).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public async Task KurrentDBs_own_client_appends_reads_and_follows() =>
        (await Story("@kurrent/kurrentdb-client")).ShouldMatchApproved(o => o.NoDiff());

    private async Task<string> Story(string library) => await NodeClients.Run(
        "story.js", library, _face.Secure(await _face.Key("event_writer")), _face.Secure(await _face.Key("auditor")),
        _face.Secure(null));
}
