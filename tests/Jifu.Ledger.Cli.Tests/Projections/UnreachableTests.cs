using System.Diagnostics;
using Jifu.Ledger.Cli.Projections;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Cli.Tests.Projections;

/// <summary>A database that stops answering in the middle of a command ends it with a sentence.</summary>
public sealed class UnreachableTests
{
    [Fact]
    public async Task What_the_database_does_not_give_in_time_is_told_in_one_sentence_with_code_3()
    {
        await using var database = await TestDatabase.Create(LedgerDatabase.Modules);
        await using var holder = new NpgsqlConnection(database.SuperuserConnection);
        await holder.OpenAsync();
#pragma warning disable CA2100 // The database's name is the kit's own.
        await using var limit = new NpgsqlCommand(
            $"ALTER ROLE jifu_owner IN DATABASE {database.Name} SET lock_timeout = '500ms'", holder);
#pragma warning restore CA2100
        await limit.ExecuteNonQueryAsync();
        await using var hold = new NpgsqlCommand(
            "BEGIN; LOCK TABLE views.payment IN ACCESS EXCLUSIVE MODE", holder);
        await hold.ExecuteNonQueryAsync();

        var (code, said) = await Jifu(
            database.AppConnection, database.OwnerConnection, "projections", "check", "payments");
        code.ShouldBe(ExitCodes.Unreachable, said);
        said.ShouldStartWith("The database does not answer: 55P03: canceling statement due to lock timeout");
        said.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("Host=db;Port=99999", "Host=db", "ConnectionStrings__Ledger: Port=99999: a port lies between")]
    [InlineData("Host=db", "Host=db;Maximum Pool Size=0", "ConnectionStrings__LedgerOwner: Maximum Pool Size=0")]
    public async Task What_can_be_no_connection_is_told_in_one_sentence_by_its_setting(
        string app, string owner, string sentence)
    {
        var (code, said) = await Jifu(app, owner, "projections", "check", "payments");
        code.ShouldBe(ExitCodes.Unreachable, said);
        said.ShouldStartWith(sentence);
        said.TrimEnd().ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA", "esdb://node?tlsCaFile={0}", "tlsCaFile={0}: ")]
    [InlineData("nothing of the kind", "esdb://node?userCertFile={0}&userKeyFile={0}", "userCertFile={0}")]
    public async Task A_file_of_a_certificate_that_does_not_do_is_named_by_its_setting(
        string content, string store, string sentence)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, content);
        var (code, said) = await JifuWith(
            "Host=db", "Host=db", new("ConnectionStrings__EventStore", Of(store)), "projections", "check", "payments");
        File.Delete(file);
        code.ShouldBe(ExitCodes.Unreachable, said);
        said.ShouldStartWith("ConnectionStrings__EventStore: ");
        said.ShouldContain(Of(sentence));
        said.TrimEnd().ShouldNotContain("\n");

        string Of(string text) => text.Replace("{0}", file, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Errors)> Jifu(string app, string owner, params string[] words) =>
        JifuWith(app, owner, null, words);

    private static async Task<(int Code, string Errors)> JifuWith(
        string app, string owner, KeyValuePair<string, string>? more, params string[] words)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "jifu.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["ConnectionStrings__Ledger"] = app, ["ConnectionStrings__LedgerOwner"] = owner },
        };
        if (more is var (name, value))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await said;
        return (process.ExitCode, await errors);
    }
}
