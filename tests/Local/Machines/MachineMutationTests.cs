using CacheBackup.Local.StateMachines;
using Xunit.Sdk;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>Nothing in a machine's Retry, Catch and time-outs can be taken away without a promise being broken that a test checks.</summary>
public sealed class MachineMutationTests
{
    public static TheoryData<string> Machines => [.. MachineContract.All.Select(contract => contract.Machine).Distinct()];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Machine_without_one_of_its_guards_breaks_a_promise(string machine)
    {
        MachineScenario[] scenarios = [.. MachineContract.All.Where(each => each.Machine == machine).SelectMany(MachineScenarios.Of)];
        MachineMutant[] mutants = [.. MachineMutant.Of(MachineFile.Read(machine))];
        Assert.True(mutants.Length > 12, $"only {mutants.Length} mutants");

        string[] survivors = [.. mutants.Where(mutant => Survives(machine, mutant, scenarios)).Select(mutant => mutant.Missing)];
        Assert.True(survivors.Length == 0, $"{survivors.Length} of {mutants.Length} go unnoticed:\n{string.Join('\n', survivors)}");
    }

    private static bool Survives(string machine, MachineMutant mutant, MachineScenario[] scenarios)
    {
        StateMachineDefinition definition;
        try
        {
            definition = StateMachineDefinition.Parse(machine, mutant.Json);
        }
        catch (UnsupportedDefinitionException)
        {
            return false;
        }

        return !scenarios.OrderByDescending(scenario => Likelihood(mutant, scenario)).Any(scenario => Breaks(scenario, definition));
    }

    /// <summary>The scenario that will notice comes first, where its name tells: a mutant is done with its first broken promise.</summary>
    private static int Likelihood(MachineMutant mutant, MachineScenario scenario)
    {
        string[] words = scenario.Name.Split(' ');
        bool ofFunction = mutant.Function.Length > 0 && mutant.Function.StartsWith(words[0], StringComparison.Ordinal);
        return (ofFunction ? 2 : 0) + (mutant.Errors.Contains(words[^1]) ? 1 : 0);
    }

    private static bool Breaks(MachineScenario scenario, StateMachineDefinition definition)
    {
        try
        {
            scenario.Check(definition);
            return false;
        }
        catch (XunitException)
        {
            return true;
        }
    }
}
