using System.Diagnostics;

namespace Jifu.Ledger.Server.Tests.Composition;

[Collection("server")]
public class WrongSettingsTests(ServerUnderTest server)
{
    [Theory]
    [InlineData("ConnectionStrings:Ledger=Hots=db;Password=secret", "ConnectionStrings__Ledger: ", "hots")]
    [InlineData("ConnectionStrings:LedgerOwner=Host=db;Port=no", "ConnectionStrings__LedgerOwner: ", "port")]
    [InlineData(
        "ConnectionStrings:LedgerOwner=Host=nowhere.invalid;Username=jifu_owner",
        "ConnectionStrings__LedgerOwner: ", "nowhere.invalid")]
    [InlineData("urls=nonsense", "ASPNETCORE_URLS: ", "nonsense")]
    [InlineData("urls=http://127.0.0.1:99999", "ASPNETCORE_URLS: ", "99999")]
    [InlineData("urls=http://192.0.2.1:5080", "ASPNETCORE_URLS: ", "http://192.0.2.1:5080")]
    [InlineData(
        "Jifu:EventStoreFace:Urls=http://127.0.0.1:99999", "Jifu__EventStoreFace__Urls: ", "http://127.0.0.1:99999")]
    [InlineData(
        "Jifu:EventStoreFace:Urls=https://192.0.2.1:2114", "Jifu__EventStoreFace__Urls: ", "https://192.0.2.1:2114")]
    [InlineData(
        "Jifu:EventStoreFace:Certificate=/tmp", "Jifu__EventStoreFace__Certificate: ", "/tmp")]
    [InlineData(
        "Jifu:EventStoreFace:Certificate=/nowhere.pem", "Jifu__EventStoreFace__Certificate: ", "/nowhere.pem")]
    [InlineData("Jifu:Home=/sys/jifu", "Jifu__Home: ", "/sys/jifu")]
    public async Task A_setting_that_does_not_do_is_named_in_one_sentence(string setting, string name, string value)
    {
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        File.Copy(Path.Combine(server.Home, "master.key"), Path.Combine(home, "master.key"));
        var program = Path.Combine(AppContext.BaseDirectory, "Jifu.Ledger.Server.dll");
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                program, .. server.Arguments(home), "--Jifu:EventStoreFace:Urls=https://127.0.0.1:0", $"--{setting}",
            ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var told = process.StandardError.ReadToEndAsync();
        if (await Task.WhenAny(told, Task.Delay(TimeSpan.FromSeconds(40))) != told)
            process.Kill();
        await process.WaitForExitAsync();
        Directory.Delete(home, recursive: true);
        var sentence = await told;
        sentence.ShouldStartWith($"Jifu Ledger cannot run: {name}");
        sentence.TrimEnd().ShouldNotContain("\n");
        sentence.ShouldContain(value);
        sentence.ShouldNotContain("secret");
        process.ExitCode.ShouldBe(1);
    }
}
