using Npgsql;

namespace Jifu.Ledger.Channels.Simulator;

/// <summary>What the sandbox channel needs to be played.</summary>
/// <param name="Database">As the role that runs; it stays the caller's. <see cref="Sandbox.Schema"/> must be
/// there.</param>
/// <param name="Secret">Shared with the client: it signs requests and notices.</param>
/// <param name="NoticeUrl">Where notices are posted to.</param>
/// <param name="MerchantNumber">Our number with the channel (商户号), as its bills name us.</param>
public sealed record SandboxSettings(
    NpgsqlDataSource Database, string Secret, Uri NoticeUrl, string MerchantNumber);
