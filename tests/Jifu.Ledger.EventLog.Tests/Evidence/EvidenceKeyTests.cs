using System.Diagnostics;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>With <c>openssl</c> as the witness: it reads our keys and verifies our signatures; we verify its.</summary>
public sealed class EvidenceKeyTests : IDisposable
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("jifu checkpoint v1\nlog: 积付\n");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jifu-key-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_we_sign_openssl_verifies_and_the_other_way_round(bool isSm2)
    {
        var key = isSm2 ? SigningKey.NewSm2() : SigningKey.NewRsa();
        Write("public.pem", key.Public.Pem);
        Write("private.pem", key.Pem);
        File.WriteAllBytes(In("message"), Message);
        File.WriteAllBytes(In("signature"), key.Sign(Message));
        string[] how = isSm2
            ? ["pkeyutl", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", In("message")]
            : ["pkeyutl", "-rawin", "-digest", "sha256", "-in", In("message")];
        OpenSsl([.. how, "-verify", "-pubin", "-inkey", In("public.pem"), "-sigfile", In("signature")])
            .ShouldContain("Verified Successfully");
        OpenSsl([.. how, "-sign", "-inkey", In("private.pem"), "-out", In("theirs")]);
        key.Public.Verifies(Message, File.ReadAllBytes(In("theirs"))).ShouldBeTrue();
        key.Public.Verifies([.. Message, 1], File.ReadAllBytes(In("theirs"))).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_read_back_and_signatures_with_a_flipped_bit_do_not_verify(bool isSm2)
    {
        var made = isSm2 ? SigningKey.NewSm2() : SigningKey.NewRsa();
        var key = SigningKey.Read(made.Pem);
        key.Public.Id.ShouldBe(made.Public.Id);
        EvidenceKey.ReadAll(made.Public.Pem + key.Public.Pem).Select(one => one.Id)
            .ShouldBe([made.Public.Id, made.Public.Id]);
        var signature = key.Sign(Message);
        for (var i = 0; i < 200; i++)
        {
            var flipped = signature.ToArray();
            flipped[i * 7 % flipped.Length] ^= (byte)(1 << (i % 8));
            made.Public.Verifies(Message, flipped).ShouldBeFalse();
        }

        made.Public.Verifies(Message, []).ShouldBeFalse();
        made.Public.Verifies(Message, signature).ShouldBeTrue();
    }

    [Fact]
    public void What_is_no_key_of_the_two_kinds_is_refused()
    {
        Should.Throw<FormatException>(() => EvidenceKey.ReadAll("nothing"));
        Should.Throw<FormatException>(() => EvidenceKey.ReadAll(SigningKey.NewSm2().Pem));
        Should.Throw<FormatException>(() => SigningKey.Read(SigningKey.NewSm2().Public.Pem));
        OpenSsl(["ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", In("ec.pem")]);
        OpenSsl(["pkey", "-in", In("ec.pem"), "-pubout", "-out", In("ec-public.pem")]);
        Should.Throw<FormatException>(() => EvidenceKey.ReadAll(File.ReadAllText(In("ec-public.pem"))));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(In(name), text);

    private static string OpenSsl(IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var told = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, told);
        return told;
    }
}
