namespace Jifu.Ledger.Server.Evidence;

/// <summary>How the log is proved.</summary>
/// <param name="Folder">Where checkpoints are written, outside the database.</param>
/// <param name="EveryMinutes">How often one is taken, when something was written since.</param>
/// <param name="Sm2">True to make signing keys for SM2, false for RSA.</param>
internal sealed record EvidenceSettings(string Folder, int EveryMinutes, bool Sm2)
{
    private const int MinutesDefault = 5;

    /// <param name="home">The home folder; checkpoints go into it unless another place is named.</param>
    /// <exception cref="InvalidOperationException">A setting does not do.</exception>
    public static EvidenceSettings Read(IConfiguration configuration, string home)
    {
        var folder = configuration["Evidence:Folder"] is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(home, "checkpoints");
        var minutes = configuration.GetValue("Evidence:EveryMinutes", MinutesDefault);
        if (minutes is < 1 or > 59)
            throw new InvalidOperationException($"Evidence:EveryMinutes is {minutes}: it must be 1 to 59.");
        return configuration.GetValue("Evidence:Key", "rsa") switch
        {
            "rsa" => new(folder, minutes, false),
            "sm2" => new(folder, minutes, true),
            var other => throw new InvalidOperationException($"Evidence:Key is '{other}': it must be rsa or sm2."),
        };
    }
}
