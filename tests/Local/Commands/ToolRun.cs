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
