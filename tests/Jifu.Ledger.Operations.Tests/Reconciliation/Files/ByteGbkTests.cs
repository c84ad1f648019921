using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

public class ByteGbkTests
{
    [Fact]
    public void Whatever_seems_a_character_of_two_bytes_is_one_in_GB_18030()
    {
        var encoding = SeparatedText.Strict(isUtf8: false);
        for (var pair = 0x8000; pair <= 0xFFFF; pair++)
        {
            byte[] bytes = [(byte)(pair >> 8), (byte)(pair & 0xFF)];
            if (ByteGbk.IsValid(bytes))
                encoding.GetChars(bytes).Length.ShouldBe(1);
        }
    }
}
