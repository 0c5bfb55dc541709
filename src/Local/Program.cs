using CacheBackup.Local.Commands;
using CacheBackup.Local.Terminal;

using Interruption interruption = new();
ToolContext context = new()
{
    Console = ToolConsole.OfProcess(),
    ReadVariable = Environment.GetEnvironmentVariable,
    ServeAsync = (_, _, _) => throw new NotSupportedException(),
    DemoAsync = (_, _, _) => throw new NotSupportedException(),
};
int status = await Tool.RunAsync(args, context, interruption.Token);
return status == ExitStatus.Interrupted ? interruption.Status : status;
