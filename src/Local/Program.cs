using CacheBackup.Local.Commands;
using CacheBackup.Local.Demo;
using CacheBackup.Local.Terminal;

using Interruption interruption = new();
ToolContext context = new()
{
    Console = ToolConsole.OfProcess(),
    ReadVariable = Environment.GetEnvironmentVariable,
    ServeAsync = ServeRun.RunAsync,
    DemoAsync = (request, tool, token) => new DemoRun(request, tool).RunAsync(token),
};
int status = await Tool.RunAsync(args, context, interruption.Token);
return status == ExitStatus.Interrupted ? interruption.Status : status;
