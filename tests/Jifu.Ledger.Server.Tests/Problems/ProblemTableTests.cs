using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Tests.Problems;

public class ProblemTableTests
{
    [Fact]
    public void Each_rule_that_can_refuse_has_its_line_in_the_table() =>
        new[] { typeof(Money).Assembly, typeof(OperationRejection).Assembly, typeof(BillRejection).Assembly }
            .SelectMany(room => room.GetTypes())
            .Where(type => type.IsEnum && type.Name.EndsWith("Rejection", StringComparison.Ordinal))
            .SelectMany(Enum.GetNames)
            .Where(name => name != "None")
            .Select(SnakeCase.Of)
            .Distinct()
            .Except(ProblemTable.ByCode.Keys)
            .ShouldBeEmpty();
}
