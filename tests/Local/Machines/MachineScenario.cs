using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>One thing that a machine promises, checked against any definition that claims to be that machine.</summary>
internal sealed record MachineScenario(string Name, Action<StateMachineDefinition> Check)
{
    public override string ToString() => Name;
}
