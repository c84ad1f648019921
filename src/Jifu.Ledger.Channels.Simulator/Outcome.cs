using Jifu.Ledger.Channels.Sandbox;

namespace Jifu.Ledger.Channels.Simulator;

/// <summary>What came of a request.</summary>
/// <param name="IsSilent">It was carried out, but the answer must not arrive.</param>
internal sealed record Outcome(SandboxResult Result, bool IsSilent = false)
{
    public static readonly Outcome NotFound = new(SandboxResult.NotFound);

    public static Outcome Refused(string code, string reason) => new(SandboxResult.Refused(code, reason));
}
