using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Annotations;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Functions.Tests;

public sealed class FunctionTableTests
{
    private static readonly MethodInfo[] Handlers =
    [
        .. typeof(FunctionTable).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LambdaFunctionAttribute>() is not null),
    ];

    private static readonly FunctionTable Table = new(new MemoryService(TimeProvider.System).Parts);

    public static TheoryData<string, string> Tasks => [.. MachineTask.All.Select(task => (task.Machine, task.State))];

    [Fact]
    public void Table_has_every_handler_with_its_timeout()
    {
        Assert.NotEmpty(Handlers);
        Assert.Equal(
            Handlers.Select(h => (NameOf(h), TimeSpan.FromSeconds(AttributeOf(h).Timeout))).Order(),
            Table.Entries.Select(e => (e.Key, e.Value.Timeout)).Order());
        Assert.All(Table.Entries, entry => Assert.Equal(entry.Key, entry.Value.Name));
    }

    [Fact]
    public void Machines_call_every_function_of_the_table_but_those_of_the_api_and_of_ended_executions() =>
        Assert.Equal(Table.Entries.Keys.Except(["Api", "Download", "AbandonExecution"]).Order(), MachineTask.All.Select(task => task.Function).Distinct().Order());

    [Fact]
    public void Every_machine_is_known_by_its_name() =>
        Assert.Equal(MachineTask.All.Select(task => task.Machine.Split('.')[0]).Distinct().Order(), StateMachines.All.Order());

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Payload_of_a_task_has_exactly_the_members_of_its_functions_input(string machine, string state)
    {
        MachineTask task = Find(machine, state);
        Type input = HandlerOf(task).GetParameters()[0].ParameterType;
        Assert.Equal(MembersOf(input, p => p.Set is not null || p.AssociatedParameter is not null), task.Payload.Order());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Results_that_a_task_reads_are_members_of_its_functions_output(string machine, string state)
    {
        MachineTask task = Find(machine, state);
        Type output = HandlerOf(task).ReturnType is { IsGenericType: true } result ? result.GetGenericArguments()[0] : typeof(void);
        string[] members = output == typeof(void) ? [] : [.. MembersOf(output, p => p.Get is not null)];
        Assert.All(task.Results, member => Assert.Contains(member, members));
    }

    private static MachineTask Find(string machine, string state) => MachineTask.All.Single(t => t.Machine == machine && t.State == state);

    private static MethodInfo HandlerOf(MachineTask task) => Handlers.Single(h => NameOf(h) == task.Function);

    private static string NameOf(MethodInfo handler) => AttributeOf(handler).ResourceName!;

    private static LambdaFunctionAttribute AttributeOf(MethodInfo handler) => handler.GetCustomAttribute<LambdaFunctionAttribute>()!;

    private static IEnumerable<string> MembersOf(Type type, Func<JsonPropertyInfo, bool> filter)
    {
        JsonTypeInfo info = FunctionsJson.Default.GetTypeInfo(type)
            ?? throw new InvalidOperationException($"FunctionsJson does not know {type.Name}.");
        return info.Properties.Where(filter).Select(p => p.Name).Order();
    }
}
