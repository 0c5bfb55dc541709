using CacheBackup.Core;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>The machines of the repository against the rules, our exceptions and our handlers.</summary>
public sealed class AslErrorNamesTests
{
    // DESIGN's list: a file of another name is a typing error, or a decision that belongs here.
    private static readonly string[] MachineNames =
    [
        "register", "backup", "restore", "copy", "export", "import", "delete", "remove-cache", "purge", "schedule", "verify", "verify-sweep",
        "restore-test",
    ];

    // Called by API Gateway, and by the rule on the status of executions.
    private static readonly string[] OutsideOfMachines = ["ApiFunction", "DownloadFunction", "AbandonExecutionFunction"];

    [Fact]
    public void Every_machine_keeps_the_rules()
    {
        Assert.NotEmpty(AslMachine.All);

        Violations.None(AslMachine.All.SelectMany(new AslRules(ErrorNames.Ours, HandlerFunction.All).Check));
    }

    [Fact]
    public void Every_file_is_named_for_its_machine() =>
        Violations.None(
            Repository.Files("statemachines", "*").Where(file => !MachineNames.Any(name => Path.GetFileName(file) == name + AslMachine.Extension)));

    [Fact]
    public void Every_handler_serves_a_machine()
    {
        Assert.NotEmpty(HandlerFunction.All);
        var called = AslMachine.All.SelectMany(machine => machine.States).Select(state => state.Function).OfType<string>().ToHashSet();

        Violations.None(
            HandlerFunction.All.Where(function => !called.Contains(function.Name) && !OutsideOfMachines.Contains(function.TypeName)).Select(function => function.TypeName));
    }

    [Fact]
    public void Every_handler_is_named_for_its_class_and_says_what_it_needs()
    {
        Violations.None(HandlerFunction.All.Where(function => function.TypeName != $"{function.Name}Function").Select(function => $"{function.TypeName} is named {function.Name}"));
        Violations.None(HandlerFunction.All.Where(function => function.TimeoutSeconds is < 1 or > 900).Select(function => $"{function.Name} has a Timeout of {function.TimeoutSeconds} s"));
        Violations.None(HandlerFunction.All.Where(function => function.MemoryMiB is < 128 or > 10240).Select(function => $"{function.Name} has {function.MemoryMiB} MiB"));
        Violations.None(HandlerFunction.All.GroupBy(function => function.Name).Where(group => group.Count() > 1).Select(group => $"{group.Key} is the name of {group.Count()} handlers"));
    }

    [Fact]
    public void Every_short_name_of_an_exception_is_one_type() =>
        Violations.None(
            ErrorNames.ExceptionTypes().GroupBy(type => type.Name).Where(group => group.Count() > 1).Select(group => string.Join(", ", group.Select(type => type.FullName))));

    [Fact]
    public void Transient_and_permanent_are_told_apart()
    {
        Assert.Contains("StoreUnavailableException", ErrorNames.Ours.Transient);
        Assert.Contains("RdbFormatException", ErrorNames.Ours.Permanent);
        Assert.Contains(nameof(TransientException), ErrorNames.Ours.Transient);
        Violations.None(ErrorNames.Ours.Transient.Intersect(ErrorNames.Ours.Permanent));
    }
}
