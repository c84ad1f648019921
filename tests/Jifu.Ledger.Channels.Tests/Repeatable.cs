using FsCheck;

namespace Jifu.Ledger.Channels.Tests;

/// <summary>Properties are tried on the same cases in each run.</summary>
internal static class Repeatable
{
    public static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261121, 11);
}
