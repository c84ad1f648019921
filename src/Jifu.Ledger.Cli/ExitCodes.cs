namespace Jifu.Ledger.Cli;

/// <summary>What a command's exit code tells scripts.</summary>
internal static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>The command worked, and what it looked at is not right.</summary>
    public const int Wrong = 1;

    /// <summary>The command line cannot be understood, or names what is not there.</summary>
    public const int Usage = 2;

    /// <summary>The server or the database does not answer.</summary>
    public const int Unreachable = 3;

    public const int Interrupted = 130;
}

/// <summary>A command cannot be carried out; the message is for whoever gave it.</summary>
internal sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
