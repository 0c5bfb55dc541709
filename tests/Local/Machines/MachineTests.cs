using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.Machines;

public sealed class MachineTests
{
    public static TheoryData<string, string, string> Promises
    {
        get
        {
            TheoryData<string, string, string> rows = [];
            foreach (MachineContract contract in MachineContract.All)
            {
                foreach (MachineScenario scenario in MachineScenarios.Of(contract))
                {
                    rows.Add(contract.Machine, contract.Variant, scenario.Name);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public void Machine_keeps_its_promise(string machine, string variant, string promise)
    {
        MachineContract contract = MachineContract.All.Single(each => each.Machine == machine && each.Variant == variant);
        MachineScenario scenario = MachineScenarios.Of(contract).First(each => each.Name == promise);
        scenario.Check(StateMachineDefinition.Parse(machine, MachineFile.Read(machine)));
    }

    [Fact]
    public void Every_machine_has_a_contract_and_every_contract_a_machine()
    {
        string[] files = [.. Local.Host.MachineFiles.ReadAll().Select(machine => machine.Name).Order()];
        Assert.Equal(files, MachineContract.All.Select(contract => contract.Machine).Distinct().Order());
    }

    [Fact]
    public void One_failed_shard_of_many_abandons_the_backup_once()
    {
        StateMachines.Support.MachineRun run = new();
        run.Functions.On("BeginBackup", """{"shards":[1,2,3],"concurrency":2,"method":"stream"}""").On("AbandonBackup", "null")
            .On("Snapshot", call => call.Payload.GetProperty("shard").GetInt32() == 2
                ? throw StateMachines.Support.ScriptedInvoker.Error("RdbFormatException")
                : """{"shard":1,"done":true}""");
        run.Run(StateMachineDefinition.Parse("backup", MachineFile.Read("backup")), MachineContract.All[0].Input).Fails("RdbFormatException");
        Assert.Single(run.Functions.Called, "AbandonBackup");
        Assert.DoesNotContain("CompleteBackup", run.Functions.Called);
    }
}
