using CacheBackup.Fixtures;
using CacheBackup.Local.Client;
using CacheBackup.Local.Demo;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>One run of the tool in the test process: what it wrote and what it ended with.</summary>
internal sealed record ToolRun(int Status, string Output, string Error)
{
    public static async Task<ToolRun> RunAsync(params string[] arguments) => await RunAsync(arguments, password: null);

    public static async Task<ToolRun> RunAsync(string[] arguments, string? password, CancellationToken cancellationToken = default)
    {
        List<ServeRequest> served = [];
        List<DemoRequest> shown = [];
        return await RunAsync(arguments, password, served, shown, cancellationToken);
    }

    /// <summary>A run against a service that answers what the script says, on a clock that does not wait.</summary>
    public static async Task<ToolRun> RunAsync(ScriptedService service, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        ToolContext context = new()
        {
            Console = new ToolConsole { Output = output, Error = error, Time = HurriedTime.Instance },
            ReadVariable = service.Variables.GetValueOrDefault,
            NewHandler = () => service,
            ServeAsync = (_, _, _) => Task.FromResult(ExitStatus.Failure),
            DemoAsync = (_, _, _) => Task.FromResult(ExitStatus.Failure),
        };
        int status = await Tool.RunAsync(arguments, context, CancellationToken.None);
        return new ToolRun(status, output.ToString(), error.ToString());
    }

    public static async Task<ToolRun> RunAsync(
        string[] arguments, string? password, List<ServeRequest> served, List<DemoRequest> shown, CancellationToken cancellationToken)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        ToolContext context = new()
        {
            Console = new ToolConsole { Output = output, Error = error },
            ReadVariable = name => name == "CACHE_BACKUP_PASSWORD" ? password : Environment.GetEnvironmentVariable(name),
            ServeAsync = (request, _, _) =>
            {
                served.Add(request);
                return Task.FromResult(0);
            },
            DemoAsync = (request, _, _) =>
            {
                shown.Add(request);
                return Task.FromResult(0);
            },
        };
        int status = await Tool.RunAsync(arguments, context, cancellationToken);
        return new ToolRun(status, output.ToString(), error.ToString());
    }
}
