using System.CommandLine;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

/// <summary><c>cache-backup executions</c>: the jobs of a service.</summary>
internal static class ExecutionsCommand
{
    private const string Root = "executions";

    public static Command Create(ToolContext context) => ServiceCommand.Group(
        Root,
        "Jobs of a service: what runs, how far it has come, and its end.",
        [List(context), One(context, "show", "Shows an execution.", "GET"), One(context, "cancel", "Stops a running execution.", "POST", "cancel"), Wait(context)],
        "cache-backup executions list",
        "cache-backup executions cancel local:123456789012:backup:nightly-178942");

    private static ToolCommand List(ToolContext context)
    {
        Option<string?> machine = new("--machine") { Description = "Only of this machine, such as backup or restore.", HelpName = "machine" };
        return ServiceCommand.Create(
            context,
            "list",
            "Lists the executions that run now, the last started first.",
            [machine],
            async (session, parsed, cancellationToken) => session.Show(
                await session.Api.SendAsync(new ServiceCall("GET", Root) { Query = [("machine", parsed.GetValue(machine))] }, cancellationToken),
                ServiceTables.Executions));
    }

    private static ToolCommand One(ToolContext context, string name, string description, string method, params string[] below)
    {
        Argument<string> id = Id();
        return ServiceCommand.Create(
            context,
            name,
            description,
            [id],
            async (session, parsed, cancellationToken) =>
                session.Show(await session.Api.SendAsync(new ServiceCall(method, [Root, parsed.GetRequiredValue(id), .. below]), cancellationToken)));
    }

    private static ToolCommand Wait(ToolContext context)
    {
        Argument<string> id = Id();
        return ServiceCommand.Create(
            context,
            "wait",
            "Waits until an execution is over, and shows how far it has come. Exit status 1 if it does not succeed.",
            [id],
            async (session, parsed, cancellationToken) =>
                session.Show(await session.Watch.ExecutionAsync("Running", parsed.GetRequiredValue(id), cancellationToken)));
    }

    private static Argument<string> Id() => new("id") { Description = "The execution, as a cache's operation or a backup names it." };
}
