using FsCheck;
using FsCheck.Fluent;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>Facts that hold for whatever is tried. A failure tells the smallest case found and the seed: give it to
/// <c>Config.QuickThrowOnFailure.WithReplay</c> to see it again.</summary>
internal static class Holds
{
    private const int TriesMax = 400;

    public static void ForAll<T>(Gen<T> cases, Action<T> fact) => ForAll(Arb.From(cases), fact);

    public static void ForAll<T>(Arbitrary<T> cases, Action<T> fact) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(TriesMax), Prop.ForAll(cases, fact));

    /// <summary>Any long, the small ones as often as the large.</summary>
    public static Gen<long> AnyLong { get; } =
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from shift in Gen.Choose(0, 63)
        select unchecked(((long)high << 32) ^ (uint)low) >> shift;
}
