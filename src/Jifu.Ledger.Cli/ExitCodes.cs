namespace Jifu.Ledger.Cli;

/// <summary>What a command's exit code tells scripts.</summary>
internal static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>The command worked, and what it looked at is not right.</summary>
    public const int Wrong = 1;

    /// <summary>The command line cannot be understood, or names what is not there.</summary>
    public const int Usage = 2;
}
