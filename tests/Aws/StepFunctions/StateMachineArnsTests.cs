using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.Tests.StepFunctions;

public sealed class StateMachineArnsTests
{
    private const string Prefix = "arn:aws:states:eu-west-1:123456789012:stateMachine:cache-backup-";

    private readonly StateMachineArns _arns = StateMachineArns.Parse(Prefix);

    [Fact]
    public void Execution_has_the_ARN_that_Step_Functions_will_give_it()
    {
        Assert.Equal(Prefix + "backup", _arns.OfMachine("backup"));
        Assert.Equal(
            new ExecutionId("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-backup:orders-3"),
            _arns.OfExecution("backup", "orders-3"));
    }

    [Fact]
    public void ARN_is_read_back()
    {
        Assert.True(_arns.TryParse(_arns.OfExecution("verify-sweep", "sweep-1"), out string machine, out string name));
        Assert.Equal(("verify-sweep", "sweep-1"), (machine, name));
    }

    [Theory]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-test-backup:orders-3", "another stack whose name begins alike")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:other-backup:orders-3", "another stack")]
    [InlineData("arn:aws:states:eu-west-2:123456789012:execution:cache-backup-backup:orders-3", "another Region")]
    [InlineData("arn:aws:states:eu-west-1:210987654321:execution:cache-backup-backup:orders-3", "another account")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-backup:", "no name")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-backup", "no execution")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-backup:a:b", "a distributed map's")]
    [InlineData("local:host:backup:orders-3", "one machine's")]
    public void Execution_of_somebody_else_is_not_known(string id, string why) =>
        Assert.False(_arns.TryParse(new ExecutionId(id), out _, out _), why);

    [Fact]
    public void Long_name_is_cut_to_eighty_characters_always_the_same_and_never_as_another()
    {
        string longName = "automatic." + new string('c', 80) + "-1";
        string other = "automatic." + new string('c', 80) + "-2";

        string shortened = NameIn(_arns.OfExecution("backup", longName));

        Assert.Equal(80, shortened.Length);
        Assert.StartsWith("automatic.ccc", shortened, StringComparison.Ordinal);
        Assert.Equal(shortened, NameIn(_arns.OfExecution("backup", longName)));
        Assert.NotEqual(shortened, NameIn(_arns.OfExecution("backup", other)));
        Assert.Equal(new string('c', 80), NameIn(_arns.OfExecution("backup", new string('c', 80))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cache-backup-")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:execution:cache-backup-")]
    [InlineData("arn:aws:states:eu-west-1:123456789012:stateMachine:")]
    [InlineData("arn:aws:states::123456789012:stateMachine:cache-backup-")]
    public void Setting_that_is_no_beginning_of_ARNs_is_refused_by_its_name(string prefix)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => StateMachineArns.Parse(prefix));

        Assert.Contains("STATE_MACHINES", refusal.Message, StringComparison.Ordinal);
    }

    private static string NameIn(ExecutionId id) => id.Value[(id.Value.LastIndexOf(':') + 1)..];
}
