using Jifu.Ledger.ReadModels.Clearing;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>What came of asking for a day's finance files.</summary>
public abstract record FinanceReport
{
    private FinanceReport() { }

    /// <summary>The zip stands whole under its name.</summary>
    /// <param name="Path">Where it stands.</param>
    /// <param name="Sha256">Of the whole zip, in lower-case hexadecimal.</param>
    /// <param name="TieOut">What the files say against what the journal says, as <c>summary.csv</c> shows it.</param>
    /// <param name="AlreadyThere">True when an earlier export had written the same bytes.</param>
    public sealed record Written(
        BusinessDay Day, string Path, string Sha256, IReadOnlyList<TieLine> TieOut, bool AlreadyThere) : FinanceReport
    {
        /// <summary>True when every line of the tie-out is level to the last minor unit.</summary>
        public bool Ties => TieOut.All(line => line.Ties);
    }

    /// <summary>The day can still change, so nothing was written.</summary>
    public sealed record DayNotClosed(BusinessDay Day, IReadOnlyList<OpenEnd> OpenEnds) : FinanceReport
    {
        public Refusal Refusal => Refusal.Of(
            FinanceRejection.DayNotClosed, $"{Day} is not closed: {string.Join("; ", OpenEnds)}.");
    }
}

/// <summary>Why no finance files were made. The API returns these names.</summary>
public enum FinanceRejection
{
    DayNotClosed,
}

/// <summary>One line of the tie-out: the same figure from two places.</summary>
/// <param name="Code">Its stable name; for a channel's figure with the channel after a colon.</param>
/// <param name="What">The same for people, in Chinese.</param>
/// <param name="Files">What the files of the zip sum to.</param>
/// <param name="Books">What the journal says; for a bill, what the channel says.</param>
public sealed record TieLine(string Code, string What, Money Files, Money Books)
{
    public Money Difference => Files - Books;
    public bool Ties => Difference.IsZero;
}

/// <summary>A day's zip was exported before with other bytes. It was not touched: what a closed day says must not
/// change, so somebody has to find out why it would.</summary>
public sealed class FinanceFileDiffersException(string path, string thereSha256, string newSha256) : Exception(
    $"{path} exists with other contents: SHA-256 {thereSha256}, exported now {newSha256}. It was left as it is.");
